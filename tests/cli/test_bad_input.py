"""What people get wrong: one sentence with the remedy, nothing changed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from plans.examples import plan_2566
from tests.cli.command import Sucharit, files_of_at_most
from tests.cli.conftest import assignment, last_year

PLAN: Final = plan_2566()
HAND_IN: Final = ("hand-in", "{q1}", "--by", "the-chang-officer", "--result", "เสร็จ")
NOTHING_ELSE: Final = ("--no-problems", "--no-suggestions")
WHO_MAY_HAND_IN: Final = ("(the-admin)", "(the-chang-head)", "(the-chang-officer)")

Words = tuple[str, ...]

FILES: Final[dict[str, tuple[Words, Words]]] = {
    "no plan": (("plan", "read", "letter.txt"), ("“letter.txt” has no table of measures.", "มาตรการ")),
    "empty": (("plan", "read", "empty.txt"), ("“empty.txt” is empty.", "save it and read it again")),
    "binary": (("plan", "read", "binary.txt"), ("“binary.txt” is not text in UTF-8", "Save it as text")),
    "missing": (("plan", "read", "missing.txt"), ("“missing.txt” cannot be opened", "Check the path")),
    "folder": (("plan", "read", "folder"), ("“folder” cannot be opened (Is a directory)", "Check the path")),
    "review to nowhere": (("plan", "read", str(PLAN.plan), "--review", "letter.txt/x"), ("Not a directory",)),
    "year of a draft": (("plan", "read", str(PLAN.plan), "--fiscal-year", "66"), ("“66” is not a fiscal year.",)),
    "import of a plan": (
        ("plan", "import", "letter.txt"),
        ("is the plan's document, not its review", "plan read letter.txt"),
    ),
    "import of bytes": (("plan", "import", "binary.txt"), ("“binary.txt” is not text", "Save it as text")),
    "import of nothing": (("plan", "import", "missing.yaml"), ("“missing.yaml” cannot be opened", "Check the path")),
    "office of nothing": (("office", "create", "missing.yaml"), ("missing.yaml: it cannot be read", "Check its name")),
    "office of bytes": (("office", "create", "binary.txt"), ("binary.txt: it is no readable YAML",)),
    "export into a file": (("report", "export", "letter.txt"), ("File exists (letter.txt)", "Check the name")),
    "print to nowhere": (("outbox", "--print", "letter.txt/x"), ("Not a directory (letter.txt/x)", "Check the name")),
}

NAMES: Final[dict[str, tuple[Words, Words]]] = {
    "activate a year without plan": (
        ("plan", "activate", "--fiscal-year", "2600"),
        ("There is no plan of fiscal year “2600” here.", "`sucharit plan import FILE` stores one."),
    ),
    "activate no year": (("plan", "activate", "--fiscal-year", "2026"), ("“2026” is not a fiscal year.", "2570")),
    "activate a revision that is not there": (
        ("plan", "activate", "--fiscal-year", "{year}", "--revision", "7"),
        ("with number “7” here. There is: 1.",),
    ),
    "since no day": (
        ("plan", "activate", "--fiscal-year", "{year}", "--since", "31/11/2569"),
        ("“31/11/2569” is no day.", "Write it like 2026-12-01"),
    ),
    "roll over from nothing": (("plan", "roll-over", "--from", "2600", "--to", "2601"), ("“2600”", "plan activate")),
    "freeze no year": (("report", "freeze", "2026", "1"), ("“2026” is not a fiscal year.",)),
    "office": (("assignments", "--office", "x"), ("There is no office “x” here.", "`sucharit office list`")),
    "division": (("assignments", "--division", "กองอวกาศ"), ("no division “กองอวกาศ”", "กองช่าง (chang)")),
    "assignment": (("show", "2570-nothing"), ("no assignment “2570-nothing”", "`sucharit assignments`")),
    "post": (("post", "hold", "king", "admin", "--from", "2026-01-01"), ("no post “king”", "sucharit office show")),
    "person": (("post", "hold", "mayor", "x", "--from", "2026-01-01"), ("no person “x”", "sucharit office show")),
    "days": (
        ("post", "hold", "mayor", "the-mayor", "--from", "2026-01-02", "--to", "2026-01-01"),
        ("2026-01-01 is before 2026-01-02.", "Give the first day first."),
    ),
    "holiday": (("holiday", "add", "30/2/2570", "x"), ("“30/2/2570” is no day.", "1/12/2569")),
    "holiday that is none": (("holiday", "remove", "2027-01-05"), ("no exception on “2027-01-05”", "holiday list")),
    "measure": (("schedule", "show", "{year}/banmai/m9"), ("no measure “{year}/banmai/m9”", "{year}/banmai/m1.")),
    "no measure": (("schedule", "show", "m9"), ("“m9” names no measure.", "Write it like 2570/demo/m3.")),
    "letter": (("outbox", "--resend", "x"), ("no parked letter “x”", "sucharit outbox --state parked")),
    "mail": (("mailbox", "1"), ("There is no mail 1.", "The mailbox holds 0.")),
    "demonstration": (("demo", "remove"), ("There is no office “demo” here.",)),
}

MOVES: Final[dict[str, tuple[Words, Words]]] = {
    "neither": (HAND_IN, ("The heading “problems” is not answered.", "--problems TEXT", "--no-problems")),
    "both": ((*HAND_IN, "--problems", "x", *NOTHING_ELSE), ("--problems and --no-problems contradict each other.",)),
    "blank result": (
        ("hand-in", "{q1}", "--by", "the-chang-officer", "--result", " ", *NOTHING_ELSE),
        ("the result is missing.",),
    ),
    "empty evidence": ((*HAND_IN, *NOTHING_ELSE, "--evidence", "empty.txt"), ("empty.txt is empty.", "readable file")),
    "missing evidence": ((*HAND_IN, *NOTHING_ELSE, "--evidence", "x.jpg"), ("There is no file x.jpg.", "Check its")),
    "folder as evidence": ((*HAND_IN, *NOTHING_ELSE, "--evidence", "folder"), ("There is no file folder.",)),
    "wrong day": ((*HAND_IN, *NOTHING_ELSE, "--effective-on", "yesterday"), ("“yesterday” is no day.",)),
    "stale": ((*HAND_IN, *NOTHING_ELSE, "--version", "1"), ("was changed by somebody else", "read it again")),
    "stranger": (("hand-in", "{q1}", "--by", "x", "--result", "y", *NOTHING_ELSE), ("x may not", *WHO_MAY_HAND_IN)),
    "other division": (
        ("hand-in", "{q1}", "--by", "the-khlang-officer", "--result", "y", *NOTHING_ELSE),
        ("the-khlang-officer may not", *WHO_MAY_HAND_IN),
    ),
    "own review": (("accept", "{q1}", "--by", "the-chang-officer"), ("may not accept", "(the-chang-head)")),
    "not handed in": (("accept", "{q1}", "--by", "the-chang-head"), ("is “open”", "Look at its present state")),
    "unknown": (("accept", "x", "--by", "the-chang-head"), ("There is no assignment “x” here.",)),
    "two wishes": (("extend", "{q1}", "--by", "the-chang-head", "--grant", "--refuse"), ("Say one thing.", "--until")),
    "earlier day": (
        ("extend", "{q1}", "--by", "the-chang-officer", "--until", "1/10/2560", "--reason", "x"),
        ("a later day is missing.",),
    ),
    "other without words": (
        ("cannot-do", "{q1}", "--by", "the-chang-officer", "--kind", "other"),
        ("“Other” needs words.",),
    ),
}

CASES: Final = {
    f"{group}: {name}": case
    for group, cases in (("file", FILES), ("name", NAMES), ("move", MOVES))
    for name, case in cases.items()
}


def filled(text: str) -> str:
    return text.format(q1=assignment(1), year=last_year().be)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "letter.txt").write_text("เรียน นายกเทศมนตรี\n", encoding="utf-8")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "binary.txt").write_bytes(b"\x00\x81\xff\xfe" * 100)
    (tmp_path / "folder").mkdir()
    return tmp_path


@pytest.mark.parametrize("case", CASES)
def test_it_is_said_in_one_sentence_and_nothing_is_changed(sucharit: Sucharit, folder: Path, case: str) -> None:
    words, said = CASES[case]
    before = sorted(path.name for path in folder.iterdir())
    sentence = sucharit.refused(*map(filled, words), cwd=folder)
    assert "\n" not in sentence
    assert all(filled(part) in sentence for part in said), sentence
    assert sorted(path.name for path in folder.iterdir()) == before


def test_every_open_doubt_is_named_at_import(sucharit: Sucharit, tmp_path: Path) -> None:
    review = tmp_path / "review.yaml"
    sucharit.done("plan", "read", PLAN.plan, "--review", review)
    doubts = re.findall(r"^ *- doubt: (\S+)|^ *id: (\S+)", review.read_text(encoding="utf-8"), re.MULTILINE)
    sentence = sucharit.refused("plan", "import", review)
    assert sentence.startswith("9 doubts are open: 1 (plan.measures_missing), ")
    assert all("".join(found) in sentence for found in doubts)
    assert sucharit.done("plan", "list").count("\n") == 2


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("  email: palad.officer@demo.invalid\n", "", "persons.0.email: a person without an address; write it, or"),
        ("palad.officer@demo", "saraban@demo", "receives official letters, which must be registered by hand."),
        ("palad.officer@demo.invalid", "palad.officer", "“palad.officer” is not an e-mail address"),
        ("key: office", "key: Ban.Mai", "“Ban.Mai” may hold small letters a to z, digits and “_” only"),
    ],
    ids=["no address", "saraban", "no e-mail address", "key"],
)
def test_an_office_file_that_cannot_be_used(
    sucharit: Sucharit, tmp_path: Path, before: str, after: str, said: str
) -> None:
    file = tmp_path / "office.yaml"
    template = sucharit.done("office", "template")
    file.write_text(template.replace(before, after, 1), encoding="utf-8")
    sentence = sucharit.refused("office", "create", file)
    assert sentence.startswith(f"{file}: ")
    assert said in sentence
    assert "\n" not in sentence


def test_a_full_disk_keeps_the_hand_in_out_and_says_where_room_is_needed(sucharit: Sucharit, tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(b"x" * 2_000_000)
    words = ("--by", "the-chang-officer", "--result", "เสร็จ", *NOTHING_ELSE, "--evidence", "film.mp4")
    sentence = sucharit.refused("hand-in", assignment(1), *words, cwd=tmp_path, before=files_of_at_most(1_000_000))
    assert sentence.startswith("“film.mp4” could not be saved: File too large. Nothing is half-written.")
    assert sentence.endswith(f"Free some space in {sucharit.home / 'files'} and repeat.")
    assert [path for path in (sucharit.home / "files").rglob("*") if path.is_file()] == []


def test_a_file_where_the_folder_of_evidence_should_be_is_named(sucharit: Sucharit, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"x")
    (sucharit.home / "files").touch()
    words = ("--by", "the-chang-officer", "--result", "เสร็จ", *NOTHING_ELSE, "--evidence", "photo.jpg")
    sentence = sucharit.refused("hand-in", assignment(1), *words, cwd=tmp_path)
    assert "“photo.jpg” could not be saved: " in sentence
    assert str(sucharit.home / "files") in sentence


def test_a_wrong_option_is_named_in_plain_lines(sucharit: Sucharit) -> None:
    heads = sucharit.heads()
    answer = sucharit.run("cannot-do", assignment(1), "--by", "the-chang-officer", "--kind", "rain")
    assert answer.code == 2
    assert "Error: Invalid value for '--kind':" in answer.err.splitlines()[-1]
    assert "'no_budget', 'policy_changed', 'no_staff', 'other'" in answer.err
    assert sucharit.heads() == heads


def test_the_sentence_is_thai_where_thai_is_set(sucharit: Sucharit) -> None:
    assert sucharit.having(LANGUAGE="th").refused("show", "x").startswith("ไม่พบงาน “x”")
