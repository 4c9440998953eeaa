"""Renders what one person is told into one mail: subject, plain text and HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from domain.errors import BadInputError
from domain.notice import Message, NoticeKind
from domain.thai import short_date, thai_digits, weekday_date
from notifications.grouping import sections, time_left
from notifications.wording import listed, plain

_EMPTY_LINES: Final = re.compile(r"\n{3,}")
_SPACE: Final = re.compile(r"\s+")


class EmptyMessageError(BadInputError):
    """A message without items."""

    english = "A message to {person} has no items. Leave it out."
    thai = "ข้อความถึง {person} ไม่มีรายการ ไม่ต้องส่งข้อความนี้"


@dataclass(frozen=True, slots=True)
class Rendered:
    """The words of one mail. The subject is one line; the text ends with a line feed."""

    subject: str
    text: str
    html: str


def render(message: Message) -> Rendered:
    """One mail for everything in `message`, most urgent kind first, inside it by deadline, then by ref.

    Raises:
        EmptyMessageError: The message has no items.
    """
    if not message.items:
        raise EmptyMessageError(person=message.person_name)
    facts = _facts(message)
    return Rendered(
        subject=_SPACE.sub(" ", _fill(f"{facts['subject_of']}/subject.j2", facts)).strip(),
        text=_EMPTY_LINES.sub("\n\n", _fill("shared/layout.text.j2", facts)).strip() + "\n",
        html=_fill("shared/layout.html.j2", facts),
    )


def _facts(message: Message) -> dict[str, Any]:
    kinds = {item.kind for item in message.items}
    return {
        "message": message,
        "sections": sections(message),
        "subject_of": kinds.pop().value if len(kinds) == 1 else "digest",
        "count": len(message.items),
        "nearest": _nearest_due(message),
    }


def _nearest_due(message: Message) -> str:
    """The earliest deadline for the subject; accepted items count only when there is nothing else."""
    waiting = [item for item in message.items if item.kind is not NoticeKind.ACCEPTED] or message.items
    first = min(waiting, key=lambda item: (item.due_on, item.ref))
    several = len({item.due_on for item in waiting}) > 1
    left = time_left(first, message.written_on)
    due = f"{'ครบกำหนดแรกสุด' if several else 'ครบกำหนด'} {short_date(first.due_on)}"
    return f"{due} ({left})" if left else due


def _fill(template: str, facts: dict[str, Any]) -> str:
    return _environment(escapes=template.endswith(".html.j2")).get_template(template).render(facts)


@cache
def _environment(*, escapes: bool) -> Environment:
    # PackageLoader touches the disk, so nothing is made at import. HTML has an environment of its own in which
    # every template escapes: a sentence shared with the text would otherwise reach the page as it was written.
    environment = Environment(
        loader=PackageLoader("notifications", "messages"),
        autoescape=select_autoescape(enabled_extensions=(), default=escapes),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "thai": thai_digits,
        "short_date": short_date,
        "weekday_date": weekday_date,
        "listed": listed,
        "plain": plain,
    }
    return environment
