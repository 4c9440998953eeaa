"""A report as the public reads it: evidence is numbered, complaints are counted, nothing else is changed."""

from __future__ import annotations

from typing import Final

from domain.complaints import COMPLAINTS, speaks_of_complaints
from domain.figures import Answer, DivisionResult, EvidenceLine, MeasureResult, Snapshot, StepResult
from domain.thai import thai_digits

COUNTED: Final = "(เกี่ยวกับเรื่องร้องเรียน เผยแพร่เฉพาะจำนวน)"
"""Stands in a published report where an answer is about complaints."""


def public_snapshot(frozen: Snapshot) -> Snapshot:
    """The figures as they may be published.

    Evidence stands as a number, without name, address and hash: a file's name may be a person's. Of a measure or
    step whose words are about complaints every answer is left out, elsewhere an answer that speaks of them; how the
    work stands is counted all the same.
    """
    numbers: dict[str, int] = {}  # by hash: the same file of several divisions has one number
    measures = tuple(_measure(measure, numbers) for measure in frozen.measures)
    return frozen.model_copy(update={"measures": measures})


def left_out(frozen: Snapshot) -> tuple[tuple[int, str], ...]:
    """Number of the measure and text of every step of which an answer is left out of the published report."""
    public = public_snapshot(frozen)
    pairs = (
        (measure, step, shown)
        for measure, public_measure in zip(frozen.measures, public.measures, strict=True)
        for step, shown in zip(measure.steps, public_measure.steps, strict=True)
    )
    return tuple(
        dict.fromkeys((m.number, step.text) for m, step, shown in pairs if any(map(_is_counted, shown.divisions)))
    )


def to_read_closely(frozen: Snapshot) -> tuple[int, ...]:
    """Numbers of the measures that serve the indicator of complaints: their answers may tell of one in other words."""
    return tuple(measure.number for measure in frozen.measures if COMPLAINTS in measure.indicators and measure.steps)


def _is_counted(shown: DivisionResult) -> bool:
    return COUNTED in (shown.result, shown.reason, shown.problems.text, shown.suggestions.text)


def _measure(measure: MeasureResult, numbers: dict[str, int]) -> MeasureResult:
    steps = tuple(_step(measure, step, numbers) for step in measure.steps)
    return measure.model_copy(update={"steps": steps})


def _step(measure: MeasureResult, step: StepResult, numbers: dict[str, int]) -> StepResult:
    # Not by the indicator: most of its measures are meetings and training, which the assessment wants to read.
    is_secret = speaks_of_complaints(measure.title, step.text)
    divisions = tuple(_counted(result) if is_secret else _public(result, numbers) for result in step.divisions)
    return step.model_copy(update={"divisions": divisions})


def _counted(result: DivisionResult) -> DivisionResult:
    """How it stands, and nothing that was written or attached."""
    answer = Answer(text=COUNTED)
    shown = {"result": COUNTED, "problems": answer, "suggestions": answer, "reason": "", "evidence": ()}
    return result.model_copy(update=shown)


def _public(result: DivisionResult, numbers: dict[str, int]) -> DivisionResult:
    shown = {
        "result": _text(result.result),
        "reason": _text(result.reason),
        "problems": result.problems.model_copy(update={"text": _text(result.problems.text)}),
        "suggestions": result.suggestions.model_copy(update={"text": _text(result.suggestions.text)}),
        "evidence": tuple(_numbered(line, numbers) for line in result.evidence),
    }
    return result.model_copy(update=shown)


def _text(words: str) -> str:
    return COUNTED if speaks_of_complaints(words) else words


def _numbered(line: EvidenceLine, numbers: dict[str, int]) -> EvidenceLine:
    number = numbers.setdefault(line.sha256, len(numbers) + 1)
    kind = "ลิงก์" if line.url is not None else "ไฟล์"
    return EvidenceLine(name=f"หลักฐานที่ {thai_digits(number)} ({kind})", sha256="")
