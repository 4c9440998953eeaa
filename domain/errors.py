"""What can go wrong, each with one sentence a person can act on, in English and in Thai."""

from __future__ import annotations

from typing import ClassVar, TypeVar


class SucharitError(Exception):
    """Base of every error that is meant for a person.

    A subclass sets two templates; its keyword arguments fill them and stay readable as `facts`. A fact that is words
    has a Thai twin: `remedy_thai` stands in for `remedy` in the Thai sentence.
    """

    english: ClassVar[str] = "Something is wrong."
    thai: ClassVar[str] = "มีบางอย่างไม่ถูกต้อง"

    def __init__(self, **facts: object) -> None:
        """Keep the facts and render the English sentence as the exception's text."""
        self.facts = facts
        super().__init__(self.english.format(**facts))

    def __reduce__(self) -> tuple[object, ...]:
        """Survive pickling between processes with the facts, not only the text."""
        return (_rebuild, (type(self), self.facts))

    def in_thai(self) -> str:
        """Return the sentence in Thai."""
        twins = {name.removesuffix("_thai"): fact for name, fact in self.facts.items() if name.endswith("_thai")}
        return self.thai.format(**self.facts | twins)


def _rebuild(kind: type[SucharitError], facts: dict[str, object]) -> SucharitError:
    return kind(**facts)


class NotFoundError(SucharitError):
    """A key that names nothing in this office."""

    english = "There is no {what} “{key}” here. {remedy}"
    thai = "ไม่พบ{what} “{key}” {remedy}"


Thing = TypeVar("Thing")


def there(thing: Thing | None, *, what: str, what_thai: str, key: object, remedy: str, remedy_thai: str) -> Thing:
    """What was looked for.

    Raises:
        NotFoundError: There is none.
    """
    if thing is None:
        raise NotFoundError(what=what, what_thai=what_thai, key=key, remedy=remedy, remedy_thai=remedy_thai)
    return thing


class BadInputError(SucharitError):
    """Input that cannot be used, with what to do about it."""

    english = "{problem} {remedy}"
    thai = "{problem} {remedy}"
