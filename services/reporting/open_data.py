"""What everybody may read: public documents of an office, and its progress as figures without a person in them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from domain.bucket import Bucket
from domain.errors import NotFoundError
from domain.publication import LICENCE, LICENCE_ADDRESS, Publication, PublicKind, PublicPlan
from services.desk import Desk
from services.overview.counts import PLANNED, tally
from services.overview.progress import Share, measure_rows
from storage.files import FileStore

BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it a spreadsheet reads Thai as nonsense."""

_UNDER_WAY: Final = (Bucket.OPEN, Bucket.SOON, Bucket.RETURNED, Bucket.LATE)
_PLAN_COLUMNS: Final = (
    "measure_number",
    "measure",
    "indicators",
    "step_number",
    "step",
    "divisions",
    "start",
    "end",
    "reported",
)
_PROGRESS_COLUMNS: Final = (
    "measure_number", "measure", "quarter", "total", "done", "awaiting_review", "under_way", "overdue", "cannot_do",
    "not_begun", "percent_done",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of assignments as the public reads them; `overdue` ones are under way too."""

    total: int
    done: int
    awaiting_review: int
    under_way: int
    overdue: int
    cannot_do: int
    not_begun: int
    percent_done: int

    @classmethod
    def of(cls, share: Share) -> Figures:
        """The figures of a share."""
        counts = share.counts
        return cls(
            share.total,
            share.done,
            counts[Bucket.WAITING],
            sum(counts[bucket] for bucket in _UNDER_WAY),
            share.late,
            counts[Bucket.CANNOT],
            counts[PLANNED],
            share.percent_done,
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """One measure: its year, and each of its four quarters."""

    number: int
    title: str
    year: Figures
    quarters: tuple[Figures, ...]


def latest_plans(publications: Iterable[Publication]) -> dict[int, Publication]:
    """The newest version of each fiscal year's plan that is still public."""
    return {
        publication.fiscal_year_be: publication
        for publication in publications
        if publication.kind is PublicKind.PLAN and publication.is_public
    }


def plan_in(files: FileStore, made: Publication) -> PublicPlan:
    """The plan as it was published.

    Raises:
        NotFoundError: Its file is not in the store (any more).
    """
    try:
        return PublicPlan.model_validate_json(files.get(made.sha256))
    except FileNotFoundError:
        raise NotFoundError(what="file", what_thai="ไฟล์", key=made.file_name, remedy="", remedy_thai="") from None


def progress(desk: Desk, plan: PublicPlan, now: datetime) -> list[Progress]:
    """How far the measures of a public plan have come, all divisions together.

    The words are those of the published plan: a revision that was not published stays in the office.
    """
    year = plan.fiscal_year_be
    keys = [division.key for division in desk.people.divisions]
    rows = {
        row.number: row for row in measure_rows(desk.document(year).measures, keys, tally(desk, keys, now, year), None)
    }
    return [
        Progress(
            measure.number,
            measure.title,
            Figures.of(rows[measure.number].whole),
            tuple(Figures.of(share) for share in rows[measure.number].quarters),
        )
        for measure in plan.measures
        if measure.number in rows
    ]


def plan_csv(plan: PublicPlan) -> bytes:
    """A row for each step."""
    rows = (
        (
            measure.number,
            measure.title,
            " ".join(map(str, measure.indicators)),
            number,
            "\n".join((step.text, *step.sub_steps)),
            step.divisions,
            step.start.isoformat(),
            step.end.isoformat(),
            step.reported,
        )
        for measure in plan.measures
        for number, step in enumerate(measure.steps, start=1)
    )
    return _csv(_PLAN_COLUMNS, rows)


def progress_csv(measures: Sequence[Progress]) -> bytes:
    """A row for each measure and quarter."""
    return _csv(_PROGRESS_COLUMNS, ([row[name] for name in _PROGRESS_COLUMNS] for row in _flat(measures)))


def progress_json(plan: PublicPlan, measures: Sequence[Progress], day: date) -> bytes:
    """The same rows with the licence and the day they are of."""
    document = {
        "office": plan.office,
        "fiscal_year_be": plan.fiscal_year_be,
        "as_of": day.isoformat(),
        "licence": LICENCE,
        "licence_address": LICENCE_ADDRESS,
        "progress": list(_flat(measures)),
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _flat(measures: Sequence[Progress]) -> Iterator[Mapping[str, object]]:
    for measure in measures:
        for quarter, figures in enumerate(measure.quarters, start=1):
            counts = {name: getattr(figures, name) for name in Figures.__slots__}
            yield {"measure_number": measure.number, "measure": measure.title, "quarter": quarter, **counts}


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def _harmless(cell: object) -> object:
    """A spreadsheet takes text that begins like this for a formula and runs it; an apostrophe keeps it text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
