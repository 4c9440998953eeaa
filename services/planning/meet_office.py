"""What an office asks about a plan that comes to it: whether it is its own, and of a year it works on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from domain.errors import BadInputError, SucharitError
from domain.fiscal import FiscalYear
from domain.office import Office
from domain.thai import thai_digits
from plans.draft import OF_OFFICE, DoubtKind
from plans.review import CORRECTED, Review, ReviewDoubt
from plans.words.authorities import Authority
from services.desk import Desk


class OfficeAsksError(SucharitError):
    """The plan is of another authority or year than the office, and nobody has said that it is meant."""

    english = "The plan does not fit the office. Nothing is stored.\n{questions}\nSay what holds: {command}"
    thai = "แผนไม่ตรงกับหน่วยงาน ยังไม่ได้บันทึก\n{questions_thai}\nโปรดตอบ: {command}"


def met(review: Review, desk: Desk, now: datetime, *, is_year_said: bool = False) -> Review:
    """The review with the questions that this office asks about it, those answered that were answered for it.

    Args:
        is_year_said: A person has named the year that the plan is for, so it is not asked about.
    """
    asked = [*_of_authority(review, desk.office), *([] if is_year_said else _of_year(review, desk, now))]
    before = {doubt.kind: doubt for doubt in review.doubts if doubt.kind in OF_OFFICE}
    of_document = [doubt for doubt in review.doubts if doubt.kind not in OF_OFFICE]
    doubts = [*of_document, *(_answered(doubt, before.get(doubt.kind)) for doubt in asked)]
    raised = review.doubts_raised + len(doubts) - len(review.doubts)
    return review.model_copy(update={"doubts": doubts, "doubts_raised": raised})


def _answered(doubt: ReviewDoubt, before: ReviewDoubt | None) -> ReviewDoubt:
    """The question with the answer given to the same one; a name is not put right by saying that it was."""
    if before is None or before.facts != doubt.facts:
        return doubt
    is_kept = before.answer in doubt.choices or (before.answer == CORRECTED and doubt.kind is DoubtKind.OTHER_YEAR)
    return doubt.model_copy(update={"answer": before.answer if is_kept else None})


def _of_authority(review: Review, office: Office) -> Iterator[ReviewDoubt]:
    """An office that names no place, as the demonstration and an unedited template, is nobody's: it asks nothing."""
    own = Authority.named(office.name, office.kind.value, office.district, office.province)
    printed = review.organization
    theirs = Authority.named(printed.name or "", printed.type or "", printed.district or "", printed.province or "")
    if office.is_demo or not own.place or not theirs.place or theirs.is_same(own):
        return
    named = " ".join(
        filter(
            None,
            (
                printed.name,
                printed.district and f"อำเภอ{printed.district}",
                printed.province and f"จังหวัด{printed.province}",
            ),
        )
    )
    yield ReviewDoubt(
        id=f"plan.{DoubtKind.OTHER_AUTHORITY.value}",
        kind=DoubtKind.OTHER_AUTHORITY,
        question=f"เอกสารเป็นของ “{named}” แต่กำลังนำเข้าเป็นแผนของ “{office.name}” "
        "ใช่แผนของหน่วยงานนี้หรือไม่ หากหยิบไฟล์ผิด ให้ลบเอกสารนี้",
        choices={
            "ours": "ใช่ เป็นแผนของหน่วยงานนี้ ชื่อในเอกสารพิมพ์ผิดหรือเป็นชื่อเดิม",
            "as_model": "เป็นแผนของหน่วยงานอื่น ตั้งใจนำมาใช้เป็นแผนของหน่วยงานนี้",
        },
        facts={"printed": named, "office": office.name},
    )


def _of_year(review: Review, desk: Desk, now: datetime) -> Iterator[ReviewDoubt]:
    """A plan of neither this fiscal year nor the next, nor of a year of which the office has a plan."""
    be, current = review.fiscal_year_be, FiscalYear.of(desk.workdays.local_day(now)).be
    if be is None or be in {current, current + 1} or desk.uow.plans.of_year(be):
        return
    printed, this, following = map(thai_digits, (be, current, current + 1))
    yield ReviewDoubt(
        id=f"plan.{DoubtKind.OTHER_YEAR.value}",
        kind=DoubtKind.OTHER_YEAR,
        question=f"แผนนี้เป็นของปีงบประมาณ {printed} แต่ปีนี้คือปีงบประมาณ {this} ใช้เป็นแผนของปีใด",
        choices={
            "this_year": f"ใช้เป็นแผนของปีงบประมาณ {this} เลื่อนทุกระยะเวลาเต็มปี",
            "next_year": f"ใช้เป็นแผนของปีงบประมาณ {following} เลื่อนทุกระยะเวลาเต็มปี",
            "as_printed": f"เป็นแผนของปีงบประมาณ {printed} จริง",
        },
        facts={"year": be, "this_year": current, "next_year": current + 1},
    )


def answered_at_once(review: Review, answers: Mapping[str, str], *, command: str, option: str) -> Review:
    """The review with answers that came beside it, once its office has nothing left to ask.

    Args:
        answers: By the question's id, with or without what stands before its kind: `other_year`.
        command: What to type again, for the sentence that asks.
        option: What is added to it for each question; `{id}` and `{choices}` are filled in.

    Raises:
        BadInputError: An answer to what is not asked, or none of its choices.
        OfficeAsksError: A question of the office has no answer.
    """
    doubts = {doubt.id.rpartition(".")[2]: doubt for doubt in review.doubts if doubt.kind in OF_OFFICE}
    for name, answer in answers.items():
        doubt = doubts.get(name.rpartition(".")[2])
        if doubt is None or answer not in doubt.choices:
            raise _unfit(name, answer, doubt, doubts)
        doubts[doubt.id.rpartition(".")[2]] = doubt.model_copy(update={"answer": answer})
    still_open = [doubt for doubt in doubts.values() if doubt.answer is None]
    if still_open:
        raise _asks(still_open, command, option)
    return review.model_copy(
        update={"doubts": [doubts.get(doubt.id.rpartition(".")[2], doubt) for doubt in review.doubts]}
    )


def _unfit(name: str, answer: str, doubt: ReviewDoubt | None, doubts: Mapping[str, ReviewDoubt]) -> BadInputError:
    options = ", ".join(doubt.choices if doubt else doubts) or "-"
    return BadInputError(
        problem=f"“{name}={answer}” answers nothing that the office asks about this plan.",
        problem_thai=f"“{name}={answer}” ไม่ใช่คำตอบของข้อที่หน่วยงานถามเกี่ยวกับแผนนี้",
        remedy=f"Use one of: {options}.",
        remedy_thai=f"โปรดใช้คำใดคำหนึ่ง: {options}",
    )


def _asks(doubts: list[ReviewDoubt], command: str, option: str) -> OfficeAsksError:
    return OfficeAsksError(
        questions="\n".join(f"  {_in_english(doubt)}" for doubt in doubts),
        questions_thai="\n".join(f"  {doubt.question}" for doubt in doubts),
        command=" ".join(
            [
                command,
                *(
                    option.replace("{id}", doubt.id.rpartition(".")[2]).replace("{choices}", " | ".join(doubt.choices))
                    for doubt in doubts
                ),
            ]
        ),
    )


def _in_english(doubt: ReviewDoubt) -> str:
    if doubt.kind is DoubtKind.OTHER_AUTHORITY:
        return f"It is a plan of “{doubt.facts['printed']}”, and the office is “{doubt.facts['office']}”."
    return f"It is of fiscal year {doubt.facts['year']}, and this is {doubt.facts['this_year']}."
