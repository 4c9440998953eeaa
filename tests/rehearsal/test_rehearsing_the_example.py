from __future__ import annotations

import csv
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

import pytest
from docx import Document

from domain.fiscal import FiscalYear
from domain.thai import BANGKOK
from domain.workdays import HolidayOverride
from notifications.mail_folder import SUFFIX
from plans.examples import plan_2566
from services.office import offices
from services.office.usual_office import usual_office, usual_people
from services.rehearsal.rehearse import plan_on_trial, rehearse
from storage.store import Store
from tests.cli.command import Answer, Sucharit
from tests.factories import at

PLAN: Final = plan_2566().plan
SILENT: Final = "กองช่าง"
DOUBTS: Final = (
    "plan.measures_missing",
    "t0r1.step_numbering_starts_late",
    "t0r2.steps_missing",
    "t2r1.probable_continuation",
    "t2r1.measure_repeated",
    "t1r2.reporting_not_stated",
    "t2r2.letter_spaced_text",
    "t2r2.reporting_not_stated",
    "t3r1a.values_do_not_pair",
)

# Quarter 2 ends on 31 March 2023 and is due five working days later: 3, 4, 5, 7 and 10 April (the 6th is off).
# Songkran takes 13, 14 and 17 April; 1 May is a working day of government; 4, 5 and 17 May and 5 June are off.
# Seven working days after the deadline is Monday 24 April: from then on everybody is told on the first working day of
# each week.
MAYOR: Final = [
    date(2023, 4, 24),
    date(2023, 5, 1),
    date(2023, 5, 8),
    date(2023, 5, 15),
    date(2023, 5, 22),
    date(2023, 5, 29),
    date(2023, 6, 6),
    date(2023, 6, 12),
    date(2023, 6, 19),
    date(2023, 6, 26),
    date(2023, 7, 3),
]
HEAD: Final = [date(2023, 4, 11), *MAYOR]
CLERK: Final = [date(2023, 4, 18), *MAYOR]
NEXT_QUARTER_IS_LATE: Final = date(2023, 7, 10)


def play(out: Path, cwd: Path, **environment: str) -> Answer:
    return Sucharit(cwd / "unused", environment).run(
        "rehearse", PLAN, "--silent", SILENT, "--out", os.path.relpath(out, cwd), cwd=cwd
    )


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Answer]:
    folder = tmp_path_factory.mktemp("rehearsal")
    answer = play(folder / "out", folder, PYTHONHASHSEED="1", TZ="Asia/Bangkok")
    assert answer.code == 0, answer
    return folder / "out", answer


@pytest.fixture(scope="module")
def out(played: tuple[Path, Answer]) -> Path:
    return played[0]


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def rows(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))


def test_another_process_with_another_hash_seed_zone_and_folder_writes_the_same_bytes(
    out: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "ที่อื่น"
    elsewhere.mkdir()
    answer = play(tmp_path / "again" / "out", elsewhere, PYTHONHASHSEED="2", TZ="America/Los_Angeles", LC_ALL="C")
    assert answer.code == 0, answer
    assert tree(tmp_path / "again" / "out") == tree(out)
    assert not (elsewhere / "unused").exists()


def test_open_doubts_are_named_and_stop_nothing(played: tuple[Path, Answer]) -> None:
    said = played[1].out
    assert f"{len(DOUBTS)} doubts of the plan are open" in said
    assert ", ".join(DOUBTS) in said


def test_the_summary_says_what_the_folder_holds(played: tuple[Path, Answer]) -> None:
    out, answer = played
    letters = len(list((out / "mails").iterdir()))
    assert f"{letters} letters to {len(rows(out / 'load.csv'))} persons." in answer.out
    assert "Fault:" not in answer.out
    assert sorted(path.name for path in out.iterdir()) == [
        "escalations.csv", "load.csv", "mails", "reminders-to-decide.csv", "reports", "timeline.csv",
    ]  # fmt: skip


@pytest.mark.parametrize(("level", "days"), [("head", HEAD), ("clerk", CLERK), ("mayor", MAYOR)])
def test_who_is_told_of_a_silent_division_on_which_working_day(out: Path, level: str, days: list[date]) -> None:
    told = [row for row in rows(out / "escalations.csv") if (row["division"], row["level"]) == (SILENT, level)]
    found = [date.fromisoformat(row["on"]) for row in told]
    assert [day for day in found if day < NEXT_QUARTER_IS_LATE] == days
    assert {row["assignments"] for row, day in zip(told, found, strict=True) if day < NEXT_QUARTER_IS_LATE} == {"13"}


@pytest.mark.parametrize(
    ("address", "days"), [("chang.head", HEAD), ("clerk", CLERK), ("mayor", MAYOR)], ids=["head", "clerk", "mayor"]
)
def test_the_letters_say_the_same_as_the_list(out: Path, address: str, days: list[date]) -> None:
    found = []
    for file in sorted((out / "mails").glob(f"*-{address}@demo.invalid{SUFFIX}")):
        mail = message_from_bytes(file.read_bytes())
        text = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
        payload = text.get_payload(decode=True)
        assert isinstance(payload, bytes)
        if "-chang-q2]" in payload.decode() and "เลยกำหนด" in payload.decode():
            found.append(parsedate_to_datetime(mail["Date"]).astimezone(BANGKOK).date())
    assert [day for day in found if day < NEXT_QUARTER_IS_LATE] == days


def test_each_persons_letters_are_counted_as_they_lie_in_the_folder(out: Path) -> None:
    files = [file.name for file in (out / "mails").iterdir()]
    address = {person.name: person.email or "" for person in usual_people().persons}
    counted = {address[row["person"]]: int(row["letters"]) for row in rows(out / "load.csv")}
    assert counted == Counter(name.split("-", 4)[4].removesuffix(SUFFIX) for name in files)


def test_four_reports_open_in_word(out: Path) -> None:
    reports = sorted((out / "reports").iterdir())
    assert [report.name[:14] for report in reports] == [f"report-2566-q{quarter}" for quarter in (1, 2, 3, 4)]
    for report in reports:
        document = Document(str(report))
        assert document.tables
        assert any("๒๕๖๖" in paragraph.text for paragraph in document.paragraphs)


def test_a_plan_is_rehearsed_for_another_fiscal_year() -> None:
    trial = plan_on_trial(PLAN, FiscalYear(2570))
    done = rehearse(trial.plan, usual_office(), usual_people())
    assert done.year == FiscalYear(2570)
    assert [(report.period.fiscal_year_be, report.period.number) for report, _ in done.reports][:1] == [(2570, 1)]
    assert {report.period.number for report, _ in done.reports} == {1, 2, 3, 4}
    assert not done.faults
    assert all(date(2026, 10, 1) <= told.on <= date(2027, 11, 30) for told in done.escalations)


def test_an_offices_own_people_and_holidays_are_used(tmp_path: Path) -> None:
    sucharit = Sucharit(tmp_path / "home")
    found_with_a_day_off(sucharit.store(), date(2023, 4, 10))
    before = sucharit.heads()
    words = ("--office", "banmai", "--silent", "chang", "--out", tmp_path / "out")
    said = sucharit.done("rehearse", PLAN, *words)
    told = [row for row in rows(tmp_path / "out" / "escalations.csv") if row["division"] == SILENT]
    # The day off moves the deadline to 11 April, and all that follows with it.
    assert [(row["on"], row["level"], row["person"]) for row in told[:3]] == [
        ("2023-04-12", "head", "ผู้อำนวยการกองช่าง (ตัวอย่าง)"),
        ("2023-04-19", "clerk", "ปลัดเทศบาล (ตัวอย่าง)"),
        ("2023-05-01", "mayor", "นายกบ้านใหม่"),  # the first Monday from seven days after, the 25th, on
    ]
    assert list((tmp_path / "out" / "mails").glob("*-2023-05-01-nayok@banmai.example.eml"))
    assert "seven usual divisions" not in said
    assert sucharit.heads() == before


def found_with_a_day_off(store: Store, day: date) -> None:
    people = usual_people()
    persons = [
        replace(person, name="นายกบ้านใหม่", email="nayok@banmai.example") if person.key == "mayor" else person
        for person in people.persons
    ]
    store.migrate()
    with store.unit_of_work("banmai") as uow:
        office = replace(usual_office(), key="banmai", is_demo=False)
        offices.create(uow, office, replace(people, persons=tuple(persons)), by="admin", now=at("2022-09-01 09:00"))
        uow.holidays.put(HolidayOverride(day, is_holiday=True, name="หยุดพิเศษ", source=""))
        uow.commit()
    store.close()


def some_mails(scratch: Path) -> bool:
    return len(list((scratch / "out" / "mails").glob("*.eml"))) > 50


def test_killed_in_the_middle_it_leaves_no_folder_under_its_name(out: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    for is_reached in (Path.is_dir, some_mails):
        kill_when(is_reached, tmp_path, target)
        assert not target.exists()
    again = Sucharit(tmp_path / "unused").run("rehearse", PLAN, "--silent", SILENT, "--out", target)
    assert again.code == 0, again
    assert tree(target) == tree(out)


def kill_when(is_reached: Callable[[Path], bool], folder: Path, target: Path) -> None:
    known = set(folder.glob(".rehearsal-*"))
    process = Sucharit(folder / "unused").start("rehearse", PLAN, "--silent", SILENT, "--out", target)
    try:
        while not any(is_reached(scratch) for scratch in set(folder.glob(".rehearsal-*")) - known):
            assert process.poll() is None
            time.sleep(0.005)
    finally:
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
