"""Two offices hold rows under the same keys; every repository shows and changes its own only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import pytest

from domain.assignment import StaleError, State
from domain.bucket import Bucket, Today
from domain.errors import NotFoundError
from domain.figures import EvidenceLine
from domain.ledger import Entry, verify
from domain.moves import Move, apply
from domain.outbox import LetterState
from domain.people import People, Person
from domain.publication import Publication, PublicKind
from domain.report_period import quarterly
from domain.workdays import HolidayOverride
from storage.drafts import StoredDraft, Trial
from storage.lists import Selection
from storage.records import Report
from storage.report_drafts import Draft
from storage.store import Store
from storage.unit_of_work import UnitOfWork
from storage.wordings import Wording
from tests.factories import make_assignment, make_office, make_people, make_plan
from tests.services.beginnings import begin_with
from tests.storage.rows import KEY, NOW, add_office, make_letter, make_notice, make_snapshot

OTHER: Final = "ban-kao"
REPORT: Final = Report(quarterly(2566, 2), 1, make_snapshot(), "ab" * 32, is_final=True, frozen_at=NOW)
FILE: Final = EvidenceLine(name="a.pdf", sha256="ab" * 32)
DRAFT: Final = StoredDraft("d1", "แผน.docx", "ab" * 32, None, "{}", 1, NOW, "x", NOW, "x")
TRIAL: Final = Trial(2566, 1, "ab" * 32, "{}", NOW, "x")
DAY: Final = date(2023, 4, 12)
PUBLIC: Final = Publication(PublicKind.PLAN, "2566", 1, 2566, "แผน", "plan-2566.json", "ab" * 32, 9, NOW, "x")


@pytest.fixture
def both(store: Store) -> Store:
    """Only the first office owns rows."""
    begin_with(store, "one full office of two", lambda: _make(store))
    return store


def _make(store: Store) -> None:
    add_office(store)
    add_office(store, make_office(key=OTHER, name="เทศบาลตำบลบ้านเก่า"))
    with store.unit_of_work(KEY) as uow:
        _fill(uow)
        uow.commit()


def _fill(uow: UnitOfWork) -> None:
    uow.people.save(make_people())
    uow.holidays.put(HolidayOverride(DAY, is_holiday=True, name="หยุด"))
    uow.plans.activate(2566, uow.plans.add(make_plan(), by="x", now=NOW).revision, DAY)
    uow.plan_drafts.add(DRAFT)
    uow.plan_drafts.add(replace(DRAFT, id="d2", became=(2566, 1)))
    uow.plan_trials.put(TRIAL, most=1)
    uow.assignments.add([make_assignment()])
    uow.evidence.add(make_assignment().id, [FILE], by="x", now=NOW)
    uow.notices.add([make_notice("k1")], NOW - timedelta(hours=2))
    uow.letters.add([make_letter(message_id=f"<{uow.office_id}@office.example>")])
    uow.reports.add(REPORT)
    uow.wordings.put(Wording("opened", {"ask": "โปรดดำเนินการ"}, 1, "x", NOW))
    uow.publications.add(PUBLIC)
    uow.report_drafts.put(make_assignment().id, "the-admin", Draft({"result": "x"}, NOW))
    uow.ledger.note(Entry(NOW, "a.b", "clock", "s", {}))


def _nothing_of_assignments(uow: UnitOfWork) -> list[Any]:
    found, ours = uow.assignments, make_assignment()
    return [
        *found.all(),
        *found.all(2566),
        *found.in_states(2566, list(State)),
        *found.of_measure(2566, ours.measure_key),
        *found.running(2566, ours.measure_key),
        *found.ids_of_measure(2566, ours.measure_key),
        *found.of_quarter(2566, 2),
        *found.many([ours.id]),
    ]


def _nothing_of_lists(uow: UnitOfWork) -> list[Any]:
    ours = make_assignment()
    wanted = Selection((2566,), (ours.division,), Today(NOW.date(), NOW.date()))
    counted = [*uow.lists.counts(wanted), *[1] * uow.lists.number_waiting(wanted)]
    return [*counted, *uow.lists.page(wanted, Bucket, first=0, most=9), *uow.lists.waiting(wanted, first=0, most=9)]


READS: Final[dict[str, Callable[[UnitOfWork], list[Any]]]] = {
    "people": lambda uow: [] if uow.people.get() == People() else [uow.people.get()],
    "holidays": lambda uow: uow.holidays.all(),
    "plans": lambda uow: [*uow.plans.all(), *uow.plans.in_force(), *uow.plans.of_year(2566)],
    "plan_drafts": lambda uow: [
        *uow.plan_drafts.underway(),
        *uow.plan_drafts.of(2566, 1),
        *filter(None, [uow.plan_drafts.get(DRAFT.id)]),
    ],
    "plan_trials": lambda uow: [*uow.plan_trials.of(2566, 1)],
    "assignments": _nothing_of_assignments,
    "lists": _nothing_of_lists,
    "report_drafts": lambda uow: [found] if (found := uow.report_drafts.get(make_assignment().id, "the-admin")) else [],
    "evidence": lambda uow: [*uow.evidence.of(make_assignment().id), *uow.evidence.by_place()],
    "notices": lambda uow: [*uow.notices.waiting(), *uow.notices.waiting_since(NOW), *uow.notices.keys()],
    "whether a notice waits": lambda uow: [True] if uow.notices.is_any_waiting() else [],
    "letters": lambda uow: [*uow.letters.all(), *uow.letters.all(LetterState.WAITING)],
    "whether a letter is due": lambda uow: [True] if uow.letters.is_any_due(NOW) else [],
    "letter counts": lambda uow: [uow.letters.counts().waiting] if uow.letters.counts().waiting else [],
    "letter leases": lambda uow: uow.letters.lease("w", NOW, limit=9, for_=timedelta(1)),
    "reports": lambda uow: [*uow.reports.all(), *uow.reports.of_period(quarterly(2566, 2)), *uow.reports.unrendered()],
    "wordings": lambda uow: [*uow.wordings.all()],
    "publications": lambda uow: [*uow.publications.all(), *uow.publications.of(PUBLIC.kind, PUBLIC.subject)],
    "tallies": lambda uow: uow.tallies.groups([2566], [make_assignment().division]),
    "tallies of what is urgent": lambda uow: [
        one for urgent in uow.tallies.to_act_on(["chang"], passed_on=DAY, until=DAY, most=9) for one in urgent.first
    ],
    "ledger": lambda uow: [*uow.ledger.lines(), *uow.ledger.lines("s")],
    "ledger's head": lambda uow: [uow.ledger.head()] if uow.ledger.head()[0] else [],
    "ledger's time": lambda uow: [uow.ledger.last_at()] if uow.ledger.last_at() else [],
}


@pytest.mark.parametrize("what", READS)
def test_an_office_reads_nothing_of_another(both: Store, what: str) -> None:
    with both.unit_of_work(OTHER) as uow:
        assert READS[what](uow) == []
    with both.unit_of_work(KEY) as uow:
        assert READS[what](uow) != []


def test_every_repository_is_in_the_list_above(both: Store) -> None:
    with both.reader(KEY) as uow:
        repositories = {name for name in vars(uow) if not name.startswith("_")} - {"office_id", "offices"}
    assert repositories <= {what.split("'")[0] for what in READS}


def _moves_anothers_assignment(uow: UnitOfWork) -> None:
    with pytest.raises(StaleError):
        uow.assignments.save(apply(make_assignment(), Move.CANCEL), expected=1)


def _moves_others_assignments(uow: UnitOfWork) -> None:
    with pytest.raises(StaleError):
        uow.assignments.save_each([apply(make_assignment(), Move.CANCEL)])


def _settles_anothers_letter(uow: UnitOfWork) -> None:
    assert not uow.letters.settle("letter-1", "w", LetterState.SENT, now=NOW, remark="", next_try_at=None)


WRITES: Final[dict[str, Callable[[UnitOfWork], object]]] = {
    "people": lambda uow: uow.people.save(People(persons=(Person("p", "คนอื่น"),))),
    "holidays": lambda uow: uow.holidays.drop(DAY),
    "a holiday of the same day": lambda uow: uow.holidays.put(HolidayOverride(DAY, is_holiday=False, name="อื่น")),
    "plans": lambda uow: uow.plans.activate(2566, 1, date(2000, 1, 1)),
    "an assignment": _moves_anothers_assignment,
    "assignments": _moves_others_assignments,
    "report drafts": lambda uow: uow.report_drafts.drop(make_assignment().id),
    "notices": lambda uow: uow.notices.mark_composed(["k1"], NOW),
    "letters": _settles_anothers_letter,
    "a letter to send again": lambda uow: uow.letters.send_again("letter-1", NOW),
    "reports": lambda uow: uow.reports.attach(REPORT, "cd" * 32),
    "publications": lambda uow: uow.publications.withdraw(PUBLIC, by="x", now=NOW),
    "ledger": lambda uow: uow.ledger.note(Entry(NOW, "x.y", "clock", "s", {})),
    "all the same keys": _fill,
    "itself": lambda uow: uow.offices.remove(),
    "its name": lambda uow: uow.offices.save(make_office(key=OTHER, name="อีกชื่อ")),
}


@pytest.mark.parametrize("what", WRITES)
def test_an_office_changes_nothing_of_another(both: Store, what: str) -> None:
    before = _everything(both)
    with both.unit_of_work(OTHER) as uow:
        WRITES[what](uow)
        uow.commit()
    assert _everything(both) == before


def _everything(store: Store) -> list[Any]:
    with store.reader(KEY) as uow:
        return [uow.office, uow.ledger.head(), *(read(uow) for name, read in READS.items() if name != "letter leases")]


def test_an_office_cannot_be_saved_or_added_through_another(both: Store) -> None:
    before = _everything(both)
    for change in ("save", "add"):
        with (
            both.unit_of_work(OTHER) as uow,
            pytest.raises(ValueError, match=f"“{KEY}” in a unit of work of “{OTHER}”"),
        ):
            getattr(uow.offices, change)(make_office(name="กลายเป็นของเรา"))
    assert _everything(both) == before


def test_another_offices_assignment_is_not_found(both: Store) -> None:
    with both.reader(OTHER) as uow, pytest.raises(NotFoundError):
        uow.assignments.get(make_assignment().id)


def test_each_office_has_a_ledger_of_its_own(both: Store) -> None:
    with both.unit_of_work(OTHER) as uow:
        uow.ledger.note(Entry(NOW, "a.b", "clock", "s", {}))
        uow.commit()
    for key in (KEY, OTHER):
        with both.reader(key) as uow:
            lines = list(uow.ledger.lines())
            assert verify(lines) == uow.ledger.head() == (1, lines[0].hash)
            assert lines[0].office == key


def test_a_removed_office_takes_everything_and_nothing_of_others(both: Store) -> None:
    before = _everything(both)
    with both.unit_of_work(OTHER) as uow:
        _fill(uow)
        uow.commit()
    with both.unit_of_work(OTHER) as uow:
        uow.offices.remove()
        uow.commit()
    assert _everything(both) == before
    with both.unit_of_work(OTHER) as uow:
        assert [read(uow) for name, read in READS.items() if name != "ledger's head"] == [[]] * (len(READS) - 1)


def test_an_office_is_carried_over_from_another_database_whole(both: Store, tmp_path: Any) -> None:
    source = Store(f"sqlite:///{tmp_path / 'played.db'}", durable=False)
    source.make_tables()
    add_office(source, make_office(name="สาธิต"))
    with source.unit_of_work(KEY) as uow:
        _fill(uow)
        uow.commit()
    with both.reader(OTHER) as uow:
        name = uow.office.name
    both.replace_office(KEY, source)
    assert _everything(both) == _everything(source)
    with both.reader(OTHER) as uow:
        assert uow.office.name == name
    source.close()
