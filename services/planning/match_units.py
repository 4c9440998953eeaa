"""Ask once which divisions a plan's parties are, and keep the answers as other names of the divisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from domain.errors import BadInputError, SucharitError
from domain.ledger import Entry
from domain.matching import SECTION_WORDS, Match, MatchKind, letters, match_unit
from domain.people import Division, People
from domain.plan import Plan
from services.desk import Desk
from services.overview.rows import division_key


class UnitsOpenError(SucharitError):
    """The plan names parties that are no divisions by that name, and nobody has said which they are."""

    english = (
        "Names in the plan that are no division of the office by that name: {count}\n{questions}\n"
        "The office has: {divisions}.\n"
        "Nothing is stored. Say once which they are, and the office remembers it for every later plan:\n  {command}\n"
        "{hint}A division that is missing is added with `sucharit office update`."
    )
    thai = (
        "ชื่อผู้รับผิดชอบในแผนที่ไม่ตรงกับชื่อส่วนราชการของหน่วยงาน {count} รายการ\n{questions}\n"
        "หน่วยงานมี: {divisions}\n"
        "ยังไม่ได้บันทึก โปรดตอบครั้งเดียว ระบบจะจำไว้ใช้กับแผนต่อไป:\n  {command}\n"
        "{hint}หากหน่วยงานยังไม่มีส่วนราชการนั้น ให้เพิ่มด้วย `sucharit office update`"
    )


@dataclass(frozen=True, slots=True)
class UnitQuestion:
    """A party of the plan that is no division by that name: its match, and the keys of the steps that name it."""

    match: Match
    steps: tuple[str, ...]


def unit_questions(plan: Plan, people: People) -> list[UnitQuestion]:
    """What a person must say about the plan's parties, each name once, in the plan's order."""
    places: dict[str, dict[str, None]] = {}
    for _, step in plan.steps():
        for party in step.responsible.acting:
            places.setdefault(party.unit, {})[step.key] = None
    matches = ((match_unit(name, people), tuple(steps)) for name, steps in places.items())
    return [UnitQuestion(match, steps) for match, steps in matches if not match.is_certain]


def settle_units(
    desk: Desk,
    plan: Plan,
    answers: Mapping[str, Sequence[str]],
    *,
    accepts_proposals: bool,
    command: str,
    by: str,
    now: datetime,
) -> Desk:
    """Keep the answers about the plan's parties as other names of the divisions; return the office as it then is.

    Args:
        answers: Name in the plan to names or keys of the divisions it means.
        accepts_proposals: Whether every proposal holds where nothing is answered.
        command: What to type again, for the sentence that asks.

    Raises:
        UnitsOpenError: A party has no answer; every one is named, and nothing is kept.
        BadInputError: An answer to what is not asked.
        NotFoundError: An answer that is no division of the office.
    """
    questions = unit_questions(plan, desk.people)
    checked = _checked(answers, plan, questions, desk.people)
    for question in questions:
        proposed = question.match.proposal
        if accepts_proposals and proposed is not None:
            checked.setdefault(question.match.name, [proposed.key])
    if any(question.match.name not in checked for question in questions):
        raise _units_open(questions, checked, desk.people, command)
    return _keep(desk, {question.match.name: checked[question.match.name] for question in questions}, by=by, now=now)


def _checked(
    answers: Mapping[str, Sequence[str]], plan: Plan, questions: Sequence[UnitQuestion], people: People
) -> dict[str, list[str]]:
    named = {letters(p.unit): p.unit for _, step in plan.steps() for p in step.responsible.acting}
    asked = {question.match.name for question in questions}
    checked: dict[str, list[str]] = {}
    for name, divisions in answers.items():
        unit = named.get(letters(name))
        if unit is None:
            raise BadInputError(
                problem=f"The plan names no “{name}”.",
                problem_thai=f"แผนไม่ได้ระบุ “{name}”",
                remedy=f"It names: {', '.join(named.values())}.",
                remedy_thai=f"แผนระบุไว้ว่า: {', '.join(named.values())}",
            )
        keys = [division_key(division, people) for division in divisions]
        settled = [division.key for division in match_unit(unit, people).divisions]
        if unit not in asked and sorted(settled) != sorted(keys):
            raise BadInputError(
                problem=f"“{unit}” is known already: {', '.join(settled)}.",
                problem_thai=f"ระบบรู้จัก “{unit}” อยู่แล้ว: {', '.join(settled)}",
                remedy="Leave it out; to change it, edit `aliases` in `sucharit office show` and update the office.",
                remedy_thai="ไม่ต้องระบุอีก หากต้องการเปลี่ยน โปรดแก้ชื่อเรียกอื่นของส่วนราชการ",
            )
        checked[unit] = keys
    return checked


def _keep(desk: Desk, answers: Mapping[str, Sequence[str]], *, by: str, now: datetime) -> Desk:
    if not answers:
        return desk

    def named(division: Division) -> Division:
        new = [name for name, keys in answers.items() if division.key in keys]
        return replace(division, aliases=(*division.aliases, *new))

    desk.uow.offices.hold()  # everybody is saved as a whole: two answers at once must not undo each other
    people = desk.uow.people.get()
    desk.uow.people.save(replace(people, divisions=tuple(map(named, people.divisions))))
    for name, keys in answers.items():
        for key in keys:
            desk.uow.ledger.note(Entry(now, "division.named", by, key, {"alias": name}))
    return Desk.open(desk.uow)


def _units_open(
    questions: Sequence[UnitQuestion], checked: Mapping[str, Sequence[str]], people: People, command: str
) -> UnitsOpenError:
    still = [question for question in questions if question.match.name not in checked]
    options = [f'--unit "{name}={",".join(keys)}"' for name, keys in checked.items()]
    options += [f'--unit "{q.match.name}={q.match.proposal.key if q.match.proposal else "…"}"' for q in still]
    has_proposals = any(question.match.proposal for question in still)
    return UnitsOpenError(
        count=len(still),
        questions="\n".join(f"  {_asked(question, *_ENGLISH)}" for question in still),
        questions_thai="\n".join(f"  {_asked(question, *_THAI)}" for question in still),
        divisions=", ".join(map(_named, people.divisions)),
        command=" ".join([command, *options]),
        hint="Where every proposal is right, --accept-proposals is enough for those. " if has_proposals else "",
        hint_thai="หากข้อเสนอถูกต้องทั้งหมด ใช้ --accept-proposals แทนได้ " if has_proposals else "",
    )


_ENGLISH: Final = (
    "which division?",
    "a section, of which division?",
    "a post; is it {}?",
    "misspelt or an old name; is it {}?",
)
_THAI: Final = (
    "หมายถึงส่วนราชการใด",
    "เป็นงานหรือฝ่ายของส่วนราชการใด",
    "เป็นตำแหน่ง ใช่ {} หรือไม่",
    "อาจสะกดผิดหรือเป็นชื่อเดิม ใช่ {} หรือไม่",
)


def _asked(question: UnitQuestion, unknown: str, section: str, post: str, near: str) -> str:
    match = question.match
    words = section if letters(match.name).startswith(SECTION_WORDS) else unknown
    if match.proposal is not None:
        words = (post if match.kind is MatchKind.POST else near).format(_named(match.proposal))
    return f"“{match.name}” ({', '.join(question.steps)}): {words}"


def _named(division: Division) -> str:
    return f"{division.name} ({division.key})"
