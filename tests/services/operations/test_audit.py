from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from domain.outbox import LetterState
from services.assignments.hand_in import Result, hand_in
from services.assignments.review import acknowledge
from services.operations.audit import Audit
from services.outbox.deliver import deliver
from storage.store import Store
from tests.factories import DIVISIONS, NONE_CONFIRMED, at, make_people
from tests.notifications.servers import Server
from tests.services.live_office import OPENED_IN_TIME, LiveOffice, make_mail_sender
from tests.services.mail import serving
from tests.storage.rows import make_letter, make_notice, sql

Found = Callable[..., LiveOffice]

NOW: Final = at("2023-01-11 08:30")
UNTOLD: Final = "2566-m1.1-chang-q1: ผู้ดำรงตำแหน่งปลัดเทศบาล should have been told by now."
"""The clerk's rung, three working days after the deadline: 11, 12, 13 January."""


def _run(live: LiveOffice) -> LiveOffice:
    """One normal morning: the measure, then the mail."""
    live.mornings(*OPENED_IN_TIME, "2023-01-11")
    _send(live, NOW)
    return live


def _send(live: LiveOffice, now: datetime) -> None:
    with serving(Server()) as port:
        asyncio.run(deliver(live.store, live.key, make_mail_sender(port, lambda: now)))


def _findings(live: LiveOffice, after: timedelta = timedelta(hours=2)) -> tuple[str, ...]:
    return said(live.audit(NOW + after))


def said(found: Audit) -> tuple[str, ...]:
    assert all(one.sentence_thai for one in found.findings)
    return tuple(map(str, found.findings))


def test_a_normal_morning_is_clean(office: Found) -> None:
    live = _run(office())
    found = live.audit(NOW + timedelta(hours=6))
    assert found.is_clean
    assert found.lines == len(live.ledger())


def test_an_office_without_work_is_clean(office: Found) -> None:
    assert office().audit(at("2022-09-20 08:30")).is_clean


def test_a_missing_opening_is_named_after_an_hour_of_grace(office: Found) -> None:
    live = office()
    opens = at("2022-10-03 08:30")
    assert live.audit(opens + timedelta(minutes=59)).is_clean
    assert said(live.audit(opens + timedelta(hours=1))) == ("2566-m1.1-chang-q1 should be open by now.",)


def test_an_untold_rung_is_named(office: Found) -> None:
    live = _run(office())
    assert live.audit(at("2023-01-13 09:29")).is_clean
    assert said(live.audit(at("2023-01-13 09:30"))) == (UNTOLD,)


def test_on_a_day_off_it_is_what_the_last_working_day_should_have_said(office: Found) -> None:
    live = _run(office())
    assert said(live.audit(at("2023-01-15 12:00"))) == (UNTOLD,)


def test_everybody_whom_a_missed_summary_should_have_told_is_named(office: Found) -> None:
    live = _run(office())
    live.mornings("2023-01-13", "2023-01-16")
    _send(live, at("2023-01-16 08:30"))
    assert live.audit(at("2023-01-20 10:00")).is_clean
    (found,) = [one for one in said(live.audit(at("2023-01-23 10:00"))) if "chang-q1" in one]
    names = ("เจ้าหน้าที่กองช่าง", "ผู้อำนวยการกองช่าง", "ปลัดเทศบาล", "นายกเทศมนตรี")
    assert [name for name in names if f"ผู้ดำรงตำแหน่ง{name}" in found] == list(names)


def test_a_reminder_to_decide_that_nobody_got_is_named(office: Found) -> None:
    live = _run(office())
    with live.desk() as desk:
        result = Result("ทำแล้ว", NONE_CONFIRMED, NONE_CONFIRMED)
        hand_in(desk, "2566-m1.1-chang-q1", result, by="the-chang-officer", now=at("2023-01-11 09:00"))
    _send(live, at("2023-01-11 09:00"))
    assert live.audit(at("2023-01-12 12:00")).is_clean
    (found,) = said(live.audit(at("2023-01-13 12:00")))  # two working days: 12, 13 January
    assert found == "2566-m1.1-chang-q1: ผู้ดำรงตำแหน่งผู้อำนวยการกองช่าง should have been told by now."


def test_an_acknowledged_escalation_is_not_missed(office: Found) -> None:
    live = _run(office())
    with live.desk() as desk:
        acknowledge(desk, "2566-m1.1-chang-q1", by="the-clerk", now=NOW)
    _send(live, NOW)
    assert live.audit(at("2023-01-13 10:00")).is_clean
    live.mornings("2023-01-16")
    _send(live, at("2023-01-16 08:30"))
    assert live.audit(at("2023-01-20 10:00")).is_clean
    assert not live.audit(at("2023-01-23 10:00")).is_clean  # the first summary from seven days after on


def test_a_notice_that_no_letter_tells_is_named(office: Found) -> None:
    live = _run(office())
    with live.desk() as desk:
        desk.uow.notices.add([make_notice("forgotten")], NOW)
    assert _findings(live, timedelta(minutes=59)) == ()
    assert _findings(live) == ("1 notices wait to be put into letters, the first is forgotten.",)


def test_a_stuck_letter_is_named_with_its_reason(office: Found) -> None:
    live = _run(office())
    with live.desk() as desk:
        letter = make_letter(created_at=NOW, next_try_at=NOW, remark="No mail server answers")
        desk.uow.letters.add([letter])
    assert _findings(live, timedelta(hours=3)) == ()
    (found,) = _findings(live, timedelta(hours=5))
    assert found.startswith("The letter to the-chang-officer of 2023-01-11 01:30 UTC waits")
    assert "No mail server answers" in found


def test_a_letter_that_is_written_anew_at_every_try_is_stuck_since_the_first(office: Found) -> None:
    live = _run(office())
    with live.desk() as desk:
        anew = NOW + timedelta(hours=4)
        desk.uow.letters.add([make_letter(created_at=anew, next_try_at=anew, first_tried_at=NOW, attempts=5)])
    (found,) = _findings(live, timedelta(hours=5))
    assert found.startswith("The letter to the-chang-officer")


def test_a_parked_letter_is_named_with_the_command_that_helps(office: Found) -> None:
    live = _run(office())
    with live.desk() as desk:
        desk.uow.letters.add([make_letter(state=LetterState.PARKED)])
    (found,) = _findings(live)
    assert found.startswith("1 letters are parked")
    assert "sucharit outbox --resend" in found


def test_a_broken_ledger_is_named_and_the_rest_is_looked_at(office: Found, store: Store) -> None:
    live = _run(office())
    sql(store, "UPDATE ledger SET actor = 'x' WHERE seq = 2")
    found = said(live.audit(at("2023-01-13 10:00")))
    assert "Line 2 of the ledger of “ban-mai”" in found[0]
    assert found[1:] == (UNTOLD,)


def test_a_division_that_left_the_office_is_named(office: Found) -> None:
    live = _run(office())
    with live.desk() as desk:
        desk.uow.people.save(make_people(divisions=tuple(d for d in DIVISIONS if d.key != "chang")))
    assert "“กองช่าง” (step m1.1)" in _findings(live)[0]


def test_looking_changes_nothing(office: Found) -> None:
    live = office()
    before = (live.assignments(), len(live.ledger()))
    assert not live.audit(NOW).is_clean
    assert (live.assignments(), len(live.ledger())) == before
