"""The office's own file: who is there, who holds which post, what the office decides. YAML, edited by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import Field, ValidationError

from domain.errors import BadInputError, SucharitError
from domain.office import Office, OfficeKind, OfficeSettings
from domain.people import Division, DivisionKind, Holding, Level, People, Person, Post
from domain.values import Value
from notifications.policy import check_address

NO_EMAIL = "none"
"""What stands where a person has no address: said on purpose, so that a forgotten one is seen."""


class OfficeFileError(BadInputError):
    """The office's file cannot be used; nothing was changed."""

    english = "{file}: {problem} {remedy}"
    thai = "{file}: {problem} {remedy}"


ShortKey = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]
"""Keys that become part of names elsewhere (docs/decisions/0003): small letters, digits, underscore."""


class _Held(Value):
    person: str
    since: date
    until: date | None = None
    acting: bool = False


class _PostIn(Value):
    key: str
    title: str
    level: Level
    holders: tuple[_Held, ...] = ()


class _DivisionIn(Value):
    key: ShortKey
    name: str
    kind: DivisionKind = DivisionKind.DIVISION
    aliases: tuple[str, ...] = ()
    posts: tuple[_PostIn, ...] = ()


class _PersonIn(Value):
    key: str
    name: str
    email: str


class OfficeFile(Value):
    """The file's contents."""

    key: ShortKey
    name: str
    kind: OfficeKind
    district: str = ""
    province: str = ""
    settings: OfficeSettings = OfficeSettings()
    persons: tuple[_PersonIn, ...]
    posts: tuple[_PostIn, ...]
    divisions: tuple[_DivisionIn, ...]

    def office(self) -> Office:
        """The office the file describes."""
        return Office(self.key, self.name, self.kind, self.district, self.province, self.settings)

    def people(self) -> People:
        """Everybody the file describes."""
        placed = [(post, None) for post in self.posts]
        placed_below = [(post, division.key) for division in self.divisions for post in division.posts]
        posts = [*placed_below, *placed]
        return People(
            divisions=tuple(Division(d.key, d.name, d.kind, d.aliases) for d in self.divisions),
            posts=tuple(Post(post.key, post.title, post.level, division) for post, division in posts),
            persons=tuple(Person(p.key, p.name, None if p.email == NO_EMAIL else p.email) for p in self.persons),
            holdings=tuple(
                Holding(post.key, held.person, held.since, held.until, held.acting)
                for post, _ in posts
                for held in post.holders
            ),
        )


def read_office_file(path: Path) -> OfficeFile:
    """Read and check an office's file.

    Raises:
        OfficeFileError: With the place and the remedy; the first fault found is named.
    """
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        found = OfficeFile.model_validate(document)
    except OSError as error:
        raise OfficeFileError(
            file=path, problem=f"it cannot be read ({error.strerror}).", remedy="Check its name."
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problem = "it is no readable YAML: " + " ".join(str(error).split())
        raise OfficeFileError(file=path, problem=problem, remedy="`sucharit office template` prints one.") from error
    except ValidationError as error:
        raise OfficeFileError(file=path, problem=_place(error), remedy="Correct it and repeat.") from error
    for fault, remedy in _faults(found):
        raise OfficeFileError(file=path, problem=fault, remedy=remedy)
    return found


def _place(error: ValidationError) -> str:
    first: Any = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or "the file"
    if first["type"] == "missing" and first["loc"][-1] == "email":
        return f"{where}: a person without an address; write it, or `email: none` if notices shall be printed."
    return f"{where}: {first['msg']}."


def _faults(file: OfficeFile) -> Iterator[tuple[str, str]]:
    people = file.people()
    yield from _twice("person", [p.key for p in file.persons])
    yield from _twice("post", [p.key for p in people.posts])
    yield from _twice("division", [d.key for d in people.divisions])
    known = {person.key for person in people.persons}
    for holding in people.holdings:
        if holding.person not in known:
            yield f"post {holding.post} is held by “{holding.person}”, who is no person of the file.", "Add the person."
    for person in people.persons:
        if person.email is not None:
            try:
                check_address(person.email)
            except SucharitError as error:
                yield f"person {person.key}: {error}", ""
    levels = Counter(post.level for post in people.posts)
    for level in (Level.ADMINISTRATOR, Level.CLERK):
        if not levels[level]:
            yield f"no post has the level “{level}”.", "Somebody must get what nobody else can: add the post."


def _twice(what: str, keys: list[str]) -> Iterator[tuple[str, str]]:
    for key, count in Counter(keys).items():
        if count > 1:
            yield f"the {what} “{key}” stands there {count} times.", "Give each its own key."


def as_yaml(office: Office, people: People) -> str:
    """The file of an office that is there already, to be edited and read again."""
    return yaml.safe_dump(_document(office, people), allow_unicode=True, sort_keys=False, width=100)


def _document(office: Office, people: People) -> dict[str, Any]:
    def posts(division: str | None) -> list[dict[str, Any]]:
        return [
            {
                "key": post.key,
                "title": post.title,
                "level": post.level.value,
                "holders": [_held(h) for h in people.holdings if h.post == post.key],
            }
            for post in people.posts
            if post.division == division
        ]

    return {
        "key": office.key,
        "name": office.name,
        "kind": office.kind.value,
        "district": office.district,
        "province": office.province,
        "settings": office.settings.model_dump(mode="json"),
        "persons": [{"key": p.key, "name": p.name, "email": p.email or NO_EMAIL} for p in people.persons],
        "posts": posts(None),
        "divisions": [
            {
                "key": d.key,
                "name": d.name,
                "kind": d.kind.value,
                "aliases": list(d.aliases),
                "posts": posts(d.key),
            }
            for d in people.divisions
        ],
    }


def _held(holding: Holding) -> dict[str, Any]:
    held: dict[str, Any] = {"person": holding.person, "since": holding.start_on}
    if holding.end_on is not None:
        held["until"] = holding.end_on
    if holding.is_acting:
        held["acting"] = True
    return held
