"""The office's own file: who is there, who holds which post, what the office decides. YAML, edited by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import Field, ValidationError

from domain.errors import BadInputError, SucharitError
from domain.fiscal import EARLIEST
from domain.office import Office, OfficeKind, OfficeSettings
from domain.people import Division, DivisionKind, Holding, Level, People, Person, Post
from domain.thai import gregorian_year
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


LongKey = Annotated[str, Field(min_length=1, max_length=100)]
"""Keys that stay inside the office; the database holds no longer ones."""


class _Held(Value):
    person: str
    since: date
    until: date | None = None
    acting: bool = False


class _PostIn(Value):
    key: LongKey
    title: str
    level: Level
    holders: tuple[_Held, ...] = ()


class _DivisionIn(Value):
    key: ShortKey
    name: str
    kind: DivisionKind = DivisionKind.DIVISION
    aliases: tuple[str, ...] = ()
    founded_on: date | None = None
    posts: tuple[_PostIn, ...] = ()


class _PersonIn(Value):
    key: LongKey
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
            divisions=tuple(Division(d.key, d.name, d.kind, d.aliases, d.founded_on) for d in self.divisions),
            posts=tuple(Post(post.key, post.title, post.level, division) for post, division in posts),
            persons=tuple(Person(p.key, p.name, None if p.email == NO_EMAIL else p.email) for p in self.persons),
            holdings=tuple(
                Holding(post.key, held.person, held.since, held.until, held.acting)
                for post, _ in posts
                for held in post.holders
            ),
        )


class _Loader(yaml.SafeLoader):
    """YAML as people mean it: a line given twice is a slip, not a correction."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 -- the library's signature
        """Refuse the second of two lines with the same name."""
        names = [name.value for name, _ in node.value]
        for place, name in enumerate(names):
            if name in names[:place]:
                problem = f"“{name}” stands there twice"
                raise yaml.constructor.ConstructorError(None, None, problem, node.value[place][0].start_mark)
        return super().construct_mapping(node, deep)

    def day(self, node: yaml.ScalarNode) -> Any:
        """Refuse a day such as 30 February with its place."""
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError as error:
            problem = f"“{node.value}” is no day of the calendar"
            raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark) from error


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.day)


def read_office_file(path: Path) -> OfficeFile:
    """Read and check an office's file.

    Raises:
        OfficeFileError: The file cannot be used: the first fault, with its place and the remedy.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise OfficeFileError(
            file=path,
            problem=f"it cannot be read ({error.strerror}).",
            problem_thai=f"อ่านไฟล์ไม่ได้ ({error.strerror})",
            remedy="Check its name.",
            remedy_thai="โปรดตรวจชื่อไฟล์",
        ) from error
    return parse_office_file(content, str(path))


def parse_office_file(content: bytes, path: str) -> OfficeFile:
    """Check the content of an office's file; `path` is what its faults call it.

    Raises:
        OfficeFileError: The file cannot be used: the first fault, with its place and the remedy.
    """
    try:
        document = _Loader(content.decode("utf-8")).get_single_data()
        parsed = OfficeFile.model_validate(document)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        why = " ".join(str(error).split())
        fault = _Fault(
            f"it is no readable YAML: {why}",
            "`sucharit office template` prints one.",
            f"ไม่ใช่ไฟล์ YAML ที่อ่านได้: {why}",
            "ขอไฟล์ตัวอย่างได้ด้วย `sucharit office template`",
        )
        raise OfficeFileError(file=path, **asdict(fault)) from error
    except ValidationError as error:
        raise OfficeFileError(file=path, **asdict(_place(error))) from error
    for fault in _faults(parsed):
        raise OfficeFileError(file=path, **asdict(fault))
    return parsed


@dataclass(frozen=True, slots=True)
class _Fault:
    """What is wrong in a file, and what to do about it."""

    problem: str
    remedy: str
    problem_thai: str
    remedy_thai: str


def _place(error: ValidationError) -> _Fault:
    first: Any = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    fault, fault_thai = f"{first['msg']}.", f"ค่านี้ใช้ไม่ได้ ({first['msg']})"
    if first["type"] == "missing" and first["loc"][-1] == "email":
        fault = "a person without an address; write it, or `email: none` if notices shall be printed."
        fault_thai = "บุคคลนี้ไม่มีอีเมล โปรดเขียนอีเมล หรือ `email: none` หากให้พิมพ์หนังสือแทน"
    elif first["type"] == "missing":
        fault_thai = "ขาดบรรทัดนี้"
    elif first["type"] == "extra_forbidden":
        fault_thai = "ไม่มีบรรทัดชื่อนี้ในไฟล์ของหน่วยงาน"
    elif first["type"] == "string_pattern_mismatch":
        fault = f"“{first['input']}” may hold small letters a to z, digits and “_” only, at most 40 of them."
        fault_thai = f"“{first['input']}” ใช้ได้เฉพาะ a-z ตัวเล็ก ตัวเลข และ “_” ไม่เกิน 40 ตัว"
    return _Fault(
        f"{where or 'the file'}: {fault}",
        "Correct it and repeat.",
        f"{where or 'ทั้งไฟล์'}: {fault_thai}",
        "โปรดแก้ไขแล้วทำอีกครั้ง",
    )


def _faults(file: OfficeFile) -> Iterator[_Fault]:
    people = file.people()
    yield from _twice("person", "บุคคล", [p.key for p in file.persons])
    yield from _twice("post", "ตำแหน่ง", [p.key for p in people.posts])
    yield from _twice("division", "ส่วนราชการ", [d.key for d in people.divisions])
    yield from _faults_of_holdings(people)
    for person in people.persons:
        if person.email is not None:
            try:
                check_address(person.email)
            except SucharitError as error:
                yield _Fault(
                    f"person {person.key}: {error}",
                    "Or write `email: none` if notices shall be printed.",
                    f"บุคคล {person.key}: {error.in_thai()}",
                    "หรือเขียน `email: none` หากให้พิมพ์หนังสือแทน",
                )
    try:
        _ = file.settings.zone
    except (KeyError, ValueError):
        zone = file.settings.time_zone
        yield _Fault(
            f"“{zone}” is no time zone.",
            "Thai offices write Asia/Bangkok.",
            f"“{zone}” ไม่ใช่เขตเวลา",
            "หน่วยงานในประเทศไทยใช้ Asia/Bangkok",
        )
    levels = Counter(post.level for post in people.posts)
    for level in (Level.ADMINISTRATOR, Level.CLERK):
        if not levels[level]:
            yield _Fault(
                f"no post has the level “{level}”.",
                "Somebody must get what nobody else can: add the post.",
                f"ไม่มีตำแหน่งระดับ “{level}”",
                "ต้องมีผู้รับเรื่องที่ไม่มีผู้อื่นรับได้ โปรดเพิ่มตำแหน่งนี้",
            )


def _faults_of_holdings(people: People) -> Iterator[_Fault]:
    keys = {person.key for person in people.persons}
    counted = Counter((held.post, held.person, held.start_on) for held in people.holdings)
    for held in people.holdings:
        post = f"post {held.post} is held by “{held.person}”"
        post_thai = f"ตำแหน่ง {held.post} มี “{held.person}” ดำรงตำแหน่ง"
        if held.person not in keys:
            yield _Fault(
                f"{post}, who is no person of the file.",
                "Add the person.",
                f"{post_thai} แต่ไม่มีบุคคลนี้ในไฟล์",
                "โปรดเพิ่มบุคคล",
            )
        if counted[held.post, held.person, held.start_on] > 1:
            yield _Fault(
                f"{post} from {held.start_on} twice.",
                "Leave one of the lines out.",
                f"{post_thai} ตั้งแต่ {held.start_on} ซ้ำกันสองบรรทัด",
                "โปรดตัดออกหนึ่งบรรทัด",
            )
        if held.end_on is not None and held.end_on < held.start_on:
            yield _Fault(
                f"{post} until {held.end_on}, before {held.start_on}.",
                "Give the first day in `since`.",
                f"{post_thai} ถึง {held.end_on} ซึ่งอยู่ก่อน {held.start_on}",
                "โปรดเขียนวันแรกที่ `since`",
            )
        for day in filter(None, (held.start_on, held.end_on)):
            if day.year >= EARLIEST:
                meant = f"{gregorian_year(day.year)}{day.isoformat()[4:]}"
                yield _Fault(
                    f"{post}: {day} is a year of the Buddhist era.",
                    f"Write it as {meant}.",
                    f"{post_thai}: {day} เป็นปี พ.ศ.",
                    f"ในไฟล์นี้โปรดเขียนเป็น {meant}",
                )


def _twice(what: str, what_thai: str, keys: list[str]) -> Iterator[_Fault]:
    for key, count in Counter(keys).items():
        if count > 1:
            yield _Fault(
                f"the {what} “{key}” stands there {count} times.",
                "Give each its own key.",
                f"{what_thai} “{key}” มี {count} ครั้ง",
                "โปรดใช้ชื่อย่อไม่ซ้ำกัน",
            )


class _PlainDumper(yaml.SafeDumper):
    """Writes a repeated day out each time: whoever edits one line must not break another."""

    def ignore_aliases(self, _data: object) -> bool:
        """Never make an anchor."""
        return True


def as_yaml(office: Office, people: People) -> str:
    """The file of an office that is there already, to be edited and read again."""
    document = _document(office, people)
    return yaml.dump(document, Dumper=_PlainDumper, allow_unicode=True, sort_keys=False, width=100)


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
                **({"founded_on": d.founded_on} if d.founded_on else {}),
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
