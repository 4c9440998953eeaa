"""Rows that go on over a page: found by what is empty and by how the numbers go on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from plans import doubts
from plans.draft import LeftOut
from plans.layout.rows import TableRow
from plans.words.duties import duties_of
from plans.words.measure_cell import MeasureHead
from plans.words.steps import first_number, joined_text, last_number, read_steps
from plans.words.text import squeezed


def join_continuations(rows: Sequence[TableRow]) -> list[TableRow]:
    """Rows with every continuation joined to the row it goes on from, and the doubt beside it."""
    result: list[TableRow] = []
    head: MeasureHead | None = None
    for row in rows:
        if result and _is_one_row(result[-1], row):
            _add_step(result[-1], row)
        elif result and _goes_on(result[-1], head, row):
            _join(result[-1], row, is_repeated=bool(row.head) and _prints(rows, row.head) > 1)
        else:
            result.append(row)
            head = row.head or head
    return result


_SHARED: Final = ("responsible", "period", "monitoring", "responsible_support")


def _is_one_row(above: TableRow, row: TableRow) -> bool:
    """Who, when and how it is reported are one cell over both rows: the row only adds a step."""
    filled = {cell.role for cell in row.cells}
    shared = {*filled, *(["period"] if row.period else [])} & set(_SHARED)
    has_own = bool(row.extras) and not set(row.extras) <= row.merged
    is_same_measure = row.head is None or row.is_head_merged
    core = {"responsible", "period"} & (set(above.sources) & set(row.sources))
    return bool(core) and shared <= row.merged and core <= row.merged and is_same_measure and not has_own


def _add_step(above: TableRow, row: TableRow) -> None:
    above.steps.extend(row.steps)
    above.cells.extend(cell for cell in row.cells if cell.role not in row.merged)
    above.runs.extend(row.runs)


def _prints(rows: Sequence[TableRow], head: MeasureHead | None) -> int:
    return sum(1 for row in rows if row.head and head and row.head.is_same(head))


def _goes_on(above: TableRow, head: MeasureHead | None, row: TableRow) -> bool:
    """Tell whether a row is the rest of the one above.

    It has neither responsible nor period, and its measure cell is empty or the same, or its numbers go on
    where those above stop (seed, lines 16 and 19: ๑ ๒ ๓ and ๔ ๕).
    """
    if row.responsible or row.period or not (row.steps or row.monitoring):
        return False
    if above.is_bare_heading or not {"responsible", "period"} & set(row.sources):
        return False
    if row.head is None or (head is not None and row.head.is_same(head)):
        return True
    first, last = first_number(row.steps), last_number(above.steps)
    return first is not None and last is not None and first == last + 1


def _join(above: TableRow, row: TableRow, *, is_repeated: bool) -> None:
    if row.step_texts and (after := last_number(above.steps)):
        row.steps = read_steps(row.step_texts, row.source_of("steps"), after)
    facts = _facts(above, row)
    if facts["seam"]:
        _join_sentence(above, row)
    printed = row.head.title if row.head else ""
    above.steps.extend(row.steps)
    above.monitoring.extend(row.monitoring)
    above.cells.extend(row.cells)
    above.runs.extend(row.runs)
    above.extras |= {key: text for key, text in row.extras.items() if key not in above.extras}
    doubt = doubts.probable_continuation(above.id, row.source, above.source, printed, facts)
    above.doubts.append(doubt.model_copy(update={"id": f"{row.id}.{doubt.kind.value}"}))
    if row.head and is_repeated:
        doubt = doubts.measure_repeated(above.id, row.source, row.head.number, row.head.title, is_joined=True)
        above.doubts.append(doubt.model_copy(update={"id": f"{row.id}.{doubt.kind.value}"}))


def _facts(above: TableRow, row: TableRow) -> dict[str, object]:
    seam = _has_seam(above, row)
    return {
        "number": row.head.number if row.head else None,
        "title": row.head.title if row.head else "",
        "indicators": list(row.head.indicators) if row.head else [],
        "steps": len(row.steps) - seam,
        "duties": len(duties_of(row.monitoring)),
        "seam": [_last_text(above), row.steps[0].text] if seam else [],
        "row": row.id,
    }


def _has_seam(above: TableRow, row: TableRow) -> bool:
    """A first paragraph without a number, before numbers that go on, is the end of the sentence above."""
    if not above.steps or not row.steps or row.steps[0].number is not None or row.steps[0].sub_steps:
        return False
    text = row.steps[0].text
    return last_number(above.steps) is not None and not text.startswith(("-", "•")) and bool(squeezed(text))


def _last_text(above: TableRow) -> str:
    last = above.steps[-1]
    return last.sub_steps[-1].text if last.sub_steps else last.text


def _join_sentence(above: TableRow, row: TableRow) -> None:
    rest = row.steps.pop(0)
    text, twice = joined_text(_last_text(above), rest.text)
    last = above.steps[-1]
    if last.sub_steps:
        sub_steps = (*last.sub_steps[:-1], last.sub_steps[-1].model_copy(update={"text": text}))
        above.steps[-1] = last.model_copy(update={"sub_steps": sub_steps})
    else:
        above.steps[-1] = last.model_copy(update={"text": text})
    if twice:
        reason = "คำที่พิมพ์ซ้ำเมื่อขึ้นหน้าใหม่"
        above.left_out.append(LeftOut(text=twice, reason=reason, source=rest.source))
