from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from docx import Document

from domain.thai import BANGKOK
from services.outbox.deliver import deliver
from tests.cli.command import Sucharit
from tests.cli.conftest import KEY, assignment, last_morning, last_year
from tests.services.live_office import LiveOffice, make_mail_sender
from tests.services.mail import mailbox

OFFICER, HEAD = ("--by", "the-chang-officer"), ("--by", "the-chang-head")
NOTHING_ELSE = ("--no-problems", "--no-suggestions")


def test_a_result_with_evidence_is_handed_in_taken_back_returned_and_accepted(
    sucharit: Sucharit, tmp_path: Path
) -> None:
    evidence, which = tmp_path / "ภาพถ่าย.jpg", assignment(1)
    evidence.write_bytes(b"\xff\xd8 a photograph")
    hand_in = ("hand-in", which, *OFFICER, "--result", "จัดประชุมแล้ว", "--evidence", evidence)
    said = sucharit.done(*hand_in, *NOTHING_ELSE)
    assert said.startswith(f"{which}: handed_in, due")
    assert "Saved. Nobody is told yet: The clockwork does not answer at" in said
    assert "This need not be repeated" in said
    assert f"{which}: open" in sucharit.done("withdraw", which, *OFFICER)
    assert "handed_in" in sucharit.done(*hand_in, "--problems", "ฝนตก", "--suggestions", "จัดในร่ม")
    assert "returned" in sucharit.done("return", which, *HEAD, "--reason", "โปรดแนบรายชื่อ")
    assert "handed_in" in sucharit.done(*hand_in, *NOTHING_ELSE)
    assert "accepted" in sucharit.done("accept", which, *HEAD)

    shown = sucharit.done("show", which)
    moves = ("open", "hand_in", "withdraw", "hand_in", "return", "hand_in", "accept")
    told = [line.split("assignment.")[1].split()[0] for line in shown.splitlines() if "assignment." in line]
    assert [kind for kind in told if kind != "escalate"] == list(moves)
    assert evidence.read_bytes() in [
        file.read_bytes() for file in (sucharit.home / "files").rglob("*") if file.is_file()
    ]
    assert "unbroken" in sucharit.done("ledger", "verify")


def test_a_second_report_that_names_no_day_keeps_the_first_ones_and_says_so(sucharit: Sucharit) -> None:
    which, begun = assignment(1), datetime.now(BANGKOK).date() - timedelta(days=20)
    hand_in = ("hand-in", which, *OFFICER, "--result", "จัดประชุมแล้ว", *NOTHING_ELSE)
    assert f"The result is of {begun}." in sucharit.done(*hand_in, "--effective-on", begun)
    sucharit.done("return", which, *HEAD, "--reason", "โปรดแนบรายชื่อ")
    said = sucharit.done(*hand_in)
    assert f"The result is of {begun}, as reported before; --effective-on names another day." in said
    assert f"Done on: {begun}" in sucharit.done("show", which)


def test_a_text_that_is_too_long_is_refused_with_both_lengths(sucharit: Sucharit) -> None:
    said = sucharit.refused("hand-in", assignment(1), *OFFICER, "--result", "ก" * 20_001, *NOTHING_ELSE)
    assert said == "The result has 20,001 characters, 20,000 are possible. Shorten it by at least 1."


def test_time_is_asked_for_refused_and_granted(sucharit: Sucharit) -> None:
    which, until = assignment(2), datetime.now(UTC).date() + timedelta(days=60)
    ask = ("extend", which, *OFFICER, "--until", until, "--reason", "รอเอกสาร")
    before = sucharit.done("show", which)
    sucharit.done(*ask)
    sucharit.done("extend", which, *HEAD, "--refuse", "--reason", "เร่งด่วน")
    assert before.splitlines()[3] in sucharit.done("show", which)
    sucharit.done(*ask)
    said = sucharit.done("extend", which, *HEAD, "--grant")
    due_on = datetime.fromisoformat(said.split("due ")[1].split(",")[0]).date()
    assert until <= due_on <= until + timedelta(days=15)


def test_an_escalation_is_noted_and_a_step_stated_undoable(sucharit: Sucharit) -> None:
    assert "returned" not in sucharit.done("ack", assignment(3), "--by", "the-clerk")
    assert "cannot_do_stated" in sucharit.done("cannot-do", assignment(4), *OFFICER, "--kind", "no_budget")
    listed = json.loads(sucharit.done("assignments", "--json", "--all", "--division", "กองช่าง"))
    assert {row["id"]: row["state"] for row in listed}[assignment(4)] == "cannot_do_stated"
    assert {row["clock"] for row in listed if row["state"] == "open"} == {"overdue"}
    assert "0 assignments." in sucharit.done("assignments", "--division", "khlang")
    assert "3 assignments." in sucharit.done("assignments", "--overdue")


def test_a_supervisor_agrees_that_a_step_cannot_be_done_and_until_then_the_division_may_take_it_back(
    sucharit: Sucharit,
) -> None:
    which, stated = assignment(4), ("cannot-do", assignment(4), *OFFICER, "--kind", "no_budget")
    sucharit.done(*stated)
    assert "Nobody has agreed yet." in sucharit.done("show", which)
    assert f"{which}: open" in sucharit.done("withdraw", which, *OFFICER)
    sucharit.done(*stated)
    assert f"{which}: cannot_do, due" in sucharit.done("confirm", which, *HEAD)
    assert "Cannot be done: ไม่ได้รับงบประมาณ. Agreed." in sucharit.done("show", which)


def test_it_is_shown_with_whom_a_report_lies(sucharit: Sucharit) -> None:
    which = assignment(1)
    sucharit.done("hand-in", which, *HEAD, "--result", "จัดประชุมแล้ว", *NOTHING_ELSE)
    assert "Waits for ผู้ดำรงตำแหน่งปลัดเทศบาล since" in sucharit.done("show", which)


def test_nobody_decides_what_they_handed_in_themselves(sucharit: Sucharit) -> None:
    which = assignment(1)
    sucharit.done("hand-in", which, *HEAD, "--result", "จัดประชุมแล้ว", *NOTHING_ELSE)
    assert "ผู้ดำรงตำแหน่งปลัดเทศบาล" in sucharit.refused("accept", which, *HEAD)


def test_an_acknowledgment_has_words_and_a_last_day(sucharit: Sucharit) -> None:
    which, today = assignment(3), datetime.now(BANGKOK).date()
    said = sucharit.done("ack", which, "--by", "the-clerk", "--words", "ให้เร่งประชุม", "--until", today)
    assert f"Noted at the level clerk until {today}." in said
    assert f"at the level clerk on {today}, until {today}." in sucharit.done("show", which)


def test_a_second_acknowledgment_waits_until_somebody_above_was_told(sucharit: Sucharit) -> None:
    acknowledged = ("ack", assignment(3), "--by", "the-clerk")
    sucharit.done(*acknowledged)
    assert sucharit.refused(*acknowledged).startswith("You have acknowledged this, and nobody above has been told")


def test_a_report_is_frozen_listed_and_written(sucharit: Sucharit, tmp_path: Path) -> None:
    year = last_year().be
    assert "It is a draft: 1 assignments lack an answer." in sucharit.done("report", "freeze", year, 2)
    assert "Nothing frozen: nothing new since revision 1." in sucharit.done("report", "freeze", year, 2)
    assert "draft" in sucharit.done("report", "list")
    name = f"report-{year}-q2-r1-draft.docx"
    assert sucharit.done("report", "export", tmp_path / "reports").splitlines() == [
        str(tmp_path / "reports" / name), "1 reports.",
    ]  # fmt: skip
    assert Document(str(tmp_path / "reports" / name)).tables


def test_the_mail_of_a_delivery_is_seen_in_outbox_and_mailbox(sucharit: Sucharit) -> None:
    store = sucharit.store()
    with LiveOffice(store, KEY).reading() as desk:
        morning = last_morning(desk.workdays, datetime.now(UTC))
    with mailbox(sucharit.home / "mailbox") as port:
        sent = asyncio.run(deliver(store, KEY, make_mail_sender(port, lambda: morning))).sent
    store.close()
    assert sent
    assert sucharit.done("audit").startswith("Clean: everything due has happened")
    assert f"0 wait, {sent} sent, 0 parked, 0 to print." in sucharit.done("outbox")
    assert len(sucharit.done("outbox", "--state", "sent").splitlines()) == sent + 2
    assert f"{sent} mails in {sucharit.home / 'mailbox'}" in sucharit.done("mailbox")
    assert "Message-ID: <" in sucharit.done("mailbox", 1)
