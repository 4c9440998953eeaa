from __future__ import annotations

from typing import Any

import pytest

from domain.complaints import is_about_complaints, speaks_of_complaints
from domain.figures import Answer, EvidenceLine, Snapshot, StepResult
from domain.public_report import COUNTED, left_out, public_snapshot, to_read_closely
from tests.reports.factories import make_measure, make_result, make_snapshot, make_step

NAME = "นายสมชาย-1103700012345.jpg"
FILES = (
    EvidenceLine(name=NAME, sha256="a" * 64, size_bytes=9),
    EvidenceLine(name="https://drive.example/somchai", sha256="b" * 64, url="https://drive.example/somchai"),
)
SECRET = "นางสาวมาลีร้องว่าถูกเรียกเงิน"


def told(step: StepResult, **measure: Any) -> Snapshot:
    return make_snapshot(make_measure(step, **{"indicators": (2,), "title": "การใช้งบประมาณ"} | measure))


@pytest.mark.parametrize(
    "text", ["จัดการเรื่องร้องเรียนการทุจริต", "เรื่อง ร้อง\nเรียน", "ช่องทางแจ้ง\u200bเบาะแส", "ศูนย์รับเรื่องร้องทุกข์"]
)
def test_words_about_complaints_are_known_however_lines_break(text: str) -> None:
    assert speaks_of_complaints("", text)


def test_the_indicator_alone_is_enough_and_other_words_are_not() -> None:
    assert is_about_complaints((2, 5), "มาตรการ")
    assert not is_about_complaints((2,), "นักเรียนร้องเพลง", "จัดประชุม")


def test_evidence_is_numbered_through_the_report_the_same_file_once_and_names_nothing() -> None:
    step = make_step(make_result(evidence=FILES), make_result(evidence=FILES[:1]))
    public = public_snapshot(told(step))
    text = public.model_dump_json()
    assert [line.name for r in public.measures[0].steps[0].divisions for line in r.evidence] == [
        "หลักฐานที่ ๑ (ไฟล์)", "หลักฐานที่ ๒ (ลิงก์)", "หลักฐานที่ ๑ (ไฟล์)",
    ]  # fmt: skip
    assert not [word for word in (NAME, "drive.example", "a" * 8, "b" * 8) if word in text]


@pytest.mark.parametrize(
    "frozen",
    [
        told(make_step(make_result(problems=Answer(text=SECRET)), text="ติดตามเรื่องร้องเรียน")),
        told(make_step(make_result(suggestions=Answer(text=SECRET))), title="มาตรการจัดการเรื่องร้องเรียน"),
        told(make_step(make_result(reason=f"มีผู้ร้องเรียน: {SECRET}"))),
        told(make_step(make_result(result=f"มีผู้ร้องเรียน: {SECRET}"))),
    ],
    ids=["step", "title", "reason", "answer"],
)
def test_what_is_about_complaints_is_counted_and_not_told(frozen: Snapshot) -> None:
    public = public_snapshot(frozen)
    assert SECRET in frozen.model_dump_json()
    assert SECRET not in public.model_dump_json()
    assert COUNTED in public.model_dump_json()
    assert (public.totals, public.measures[0].totals) == (frozen.totals, frozen.measures[0].totals)
    assert left_out(frozen) == ((frozen.measures[0].number, frozen.measures[0].steps[0].text),)


def test_everything_else_stands_as_it_was_frozen() -> None:
    frozen = told(make_step(make_result(result="จัดประชุมแล้ว", evidence=())))
    assert public_snapshot(frozen) == frozen
    assert left_out(frozen) == ()


def test_a_measure_of_the_indicator_is_published_and_to_be_read_closely() -> None:
    frozen = told(make_step(make_result(result="ประชุมประจำเดือน", evidence=())), indicators=(5,))
    assert public_snapshot(frozen) == frozen
    assert to_read_closely(frozen) == (frozen.measures[0].number,)
    assert to_read_closely(told(make_step())) == ()
