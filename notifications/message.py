"""Renders what one person is told into one mail: subject, plain text and HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, nodes, select_autoescape

from domain.errors import BadInputError
from domain.notice import Message, NoticeKind
from domain.thai import short_date, thai_digits, weekday_date
from notifications.grouping import sections, time_left
from notifications.own_words import DIGEST, LETTER, NAMES, PARTS, OwnWords, Part, Speaker
from notifications.wording import listed, plain

_EMPTY_LINES: Final = re.compile(r"\n{3,}")
_SPACE: Final = re.compile(r"\s+")
_SUBJECT: Final = re.compile(r"{% block words %}(.*?){% endblock %}")


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


def render(message: Message, words: OwnWords | None = None) -> Rendered:
    """One mail for everything in `message`, most urgent kind first, inside it by deadline, then by ref.

    Args:
        words: What the office says in its own words; the standard is said for the rest.

    Raises:
        EmptyMessageError: The message has no items.
    """
    if not message.items:
        raise EmptyMessageError(person=message.person_name)
    facts = _facts(message, words or {})
    return Rendered(
        subject=_SPACE.sub(" ", _fill(f"{facts['subject_of']}/subject.j2", facts)).strip(),
        text=_EMPTY_LINES.sub("\n\n", _fill("shared/layout.text.j2", facts)).strip() + "\n",
        html=_fill("shared/layout.html.j2", facts),
    )


def _facts(message: Message, words: OwnWords) -> dict[str, Any]:
    kinds = {item.kind for item in message.items}
    subject_of = kinds.pop().value if len(kinds) == 1 else DIGEST
    nearest = _nearest_due(message)
    own = Speaker(words, _names(message, nearest))
    return {
        "message": message,
        "sections": sections(message),
        "subject_of": subject_of,
        "count": len(message.items),
        "nearest": nearest,
        "own": own,
        "own_subject": own(subject_of, Part.SUBJECT),
    }


def _names(message: Message, nearest: str) -> dict[str, str]:
    """What an office's own words can have filled in."""
    values = (
        thai_digits(len(message.items)),
        nearest,
        plain(message.office_name),
        plain(message.person_name),
        weekday_date(message.written_on),
    )
    return dict(zip(NAMES, values, strict=True))


def standard_words() -> dict[str, dict[Part, str]]:
    """The words that letters have as long as an office has none of its own, by message and part."""
    words = {message: {part: _standard(message, part) for part in parts} for message, parts in PARTS.items()}
    return {message: {part: text for part, text in parts.items() if text} for message, parts in words.items()}


@cache
def _standard(message: str, part: Part) -> str:
    """Read from the template itself, so that nothing is written twice."""
    if message == LETTER:
        return ""
    loader = _environment(escapes=False).loader
    name = "subject" if part is Part.SUBJECT else "text"
    source = loader.get_source(_environment(escapes=False), f"{message}/{name}.j2")[0] if loader else ""
    text = _subject(source) if part is Part.SUBJECT else _spoken(source, part)
    return text.replace("{{ count|thai }}", "{{ จำนวน }}").replace("{{ nearest }}", "{{ กำหนด }}")


def _subject(source: str) -> str:
    match = _SUBJECT.search(source)
    return match[1] if match else ""


def _spoken(source: str, part: Part) -> str:
    """The words that `own` falls back to for the part; parsed, for a template may break the call into lines."""
    calls = _environment(escapes=False).parse(source).find_all(nodes.Call)
    spoken = (call.args for call in calls if isinstance(call.node, nodes.Name) and call.node.name == "own")
    return next((str(words.as_const()) for _, name, words in spoken if name.as_const() == part), "")


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
