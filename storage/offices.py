"""Repositories of the office itself: its settings, people, holidays and plans."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from typing import Any, Final, cast

from sqlalchemy import Select, Table, bindparam, delete, exists, insert, select, update

from domain.ledger import GENESIS
from domain.office import Office, OfficeKind
from domain.people import Division, Holding, People, Post
from domain.plan import Plan
from domain.workdays import HolidayOverride
from storage.plan_tables import PlanRow
from storage.repository import Repository
from storage.surroundings import settings_of, surroundings, undamaged
from storage.tables import DivisionRow, HoldingRow, HolidayOverrideRow, OfficeRow, PersonRow, PostRow


class Offices(Repository):
    """The office of a unit of work."""

    def get(self) -> Office | None:
        """The office; None when it was never created."""
        row = self._session.scalar(select(OfficeRow).where(OfficeRow.office_id == self._office_id))
        with undamaged(self._office_id):
            return None if row is None else _office_of(row)

    def hold(self) -> None:
        """Make other writers of the office wait until this unit of work ends."""
        self._session.execute(
            select(OfficeRow.office_id).where(OfficeRow.office_id == self._office_id).with_for_update()
        )

    def add(self, office: Office) -> None:
        """Create the office, with an empty ledger.

        Raises:
            ValueError: It is another office than that of the unit of work.
        """
        self._session.execute(insert(OfficeRow).values(**self._columns(office), ledger_seq=0, ledger_hash=GENESIS))

    def save(self, office: Office) -> None:
        """Change name, place or settings.

        Raises:
            ValueError: It is another office than that of the unit of work.
        """
        values = self._columns(office)
        self._session.execute(update(OfficeRow).where(OfficeRow.office_id == self._office_id).values(**values))

    def remove(self) -> None:
        """Delete the office with everything it owns."""
        self._session.execute(delete(OfficeRow).where(OfficeRow.office_id == self._office_id))

    def summary_left(self, day: date) -> None:
        """Note that the weekly summary of a local day has left."""
        self._session.execute(
            update(OfficeRow).where(OfficeRow.office_id == self._office_id).values(summary_left_on=day)
        )

    def seats(self) -> dict[str, list[str]] | None:
        """Keys of the persons at each post when it was last looked, held for this unit of work; None before that."""
        stored = self._session.scalar(
            select(OfficeRow.seats).where(OfficeRow.office_id == self._office_id).with_for_update()
        )
        return None if stored is None else json.loads(stored)

    def seated(self, seats: Mapping[str, Sequence[str]]) -> None:
        """Note who is at each post."""
        document = json.dumps(seats, sort_keys=True)
        self._session.execute(update(OfficeRow).where(OfficeRow.office_id == self._office_id).values(seats=document))

    def _columns(self, office: Office) -> dict[str, object]:
        if office.key != self._office_id:
            raise ValueError(f"“{office.key}” in a unit of work of “{self._office_id}”")
        return _columns(office)


@dataclass(frozen=True, slots=True)
class Listed:
    """An office in a list. What else is stored of it is not read: damage to one must not hide the others."""

    key: str
    name: str
    kind: str
    is_demo: bool


LISTED: Final = select(OfficeRow.office_id, OfficeRow.name, OfficeRow.kind, OfficeRow.is_demo).order_by(
    OfficeRow.office_id
)


def _office_of(row: OfficeRow) -> Office:
    """Domain value of a row."""
    settings = settings_of(row.settings)
    return Office(row.office_id, row.name, OfficeKind(row.kind), row.district, row.province, settings, row.is_demo)


def _columns(office: Office) -> dict[str, object]:
    return {
        "office_id": office.key,
        "name": office.name,
        "kind": office.kind.value,
        "district": office.district,
        "province": office.province,
        "settings": office.settings.model_dump_json(),
        "is_demo": office.is_demo,
    }


class PeopleRepository(Repository):
    """Divisions, posts, persons and holdings; loaded and saved as a whole, for they are few."""

    def get(self) -> People:
        """Everybody, in the order they were saved."""
        return surroundings(self._session, self._office_id).people

    def save(self, people: People) -> None:
        """Replace everybody."""
        for table in _PEOPLE_TABLES:
            self._session.execute(delete(table).where(table.office_id == self._office_id))
        self._insert(DivisionRow, [_division(division) for division in people.divisions])
        self._insert(PostRow, [_post(post) for post in people.posts])
        self._insert(PersonRow, [{"key": p.key, "name": p.name, "email": p.email} for p in people.persons])
        self._insert(HoldingRow, [_holding(holding) for holding in people.holdings])

    def _insert(self, table: type[PeopleRow], rows: list[dict[str, object]]) -> None:
        values = [{**row, "office_id": self._office_id, "position": n} for n, row in enumerate(rows)]
        if values:
            self._session.execute(insert(table), values)


_PEOPLE_TABLES: Final = (DivisionRow, PostRow, PersonRow, HoldingRow)
PeopleRow = DivisionRow | PostRow | PersonRow | HoldingRow


def _division(division: Division) -> dict[str, object]:
    aliases = json.dumps(division.aliases, ensure_ascii=False)
    return {
        "key": division.key,
        "name": division.name,
        "kind": division.kind.value,
        "aliases": aliases,
        "founded_on": division.founded_on,
    }


def _post(post: Post) -> dict[str, object]:
    return {"key": post.key, "title": post.title, "level": post.level.value, "division": post.division}


def _holding(holding: Holding) -> dict[str, object]:
    return {
        "post": holding.post,
        "person": holding.person,
        "start_on": holding.start_on,
        "end_on": holding.end_on,
        "is_acting": holding.is_acting,
    }


class Holidays(Repository):
    """The office's own exceptions from the official list."""

    def all(self) -> list[HolidayOverride]:
        """Every exception, by day."""
        return list(surroundings(self._session, self._office_id).holidays)

    def put(self, override: HolidayOverride) -> None:
        """Add an exception, or replace the one of the same day."""
        self.drop(override.day)
        values = {"day": override.day, "is_holiday": override.is_holiday, "name": override.name}
        self._session.execute(
            insert(HolidayOverrideRow).values(**values, source=override.source, office_id=self._office_id)
        )

    def drop(self, day: date) -> bool:
        """Remove the exception of a day; False when there was none."""
        gone = self._session.scalar(
            delete(HolidayOverrideRow)
            .where(HolidayOverrideRow.office_id == self._office_id, HolidayOverrideRow.day == day)
            .returning(HolidayOverrideRow.day)
        )
        return gone is not None


@dataclass(frozen=True, slots=True)
class PlanRevision:
    """A stored plan: `in_force_on` is None until it was activated."""

    revision: int
    plan: Plan
    imported_at: datetime
    imported_by: str
    in_force_on: date | None


_PLANS = cast("Table", PlanRow.__table__)
_REVISIONS = (
    select(*(column for column in _PLANS.c if column.key != "document"))
    .where(_PLANS.c.office_id == bindparam("office"))
    .order_by(_PLANS.c.fiscal_year_be, _PLANS.c.revision)
)
_LATER = _PLANS.alias("later")
_IN_FORCE = _REVISIONS.where(
    _PLANS.c.in_force_on.is_not(None),
    ~exists()
    .where(_LATER.c.office_id == _PLANS.c.office_id, _LATER.c.fiscal_year_be == _PLANS.c.fiscal_year_be)
    .where(_LATER.c.revision > _PLANS.c.revision, _LATER.c.in_force_on.is_not(None)),
)
_DOCUMENTS = select(_PLANS.c.content_hash, _PLANS.c.document).where(
    _PLANS.c.office_id == bindparam("office"), _PLANS.c.content_hash.in_(bindparam("hashes", expanding=True))
)


class _Parsed:
    """Documents this process has read. One never changes, and its hash names it; reading it costs most of a page."""

    def __init__(self, most: int) -> None:
        """Keep at most so many; the oldest goes first."""
        self._most = most
        self._plans: dict[tuple[str, str], Plan] = {}
        self._lock = Lock()

    def get(self, office: str, content_hash: str) -> Plan | None:
        return self._plans.get((office, content_hash))

    def put(self, office: str, content_hash: str, plan: Plan) -> None:
        with self._lock:
            while len(self._plans) >= self._most:
                del self._plans[next(iter(self._plans))]
            self._plans[office, content_hash] = plan


_PARSED: Final = _Parsed(64)


class Plans(Repository):
    """Revisions of the office's plans, one row each."""

    def all(self) -> list[PlanRevision]:
        """Every revision, by fiscal year and number."""
        return self._read(_REVISIONS)

    def of_year(self, fiscal_year_be: int) -> list[PlanRevision]:
        """Revisions of one fiscal year, oldest first."""
        return self._read(_REVISIONS.where(_PLANS.c.fiscal_year_be == fiscal_year_be))

    def in_force(self) -> list[PlanRevision]:
        """The newest activated revision of each fiscal year, by year."""
        return self._read(_IN_FORCE)

    def _read(self, statement: Select[Any]) -> list[PlanRevision]:
        rows = self._session.connection().execute(statement, {"office": self._office_id}).all()
        hashes = {row.content_hash for row in rows}
        wanted = {each: plan for each in hashes if (plan := _PARSED.get(self._office_id, each)) is not None}
        if missing := sorted(hashes - wanted.keys()):
            wanted |= self._parse(missing)
        return [
            PlanRevision(row.revision, wanted[row.content_hash], row.imported_at, row.imported_by, row.in_force_on)
            for row in rows
        ]

    def _parse(self, hashes: list[str]) -> dict[str, Plan]:
        documents = self._session.connection().execute(_DOCUMENTS, {"office": self._office_id, "hashes": hashes})
        parsed = {row.content_hash: Plan.model_validate_json(row.document) for row in documents}
        for content_hash, plan in parsed.items():
            _PARSED.put(self._office_id, content_hash, plan)
        return parsed

    def add(self, plan: Plan, *, by: str, now: datetime) -> PlanRevision:
        """Store a new revision, not yet in force. The same content again is the revision already there."""
        revisions = self.of_year(plan.fiscal_year_be)
        same = next((revision for revision in revisions if revision.plan.content_hash == plan.content_hash), None)
        if same is not None:
            return same
        added = PlanRevision(len(revisions) + 1, plan, now, by, None)
        self._session.execute(
            insert(PlanRow).values(
                office_id=self._office_id,
                fiscal_year_be=plan.fiscal_year_be,
                revision=added.revision,
                content_hash=plan.content_hash,
                document=plan.model_dump_json(),
                imported_at=now,
                imported_by=by,
            )
        )
        return added

    def activate(self, fiscal_year_be: int, revision: int, on: date) -> None:
        """Put a revision into force."""
        self._session.execute(
            update(PlanRow)
            .where(PlanRow.office_id == self._office_id)
            .where(PlanRow.fiscal_year_be == fiscal_year_be, PlanRow.revision == revision)
            .values(in_force_on=on)
        )
