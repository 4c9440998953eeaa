"""Orders the items of one mail so that nothing is said twice: kind, rule, deadline, measure, step, division."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from domain.notice import Message, NoticeItem, NoticeKind
from notifications.wording import countdown, plain, rule_time, shorten

Key = TypeVar("Key", bound=Hashable)

STEP_LIMIT: Final = 160
CROWDED_LIMIT: Final = 90
CROWD: Final = 20
"""From this many items on, a phone reader needs the shorter step texts."""

_URGENCY: Final = {kind: rank for rank, kind in enumerate(NoticeKind)}


@dataclass(frozen=True, slots=True)
class Part:
    """One assignment of an entry: whose it is, how to quote it, where to open it."""

    division: str
    ref: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One step in one period, with every division of which the same is to be said."""

    step: str
    period: str
    by: str
    reason: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class MeasureGroup:
    """Entries of one measure."""

    number: int
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Next:
    """The notice that follows if nothing happens; `on` is None when there is none.

    Attributes:
        differs: The items of the group go to different posts of `to`, each to those of its own division.
    """

    on: date | None
    to: tuple[str, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """Measures with one deadline and one next notice. `countdown` is empty where it would only blame."""

    due_on: date
    countdown: str
    next: Next
    measures: tuple[MeasureGroup, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """Batches for which the same rule fired. `when` is empty when a person's move is the reason."""

    when: str
    batches: tuple[Batch, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Items of one kind. `division`, `period` and `next` are set when all of them share it, to be said once."""

    kind: NoticeKind
    count: int
    division: str | None
    period: str | None
    next: Next | None
    has_links: bool
    rules: tuple[Rule, ...]


def in_order(items: Iterable[NoticeItem]) -> list[NoticeItem]:
    """Items with the most urgent kind first, inside it by deadline, then by ref."""
    return sorted(items, key=lambda item: (_URGENCY[item.kind], item.due_on, item.ref))


def sections(message: Message) -> list[Section]:
    """The message's items by kind, most urgent first."""
    by_kind = _grouped(in_order(message.items), lambda item: item.kind)
    return [_section(kind, items, message) for kind, items in by_kind.items()]


def time_left(item: NoticeItem, today: date) -> str:
    """Countdown to the deadline; empty where late days would only blame."""
    # What was accepted is done, and what was handed in late waits for the supervisor, not for the division:
    # counting late days there would blame somebody for work already delivered.
    is_late = item.due_on < today
    if item.kind is NoticeKind.ACCEPTED or (item.kind is NoticeKind.HANDED_IN and is_late):
        return ""
    return countdown(item.due_on, item.workdays_left, today)


def _section(kind: NoticeKind, items: Sequence[NoticeItem], message: Message) -> Section:
    rules = _grouped(items, lambda item: item.rung_offset)
    return Section(
        kind=kind,
        count=len(items),
        division=_shared({plain(item.division_name) for item in items}),
        period=_shared({plain(item.period_label) for item in items}),
        next=_next(items) if len({item.next_on for item in items}) == 1 else None,
        has_links=any(item.link for item in items),
        rules=tuple(Rule(rule_time(offset), _batches(same, message)) for offset, same in rules.items()),
    )


def _batches(items: Sequence[NoticeItem], message: Message) -> tuple[Batch, ...]:
    groups = _grouped(items, lambda item: (item.due_on, item.next_on))
    return tuple(
        Batch(due_on, time_left(same[0], message.written_on), _next(same), _measures(same, _limit(message)))
        for (due_on, _), same in groups.items()
    )


def _measures(items: Sequence[NoticeItem], limit: int | None) -> tuple[MeasureGroup, ...]:
    groups = _grouped(items, lambda item: (item.measure_number, item.measure_title))
    return tuple(MeasureGroup(number, plain(title), _entries(same, limit)) for (number, title), same in groups.items())


def _entries(items: Sequence[NoticeItem], limit: int | None) -> tuple[Entry, ...]:
    groups = _grouped(items, lambda item: (item.step_text, item.period_label, item.by, item.reason))
    return tuple(
        Entry(_step(step, limit), plain(period), plain(by), plain(reason), tuple(map(_part, same)))
        for (step, period, by, reason), same in groups.items()
    )


def _part(item: NoticeItem) -> Part:
    return Part(plain(item.division_name), item.ref, item.link)


def _step(text: str, limit: int | None) -> str:
    return plain(text) if limit is None else shorten(plain(text), limit)


def _limit(message: Message) -> int | None:
    """How long a step text may be: whole when it is alone in the mail."""
    if len(message.items) == 1:
        return None
    return STEP_LIMIT if len(message.items) <= CROWD else CROWDED_LIMIT


def _next(items: Sequence[NoticeItem]) -> Next:
    """What follows for items that share the date; the posts of all of them, each once."""
    if items[0].next_on is None:
        return Next(None, (), differs=False)
    posts = dict.fromkeys(title for item in items for title in item.next_to)
    return Next(items[0].next_on, tuple(posts), differs=len({item.next_to for item in items}) > 1)


def _shared(values: set[Key]) -> Key | None:
    return values.pop() if len(values) == 1 else None


def _grouped(items: Iterable[NoticeItem], key: Callable[[NoticeItem], Key]) -> dict[Key, list[NoticeItem]]:
    groups: dict[Key, list[NoticeItem]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups
