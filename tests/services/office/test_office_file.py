from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from domain.office import OfficeSettings
from services.office.office_file import OfficeFileError, as_yaml, parse_office_file, read_office_file
from services.office.offices import change
from services.office.usual_office import usual_office, usual_people
from tests.factories import at, make_office, make_people
from tests.services.live_office import LiveOffice

GOOD: Final = """
key: ban_mai
name: เทศบาลตำบลบ้านใหม่
kind: tambon_municipality
persons:
  - {key: somchai, name: นายสมชาย, email: somchai@office.go.th}
  - {key: somsri, name: นางสมศรี, email: none}
posts:
  - {key: clerk, title: ปลัดเทศบาล, level: clerk, holders: [{person: somchai, since: 2020-10-01}]}
  - {key: admin, title: ผู้ดูแลระบบ, level: administrator, holders: [{person: somchai, since: 2020-10-01}]}
divisions:
  - key: chang
    name: กองช่าง
    posts:
      - {key: chang-officer, title: เจ้าหน้าที่, level: officer, holders: [{person: somsri, since: 2020-10-01}]}
"""


def _file(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "office.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def _refusal(tmp_path: Path, text: str) -> str:
    with pytest.raises(OfficeFileError) as refused:
        read_office_file(_file(tmp_path, text))
    sentence = str(refused.value)
    assert "\n" not in sentence
    assert sentence == sentence.strip()
    assert sentence.startswith(str(tmp_path / "office.yaml") + ": ")
    return sentence.removeprefix(str(tmp_path / "office.yaml") + ": ")


def test_a_good_file_is_read(tmp_path: Path) -> None:
    found = read_office_file(_file(tmp_path, GOOD))
    people = found.people()
    assert found.office().name == "เทศบาลตำบลบ้านใหม่"
    assert [p.email for p in people.persons] == ["somchai@office.go.th", None]
    assert [(post.key, post.division) for post in people.posts] == [
        ("chang-officer", "chang"),
        ("clerk", None),
        ("admin", None),
    ]


FAULTS: Final = {
    "a person without an address": (
        (", email: none}", "}"),
        "persons.1.email: a person without an address; write it, or `email: none` if notices shall be printed.",
    ),
    "an empty address": (("somchai@office.go.th", "''"), "person somchai: “” is not an e-mail address."),
    "an address with a blank": (("somchai@office.go.th", "som chai@office.go.th"), "is not an e-mail address"),
    "a central mailbox": (("somchai@office.go.th", "saraban@office.go.th"), "receives official letters"),
    "an unknown holder": (("{person: somsri", "{person: somsak"), "held by “somsak”, who is no person of the file."),
    "a person twice": (("key: somsri", "key: somchai"), "the person “somchai” stands there 2 times."),
    "a post twice": (("key: admin", "key: clerk"), "the post “clerk” stands there 2 times."),
    "a division twice": (
        ("divisions:\n", "divisions:\n  - {key: chang, name: กองคลัง}\n"),
        "the division “chang” stands there 2 times.",
    ),
    "a line twice": (
        ("name: เทศบาลตำบลบ้านใหม่", "name: เทศบาลตำบลบ้านใหม่\nname: เทศบาลตำบลบ้านเก่า"),
        "“name” stands there twice",
    ),
    "a holding twice": (
        ("[{person: somsri, ", "[{person: somsri, since: 2020-10-01}, {person: somsri, "),
        "chang-officer is held by “somsri” from 2020-10-01 twice",
    ),
    "a holder who leaves before coming": (
        ("{person: somsri, since: 2020-10-01}", "{person: somsri, since: 2020-10-01, until: 2019-09-30}"),
        "until 2019-09-30, before 2020-10-01",
    ),
    "a day of the Buddhist era": (
        ("{person: somsri, since: 2020-10-01}", "{person: somsri, since: 2563-10-01}"),
        "2563-10-01 is a year of the Buddhist era. Write it as 2020-10-01.",
    ),
    "a day that does not exist": (("somsri, since: 2020-10-01", "somsri, since: 2020-02-30"), "2020-02-30"),
    "no clerk": (("level: clerk", "level: mayor"), "no post has the level “clerk”."),
    "no administrator": (("level: administrator", "level: mayor"), "no post has the level “administrator”."),
    "an unknown level": (("level: officer", "level: boss"), "level"),
    "an unknown word": (("kind: tambon_municipality", "kind: tambon_municipality\ncolour: red"), "colour"),
    "a number for a name": (("name: กองช่าง", "name: 12"), "divisions.0.name"),
    "a key with a slash": (("key: ban_mai", "key: ban/mai"), "key: “ban/mai” may hold small letters"),
    "a key with a dot": (("key: ban_mai", "key: ban.mai"), "key: “ban.mai” may hold small letters"),
    "a key that is too long": (("key: chang\n", f"key: {'x' * 70}\n"), "divisions.0.key"),
    "an unknown setting": (("persons:", "settings: {report_duee: 3}\npersons:"), "settings.report_duee"),
    "a time zone that is none": (("persons:", "settings: {time_zone: Asia/Bangkog}\npersons:"), "Asia/Bangkog"),
    "no YAML": (("key: ban_mai", "key: [ban-mai"), "it is no readable YAML"),
    "a tab": (("  - {key: somchai", "\t- {key: somchai"), "it is no readable YAML"),
    "a program in it": (("key: ban_mai", "key: !!python/object/apply:os.getcwd []"), "it is no readable YAML"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_each_fault_is_one_sentence(tmp_path: Path, what: str) -> None:
    (old, new), said = FAULTS[what]
    assert old in GOOD
    assert said in _refusal(tmp_path, GOOD.replace(old, new, 1))


@pytest.mark.parametrize("what", FAULTS)
def test_each_fault_is_said_in_thai_too(what: str) -> None:
    old, new = FAULTS[what][0]
    with pytest.raises(OfficeFileError) as refused:
        parse_office_file(GOOD.replace(old, new, 1).encode(), "office.yaml")
    assert len(re.findall("[ก-๙]", refused.value.in_thai())) > 30


@pytest.mark.parametrize("text", ["", "42", "- a\n- b\n", "just words"], ids=["empty", "number", "list", "words"])
def test_a_file_of_something_else_is_refused(tmp_path: Path, text: str) -> None:
    assert _refusal(tmp_path, text).startswith("the file: ")


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(OfficeFileError, match=r"nowhere.yaml: it cannot be read \(No such file or directory\)"):
        read_office_file(tmp_path / "nowhere.yaml")


def test_a_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(OfficeFileError, match="it cannot be read"):
        read_office_file(tmp_path)


def test_a_file_in_another_encoding_is_said(tmp_path: Path) -> None:
    (tmp_path / "office.yaml").write_bytes("name: เทศบาล".encode("cp874"))
    with pytest.raises(OfficeFileError, match="it is no readable YAML"):
        read_office_file(tmp_path / "office.yaml")


def test_the_first_fault_is_said_alone(tmp_path: Path) -> None:
    text = GOOD.replace("somchai@office.go.th", "x").replace("level: clerk", "level: mayor")
    assert _refusal(tmp_path, text).count("Correct") <= 1


WRITTEN: Final = {
    "the usual office": (usual_office(), usual_people()),
    "an office of its own": (
        make_office(key="ban_mai", settings=OfficeSettings(report_due=9)),
        make_people(acting={"chang-head": "the-clerk"}),
    ),
}


@pytest.mark.parametrize("which", WRITTEN)
def test_an_office_written_as_a_file_is_read_as_the_same(tmp_path: Path, which: str) -> None:
    office, people = WRITTEN[which]
    found = read_office_file(_file(tmp_path, as_yaml(office, people)))
    written = found.people()
    assert (written.divisions, written.persons) == (people.divisions, people.persons)
    # Posts come back division by division, the office's own last.
    assert sorted(written.posts, key=str) == sorted(people.posts, key=str)
    assert sorted(written.holdings, key=str) == sorted(people.holdings, key=str)
    assert (found.office().settings, found.office().name) == (office.settings, office.name)


def test_a_stored_office_is_written_read_and_stored_without_a_change(
    office: Callable[..., LiveOffice], tmp_path: Path
) -> None:
    live = office(key="ban_mai")
    with live.reading() as desk:
        before = (desk.office, desk.people)
    found = read_office_file(_file(tmp_path, as_yaml(*before)))
    with live.desk() as desk:
        change(desk.uow, found.office(), found.people(), by="the-admin", now=at("2023-01-01 08:30"))
    with live.reading() as desk:
        assert (desk.office, desk.people) == before
