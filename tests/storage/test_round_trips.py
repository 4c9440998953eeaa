from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.assignment import ACTIONABLE, WAITING, State
from domain.figures import Answer, EvidenceLine, Snapshot
from domain.grounds import BY_PLAN, Ground, GroundKind
from domain.ladder import Ladder, Rung
from domain.ledger import Entry
from domain.notice import NoticeKind
from domain.office import OfficeKind, OfficeSettings
from domain.outbox import LetterState
from domain.people import Division, Holding, Level, Person
from domain.report_period import quarterly
from domain.submission import CannotDoReason, ExtensionRequest
from domain.waiting import Acknowledgment, Told, Wait
from domain.workdays import HolidayOverride
from storage.offices import Listed
from storage.records import Report
from storage.store import Store
from tests.factories import at, make_assignment, make_office, make_people, make_plan, make_step, make_submission
from tests.storage.rows import KEY, add_office, make_letter, make_notice, make_snapshot

NOW = at("2023-04-11 08:30") + timedelta(microseconds=123456)
SHA = "ab" * 32


def test_an_office_comes_back_with_its_settings(store: Store) -> None:
    settings = OfficeSettings(
        report_due=7, ladder=Ladder(rungs=(Rung(offset=2, to=(Level.MAYOR,)),), repeat_every=None)
    )
    given = make_office(kind=OfficeKind.PROVINCIAL, settings=settings, is_demo=True)
    add_office(store, given)
    with store.reader(KEY) as uow:
        assert uow.office == given
    assert store.offices() == [Listed(KEY, given.name, given.kind.value, is_demo=True)]


def test_a_changed_office_keeps_its_ledger(store: Store) -> None:
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.ledger.note(Entry(NOW, "a.b", "somebody", "something", {}))
        uow.commit()
    with store.unit_of_work(KEY) as uow:
        uow.offices.save(make_office(name="เทศบาลตำบลบ้านเก่า"))
        uow.commit()
    with store.reader(KEY) as uow:
        assert (uow.office.name, uow.ledger.head()[0]) == ("เทศบาลตำบลบ้านเก่า", 1)


def test_everybody_comes_back_in_order(store: Store) -> None:
    acting = Holding("chang-head", "the-clerk", date(2023, 4, 3), date(2023, 4, 7), is_acting=True)
    given = make_people(also=(acting,))
    given = replace(given, persons=(*given.persons, Person("printed", "ผู้ไม่มีอีเมล")))
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.people.save(make_people(vacant=("mayor",)))
        uow.people.save(given)
        uow.commit()
    with store.reader(KEY) as uow:
        assert uow.people.get() == given


def test_holidays_come_back_by_day_each_day_once(store: Store) -> None:
    first, second = date(2023, 4, 12), date(2023, 4, 11)
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.holidays.put(HolidayOverride(first, is_holiday=True, name="เดิม"))
        uow.holidays.put(HolidayOverride(first, is_holiday=True, name="ใหม่", source="ครม."))
        uow.holidays.put(HolidayOverride(second, is_holiday=False, name="ทำงานชดเชย"))
        uow.commit()
    with store.unit_of_work(KEY) as uow:
        assert [(o.day, o.is_holiday, o.name) for o in uow.holidays.all()] == [
            (second, False, "ทำงานชดเชย"),
            (first, True, "ใหม่"),
        ]
        assert uow.holidays.drop(first) is True
        assert uow.holidays.drop(first) is False


def test_a_plan_comes_back_with_the_day_it_came_into_force(store: Store) -> None:
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        stored = uow.plans.add(make_plan(), by="the-admin", now=NOW)
        uow.plans.activate(2566, stored.revision, date(2022, 10, 3))
        uow.commit()
    with store.reader(KEY) as uow:
        (found,) = uow.plans.in_force()
    assert found == replace(stored, in_force_on=date(2022, 10, 3))
    assert (found.plan, found.imported_at) == (make_plan(), NOW)


def test_the_newest_activated_revision_of_each_year_is_in_force(store: Store) -> None:
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        for title in ("หนึ่ง", "สอง", "สาม"):
            uow.plans.add(make_plan(title=title), by="the-admin", now=NOW)
        uow.plans.add(make_plan(fiscal_year_be=2567), by="the-admin", now=NOW)
        for revision in (1, 2):
            uow.plans.activate(2566, revision, date(2022, 10, 1))
        uow.commit()
    with store.reader(KEY) as uow:
        assert [(r.plan.fiscal_year_be, r.revision) for r in uow.plans.in_force()] == [(2566, 2)]
        assert len(uow.plans.of_year(2566)) == 3


def test_an_assignment_comes_back_with_everything_people_decided(store: Store) -> None:
    given = make_assignment(
        state=State.RETURNED,
        version=9,
        deadline_version=3,
        rung=4,
        round=2,
        handed_in_at=NOW,
        handed_in_by="the-chang-officer",
        late_workdays=2,
        submission=make_submission(problems=Answer(text="ฝน \x00 “ตก”"), evidence=(SHA,)),
        cannot_do=CannotDoReason.NO_BUDGET,
        reason="โปรดแก้ไข",
        extension=ExtensionRequest(
            date(2023, 5, 2),
            "น้ำท่วม",
            "the-chang-officer",
            Wait("the-chang-officer", Level.HEAD, date(2023, 4, 11), NOW),
        ),
        acknowledged_until=date(2023, 4, 25),
        acknowledged_by="the-chang-head",
        ladder=Ladder(rungs=(Rung(offset=0, to=(Level.OFFICER, Level.HEAD)),), repeat_every=None),
        grounds=(BY_PLAN, Ground(GroundKind.DAYS, date(2023, 4, 11), 3), Ground(GroundKind.SET, date(2023, 5, 2))),
        withdrawals=1,
        returned_reason="แนบภาพ",
        waiting=Wait("the-chang-officer", Level.OFFICER, date(2023, 4, 11), NOW, 2, date(2023, 4, 18), "the-clerk"),
        ladder_from=NOW,
        told=Told(
            levels=(Level.OFFICER, Level.HEAD),
            persons=("the-chang-officer", "the-chang-head"),
            posts=((Level.HEAD, date(2023, 4, 11)),),
            summary_on=date(2023, 4, 10),
        ),
        acknowledgments=(
            Acknowledgment("the-chang-head", Level.HEAD, date(2023, 4, 11), date(2023, 4, 18)),
            Acknowledgment("the-clerk", Level.CLERK, date(2023, 4, 19), date(2023, 4, 20)),
        ),
    )
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.assignments.add([given])
        uow.commit()
    with store.reader(KEY) as uow:
        assert uow.assignments.get(given.id) == given


def test_an_assignment_of_which_nothing_was_said_or_decided_comes_back_as_it_was(store: Store) -> None:
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.assignments.add([make_assignment()])
        uow.commit()
    with store.reader(KEY) as uow:
        assert uow.assignments.get(make_assignment().id) == make_assignment()


def test_what_was_done_with_an_assignment_is_stored_over_what_was(store: Store) -> None:
    after = make_assignment(
        version=2, told=Told(levels=(Level.OFFICER,)), waiting=Wait("x", Level.HEAD, date(2023, 4, 11), NOW)
    )
    add_office(store)
    for save in ("save", "save_each"):
        with store.unit_of_work(KEY) as uow:
            uow.assignments.add([make_assignment(id=save)])
            moved = replace(after, id=save)
            if save == "save":
                uow.assignments.save(moved, expected=1)
            else:
                uow.assignments.save_each([moved])
            assert uow.assignments.get(save) == moved


def test_a_running_ladder_is_that_of_what_somebody_must_act_or_decide_on(store: Store) -> None:
    given = [
        make_assignment(id=state.value, step_key=state.value, state=state) for state in State if state != State.PLANNED
    ]
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.assignments.add(given)
        assert {a.state for a in uow.assignments.running(2566, "m1")} == ACTIONABLE | WAITING


def test_an_office_remembers_its_last_summary_and_who_was_at_which_post(store: Store) -> None:
    seats = {"chang-head": ["the-chang-head"], "clerk": []}
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        assert uow.offices.seats() is None
        assert uow.surroundings()[1].summary_left_on is None
        uow.offices.seated(seats)
        uow.offices.summary_left(date(2023, 4, 10))
        uow.commit()
    with store.unit_of_work(KEY) as uow:
        assert uow.offices.seats() == seats
        assert uow.surroundings()[1].summary_left_on == date(2023, 4, 10)


def test_a_division_comes_back_with_the_day_on_which_it_was_founded(store: Store) -> None:
    given = make_people(divisions=(Division("chang", "กองช่าง", founded_on=date(2023, 2, 1)),))
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.people.save(given)
        uow.commit()
    with store.reader(KEY) as uow:
        assert uow.people.get().divisions == given.divisions


def test_heard_are_those_whose_notice_is_in_a_letter_each_once(store: Store) -> None:
    head = make_notice("k1", person="the-chang-head", kind=NoticeKind.HANDED_IN, rung_offset=None)
    given = [
        head,
        replace(head, key="k2", kind=NoticeKind.DECIDE_REMINDER),
        replace(head, key="k3", person="the-clerk", kind=NoticeKind.DECIDE_ABOVE),
        replace(head, key="k4", person="the-mayor"),
        replace(head, key="k5", person="the-khlang-head", assignment="2566-m1.1-khlang-q2"),
    ]
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        for n, one in enumerate(given):
            uow.notices.add([one], NOW + timedelta(hours=n))
        uow.notices.write()
        uow.notices.mark_composed(["k1", "k2", "k3", "k5"], NOW + timedelta(hours=9))
        assert uow.notices.heard(head.assignment) == ["the-chang-head", "the-clerk"]
        assert uow.notices.heard(head.assignment, since=NOW + timedelta(hours=2)) == ["the-clerk"]
        assert uow.notices.heard(head.assignment, kinds=[NoticeKind.DECIDE_REMINDER]) == ["the-chang-head"]


def test_assignments_are_found_by_year_measure_quarter_state_and_id(store: Store) -> None:
    one = make_assignment()
    two = make_assignment(id="2566-m2.1-chang-q2", measure_key="m2", step_key="m2.1", state=State.ACCEPTED)
    three = make_assignment(id="2567-m1.1-chang-q2", fiscal_year_be=2567)
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        assert uow.assignments.add([one, two, three]) == [one, two, three]
        found = uow.assignments
        assert {a.id for a in found.all()} == {one.id, two.id, three.id}
        assert found.all(2567) == [three]
        assert found.of_measure(2566, "m1") == [one]
        assert found.running(2566, "m2") == []
        assert found.ids_of_measure(2566, "m2") == {two.id}
        assert found.in_states(2566, [State.ACCEPTED]) == [two]
        assert found.of_quarter(2566, 1) == []
        assert set(found.many([one.id, three.id, "nothing"])) == {one.id, three.id}


def test_many_are_found_beyond_one_statements_list(store: Store) -> None:
    given = [make_assignment(id=f"a{n:04d}", step_key=f"s{n}") for n in range(1101)]
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        assert len(uow.assignments.add(given)) == 1101
        assert len(uow.assignments.many(a.id for a in given)) == 1101


def test_evidence_is_noted_once_for_an_assignment(store: Store) -> None:
    lines = [EvidenceLine(name="ข.pdf", sha256=SHA, size_bytes=5), EvidenceLine(name="ก.pdf", sha256="cd" * 32)]
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.evidence.add("a1", lines, by="the-chang-officer", now=NOW)
        uow.evidence.add("a1", lines, by="the-chang-officer", now=NOW)
        uow.commit()
    with store.reader(KEY) as uow:
        assert uow.evidence.of("a1") == [lines[1], lines[0]]
        assert uow.evidence.by_place()["a1", SHA] == lines[0]
        assert uow.evidence.of("a2") == []


def test_notices_wait_oldest_first_until_composed(store: Store) -> None:
    late, early = (
        make_notice("k2", person="the-chang-head", aimed=Level.OFFICER),
        make_notice("k1", rung_offset=None, by="the-clerk", reason="เพราะ"),
    )
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.notices.add([late], NOW)
        uow.notices.add([early], NOW - timedelta(hours=1))
        uow.commit()
    with store.unit_of_work(KEY) as uow:
        first, second = replace(early, arose_at=NOW - timedelta(hours=1)), replace(late, arose_at=NOW)
        assert uow.notices.waiting() == [first, second]
        assert uow.notices.waiting_since(NOW - timedelta(minutes=1)) == [first]
        uow.notices.mark_composed(["k1"], NOW)
        assert uow.notices.waiting() == [second]
        assert uow.notices.keys() == {"k1", "k2"}


def test_a_notice_read_back_has_the_version_of_its_deadline(store: Store) -> None:
    rung = make_notice("2566-m1.1-chang-q2/v2/d13/e2023-04-11/officer/the-chang-officer", deadline_version=13)
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.notices.add([rung], NOW)
        uow.notices.write()
        assert uow.notices.waiting() == [replace(rung, arose_at=NOW)]


@pytest.mark.parametrize("state", LetterState)
def test_a_letter_comes_back_whatever_its_state(store: Store, state: LetterState) -> None:
    given = make_letter(state=state, attempts=3, first_tried_at=NOW, settled_at=NOW, remark="250 ได้")
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.letters.add([given])
        uow.commit()
    with store.reader(KEY) as uow:
        assert uow.letters.all(state) == uow.letters.all() == [given]
        assert getattr(uow.letters.counts(), state.value) == 1


def test_a_report_comes_back_with_its_snapshot_and_file(store: Store) -> None:
    given = Report(quarterly(2566, 2), 1, make_snapshot(), SHA, is_final=True, frozen_at=NOW)
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.reports.add(given)
        uow.reports.attach(given, "cd" * 32)
        uow.commit()
    with store.reader(KEY) as uow:
        assert uow.reports.of_period(quarterly(2566, 2)) == uow.reports.all() == [replace(given, file_sha256="cd" * 32)]
        assert isinstance(uow.reports.all()[0].snapshot, Snapshot)
        assert uow.reports.of_period(quarterly(2566, 1)) == []


def test_ledger_lines_come_back_in_order_and_by_subject(store: Store) -> None:
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.ledger.note(Entry(NOW, "a.one", "clock", "s1", {"ค่า": ["ก", 1, None], "x": 1.5}))
        uow.ledger.note(Entry(NOW, "a.two", "clock", "s2", {}))
        uow.commit()
    with store.reader(KEY) as uow:
        first, second = uow.ledger.lines()
        assert first.entry == Entry(NOW, "a.one", "clock", "s1", {"ค่า": ["ก", 1, None], "x": 1.5})
        assert list(uow.ledger.lines("s2")) == [second]
        assert uow.ledger.head() == (2, second.hash)
        assert uow.ledger.last_at() == NOW


def test_offices_with_mail_are_those_with_notices_or_due_letters(store: Store) -> None:
    for key in ("notice", "due", "later", "nothing"):
        add_office(store, make_office(key=key))
    with store.unit_of_work("notice") as uow:
        uow.notices.add([make_notice("k1")], NOW)
        uow.commit()
    for key, next_try_at in (("due", NOW), ("later", NOW + timedelta(seconds=1))):
        with store.unit_of_work(key) as uow:
            uow.letters.add([make_letter(id=key, next_try_at=next_try_at)])
            uow.commit()
    assert store.offices_with_mail(NOW) == ["due", "notice"]


def test_a_step_with_every_field_survives_in_its_plan(store: Store) -> None:
    step = make_step(sub_steps=("ก", "ข"), publication_channels=("เว็บไซต์",), monitoring_raw="ทุก\nไตรมาส")
    measure = make_plan().measures[0].model_copy(update={"steps": (step,), "indicators": (1, 5)})
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.plans.add(make_plan(measures=(measure,)), by="the-admin", now=NOW)
        uow.commit()
    with store.reader(KEY) as uow:
        assert uow.plans.all()[0].plan.measures == (measure,)
