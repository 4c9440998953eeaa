"""Repositories of what is only ever added: evidence, reports, the ledger."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import reduce
from typing import Final, cast

from sqlalchemy import ColumnElement, Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from domain.assignment import State
from domain.figures import EvidenceLine, Snapshot
from domain.ledger import MENDED, Entry, LedgerLine, chain, vouched
from domain.report_period import ReportKind, ReportPeriod
from storage.engine import insert_or_ignore
from storage.repository import Repository
from storage.tables import LedgerRow, OfficeRow
from storage.work_tables import AssignmentRow, EvidenceRow, ReportRow


@dataclass(frozen=True, slots=True)
class AcceptedFile:
    """A file that belongs to an accepted result, and where it belongs."""

    assignment: str
    measure_key: str
    step_key: str
    division: str
    period: str
    sha256: str
    name: str
    size_bytes: int


class Evidence(Repository):
    """Files and links handed in with assignments."""

    def add(self, assignment: str, lines: Sequence[EvidenceLine], *, by: str, now: datetime) -> None:
        """Note files for an assignment; the same file twice is noted once."""
        common = {"office_id": self._office_id, "assignment": assignment, "added_at": now, "added_by": by}
        rows = [common | line.model_dump() for line in lines]
        if rows:
            self._session.connection().execute(insert_or_ignore(self._session, EvidenceRow), rows)

    def of(self, assignment: str) -> list[EvidenceLine]:
        """Files of one assignment in the order of their names."""
        return [_evidence_line(row) for row in self._rows(EvidenceRow.assignment == assignment)]

    def by_place(self) -> dict[tuple[str, str], EvidenceLine]:
        """Every file of the office by assignment and SHA-256."""
        return {(row.assignment, row.sha256): _evidence_line(row) for row in self._rows()}

    def accepted(
        self, fiscal_year_be: int, divisions: Iterable[str], measures: Iterable[str], *, most: int
    ) -> list[AcceptedFile]:
        """Files of accepted results of a fiscal year in some divisions and measures, the latest deadline first."""
        rows = self._session.execute(
            select(
                AssignmentRow.id,
                AssignmentRow.measure_key,
                AssignmentRow.step_key,
                AssignmentRow.division,
                AssignmentRow.period_label,
                EvidenceRow.sha256,
                EvidenceRow.name,
                EvidenceRow.size_bytes,
            )
            .join(
                EvidenceRow,
                (EvidenceRow.office_id == AssignmentRow.office_id) & (EvidenceRow.assignment == AssignmentRow.id),
            )
            .where(AssignmentRow.office_id == self._office_id, AssignmentRow.fiscal_year_be == fiscal_year_be)
            .where(AssignmentRow.division.in_(sorted(divisions)), AssignmentRow.measure_key.in_(sorted(measures)))
            .where(EvidenceRow.url.is_(None))
            .where(AssignmentRow.state == State.ACCEPTED.value, AssignmentRow.submission.contains(EvidenceRow.sha256))
            .order_by(AssignmentRow.due_on.desc(), AssignmentRow.id, EvidenceRow.name)
            .limit(most)
        )
        return [AcceptedFile(*row) for row in rows]

    def _rows(self, *conditions: ColumnElement[bool]) -> Iterable[EvidenceRow]:
        return self._session.scalars(
            select(EvidenceRow)
            .where(EvidenceRow.office_id == self._office_id, *conditions)
            .order_by(EvidenceRow.name, EvidenceRow.sha256)
        )


def _evidence_line(row: EvidenceRow) -> EvidenceLine:
    return EvidenceLine(name=row.name, sha256=row.sha256, size_bytes=row.size_bytes, url=row.url)


@dataclass(frozen=True, slots=True)
class Report:
    """The frozen figures of a period; `file_sha256` is None until the document is rendered."""

    period: ReportPeriod
    revision: int
    snapshot: Snapshot
    content_hash: str
    is_final: bool
    frozen_at: datetime
    file_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Headline:
    """A report without its figures, for lists."""

    period: ReportPeriod
    revision: int
    content_hash: str
    is_final: bool
    frozen_at: datetime
    file_sha256: str | None


_PERIOD: Final = (ReportRow.kind, ReportRow.fiscal_year_be, ReportRow.number)
_IN_ORDER: Final = (ReportRow.fiscal_year_be, ReportRow.kind, ReportRow.number, ReportRow.revision)


def _of_period(period: ReportPeriod) -> tuple[ColumnElement[bool], ...]:
    return (
        ReportRow.kind == period.kind,
        ReportRow.fiscal_year_be == period.fiscal_year_be,
        ReportRow.number == period.number,
    )


class Reports(Repository):
    """Frozen figures and their documents."""

    def headlines(self) -> list[Headline]:
        """Every report without its figures, by year, kind, number and revision."""
        names = tuple(field.name for field in fields(Headline) if field.name != "period")
        rows = self._session.execute(
            select(*_PERIOD, *(getattr(ReportRow, name) for name in names))
            .where(ReportRow.office_id == self._office_id)
            .order_by(*_IN_ORDER)
        )
        return [Headline(ReportPeriod(ReportKind(kind), year, number), *rest) for kind, year, number, *rest in rows]

    def of_period(self, period: ReportPeriod) -> list[Report]:
        """Revisions of a period's report, oldest first."""
        return self._select(*_of_period(period))

    def all(self) -> list[Report]:
        """Every report by year, kind, number and revision."""
        return self._select()

    def unrendered(self) -> list[Report]:
        """Reports whose document is missing."""
        return self._select(ReportRow.file_sha256.is_(None))

    def _select(self, *conditions: ColumnElement[bool]) -> list[Report]:
        rows = self._session.scalars(
            select(ReportRow).where(ReportRow.office_id == self._office_id, *conditions).order_by(*_IN_ORDER)
        )
        return [_report(row) for row in rows]

    def add(self, report: Report) -> None:
        """Store frozen figures; the primary key refuses a second report of the same revision."""
        self._session.execute(
            insert(ReportRow).values(
                office_id=self._office_id,
                kind=report.period.kind,
                fiscal_year_be=report.period.fiscal_year_be,
                number=report.period.number,
                revision=report.revision,
                snapshot=report.snapshot.model_dump_json(),
                content_hash=report.content_hash,
                is_final=report.is_final,
                frozen_at=report.frozen_at,
                file_sha256=report.file_sha256,
            )
        )

    def attach(self, report: Report, file_sha256: str) -> None:
        """Name the rendered document."""
        self._session.execute(
            update(ReportRow)
            .where(ReportRow.office_id == self._office_id, *_of_period(report.period))
            .where(ReportRow.revision == report.revision)
            .values(file_sha256=file_sha256)
        )


def _report(row: ReportRow) -> Report:
    snapshot = Snapshot.model_validate_json(row.snapshot)
    return Report(
        ReportPeriod(ReportKind(row.kind), row.fiscal_year_be, row.number),
        row.revision,
        snapshot,
        row.content_hash,
        row.is_final,
        row.frozen_at,
        row.file_sha256,
    )


_OFFICES = cast("Table", OfficeRow.__table__)
_TAKE_PLACES = (
    update(_OFFICES)
    .where(_OFFICES.c.office_id == bindparam("office"))
    .values(ledger_seq=_OFFICES.c.ledger_seq + bindparam("count"))
    .returning(_OFFICES.c.ledger_seq, _OFFICES.c.ledger_hash, _OFFICES.c.vouched_at)
)
_REMEMBER_LAST = (
    update(_OFFICES)
    .where(_OFFICES.c.office_id == bindparam("office"))
    .values(ledger_hash=bindparam("last"), vouched_at=bindparam("vouched"))
)
_LINES = cast("Table", LedgerRow.__table__)
_ADD_LINES = insert(_LINES)
# Asked before every write: two rows by their keys, however long the ledger is.
_TIMES = (
    select(_LINES.c.at, _OFFICES.c.vouched_at)
    .select_from(_OFFICES)
    .outerjoin(_LINES, (_LINES.c.office_id == _OFFICES.c.office_id) & (_LINES.c.seq == _OFFICES.c.ledger_seq))
    .where(_OFFICES.c.office_id == bindparam("office"))
)
_PAGE: Final = 1000


class Ledger(Repository):
    """The office's hash-chained book."""

    def __init__(self, session: Session, office_id: str) -> None:
        """Bind to one office, with nothing pending."""
        super().__init__(session, office_id)
        self._pending: list[Entry] = []
        self.written: tuple[Entry, ...] = ()
        """What this unit of work has put into the ledger so far, in order."""
        self.newest: int = 0
        """Number of the last line that this unit of work has put into the ledger; 0 before it has written any."""

    def note(self, entry: Entry) -> None:
        """Add an entry to this unit of work; it gets its place in the chain at commit."""
        self._pending.append(entry)

    def write(self) -> None:
        """Chain and store the pending entries. Called by the unit of work, last of all."""
        if not self._pending:
            return
        # Updating the office's row makes writers of one office queue here, on every database.
        connection = self._session.connection()
        places = {"office": self._office_id, "count": len(self._pending)}
        seq, previous, vouched_at = connection.execute(_TAKE_PLACES, places).one()
        lines = self._chained(seq - len(self._pending), previous)
        connection.execute(_ADD_LINES, [_ledger_row(line) for line in lines])
        vouched_at = reduce(vouched, self._pending, vouched_at)
        self.written += tuple(self._pending)
        self.newest = seq
        connection.execute(_REMEMBER_LAST, {"office": self._office_id, "last": lines[-1].hash, "vouched": vouched_at})
        self._pending = []

    def _chained(self, seq: int, previous: str) -> Sequence[LedgerLine]:
        lines: list[LedgerLine] = []
        for number, entry in enumerate(self._pending, start=seq + 1):
            line = chain(self._office_id, number, entry, previous)
            lines.append(line)
            previous = line.hash
        return lines

    def lines(self, subject: str | None = None) -> Iterator[LedgerLine]:
        """Lines (about one subject, if named) in order, read page by page: a reader may stop anywhere."""
        conditions = [LedgerRow.office_id == self._office_id]
        conditions += [] if subject is None else [LedgerRow.subject == subject]
        page = self._page(*conditions)
        while page:
            yield from page
            page = self._page(*conditions, LedgerRow.seq > page[-1].seq) if len(page) == _PAGE else []

    def after(self, seq: int, limit: int) -> list[LedgerLine]:
        """At most `limit` lines that follow the line `seq`, in order."""
        return self._page(LedgerRow.office_id == self._office_id, LedgerRow.seq > seq, limit=limit)

    def _page(self, *conditions: ColumnElement[bool], limit: int = _PAGE) -> list[LedgerLine]:
        rows = self._session.scalars(select(LedgerRow).where(*conditions).order_by(LedgerRow.seq).limit(limit))
        return [_ledger_line(row) for row in rows]

    def moved_on_at(self) -> int:
        """Number of the last line that is not about a letter or a notice: what letters say is as old as it."""
        last = select(func.max(LedgerRow.seq)).where(LedgerRow.office_id == self._office_id)
        return (
            self._session.scalar(last.where(LedgerRow.kind.not_like("letter.%"), LedgerRow.kind.not_like("notice.%")))
            or 0
        )

    def times(self) -> tuple[datetime | None, datetime | None]:
        """Instant of the last line, and the last one that is vouched for; None for an empty ledger."""
        row = self._session.connection().execute(_TIMES, {"office": self._office_id}).one_or_none()
        return (None, None) if row is None else (row[0], row[1])

    def last_at(self) -> datetime | None:
        """Instant of the last line; None for an empty ledger."""
        return self.times()[0]

    def highest_at(self) -> datetime | None:
        """Latest instant since the ledger was last mended; reads every line since then."""
        latest = select(func.max(LedgerRow.at)).where(LedgerRow.office_id == self._office_id)
        return self._session.scalar(latest.where(LedgerRow.seq >= self._mended_seq()))

    def later_than(self, instant: datetime) -> list[LedgerLine]:
        """Lines of a later instant since the ledger was last mended, in order."""
        conditions = (
            LedgerRow.office_id == self._office_id,
            LedgerRow.seq >= self._mended_seq(),
            LedgerRow.at > instant,
        )
        rows = self._session.scalars(select(LedgerRow).where(*conditions).order_by(LedgerRow.seq))
        return [_ledger_line(row) for row in rows]

    def _mended_seq(self) -> int:
        mended = (
            LedgerRow.office_id == self._office_id,
            LedgerRow.subject == self._office_id,
            LedgerRow.kind == MENDED,
        )
        return self._session.scalar(select(func.max(LedgerRow.seq)).where(*mended)) or 0

    def timed_after(self) -> int:
        """Number of the last line that was written when nobody looked at the order of instants."""
        number = select(OfficeRow.ledger_timed_after).where(OfficeRow.office_id == self._office_id)
        return self._session.scalar(number) or 0

    def head(self) -> tuple[int, str]:
        """Number and hash of the last line as the office's row remembers them: a cut tail shows here."""
        row = self._session.execute(
            select(OfficeRow.ledger_seq, OfficeRow.ledger_hash).where(OfficeRow.office_id == self._office_id)
        ).one()
        return row.ledger_seq, row.ledger_hash


def _ledger_row(line: LedgerLine) -> dict[str, object]:
    return {
        "office_id": line.office,
        "seq": line.seq,
        "at": line.entry.at,
        "kind": line.entry.kind,
        "actor": line.entry.actor,
        "subject": line.entry.subject,
        "data": _json(line.entry.data),
        "previous": line.previous,
        "hash": line.hash,
    }


def _ledger_line(row: LedgerRow) -> LedgerLine:
    entry = Entry(row.at, row.kind, row.actor, row.subject, _data(row.data))
    return LedgerLine(row.office_id, row.seq, entry, row.previous, row.hash)


def _data(text: str) -> dict[str, object]:
    """Facts of a line; what somebody made unreadable is kept as it is, so that the chain names its line."""
    try:
        facts = json.loads(text)
    except ValueError:
        return {"unreadable": text}
    # Compared as text: JSON has several spellings for the same facts, and only one was written.
    return facts if isinstance(facts, dict) and _json(facts) == text else {"unreadable": text}


def _json(data: Mapping[str, object]) -> str:
    return json.dumps(dict(data), ensure_ascii=False, sort_keys=True)
