"""The step cell as steps with their sub-steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from plans.draft import Source, Step, SubStep
from plans.words.items import Item, Mark, split_items
from plans.words.recurrence import recurrence_of
from plans.words.text import overlap


def read_steps(paragraphs: Iterable[str], source: Source, after: int = 0) -> list[Step]:
    """Steps of a cell: numbered, dashed or plain paragraphs; dashes below a number are its sub-steps.

    `after` is the last number of the row above, where the cell goes on with that.
    """
    steps: list[Step] = []
    items = split_items(paragraphs, after)
    style = next((item.style for item in items if item.style), "")
    below = 0
    for item in items:
        if steps and _is_sub_step(item, steps[-1], style, below):
            sub_steps = (*steps[-1].sub_steps, SubStep(text=item.text, source=source))
            steps[-1] = steps[-1].model_copy(update={"sub_steps": sub_steps})
            below = item.number or below
        else:
            steps.append(_step(item, source))
            below = 0
    return steps


def _is_sub_step(item: Item, above: Step, style: str, below: int) -> bool:
    """Dashes and sub-numbers below a number are its sub-steps, and so are numbers of another style that begin there.

    `style` is how the cell writes the numbers of its steps, `below` the last number below the step above.
    """
    if above.number is None:
        return False
    if item.mark is Mark.DASH or (item.mark is Mark.SUB_NUMBER and item.style != style):
        return True
    return item.style not in {"", style} and item.number == below + 1


def _step(item: Item, source: Source) -> Step:
    number = item.number if item.mark in (Mark.NUMBER, Mark.SUB_NUMBER) else None
    return Step(text=item.text, number=number, recurrence=recurrence_of(item.text), source=source)


def first_number(steps: Iterable[Step]) -> int | None:
    """The first printed number."""
    return next((step.number for step in steps if step.number is not None), None)


def last_number(steps: Sequence[Step]) -> int | None:
    """The last printed number."""
    return first_number(reversed(steps))


def restart(steps: Sequence[Step]) -> int | None:
    """Index of the step whose number begins a second list at 1, if there is one."""
    numbered = [(index, step.number) for index, step in enumerate(steps) if step.number is not None]
    return next((index for index, number in numbered[1:] if number == 1), None)


def joined_text(above: str, below: str) -> tuple[str, str]:
    """The sentence that goes on over the page, and the words printed twice at the seam."""
    twice = overlap(above, below)
    if twice:
        return above + below[twice:], below[:twice]
    return f"{above} {below}", ""
