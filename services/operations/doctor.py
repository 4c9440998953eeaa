"""Examine an installation: each check says what it found and, where it is no good, what to do."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.resources import files
from tempfile import TemporaryFile
from typing import Final

from domain.errors import SucharitError
from domain.outside_text import words_of
from domain.thai import date_time, thai_digits
from notifications.email import EmailChannel
from notifications.own_words import faults
from services import clock
from services.operations import mend_clock
from services.operations.audit import stuck_mail
from services.outbox.mail_server import mail_server
from services.outbox.wording import own_words
from services.private import MOST_SEEN, seen_by_others
from services.scheduler_key import key_file
from services.wiring import System
from storage.offices import Listed
from storage.store import Store

LEAST_FREE_MB: Final = 500
MOST_FILES: Final = 1000
"""Files of an office that are looked for, those named last."""
EARLIEST: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""This version was made later: a clock that shows less is wrong."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in both languages."""

    english: str
    thai: str


@dataclass(frozen=True, slots=True)
class Check:
    """Result of one check: what was found and, where it is no good, what to do."""

    what: str
    is_fine: bool
    sentence: str
    sentence_thai: str


def examine(running: System, office: str | None = None) -> Iterator[Check]:
    """Run every check; one that fails never stops the others.

    Args:
        office: Key of the only office to speak of; all of them, if not given.
    """
    checks: tuple[tuple[str, Callable[[System], Sentence]], ...] = (
        ("settings", _settings),
        ("home", _home),
        ("disk", _disk),
        ("database", partial(_database, only=office)),
        ("secret", _secret),
        ("files", partial(_files, only=office)),
        ("clock", partial(_clock, only=office)),
        ("Prefect", _prefect),
        ("mail", partial(_mail, only=office)),
        ("letters", partial(_letters, only=office)),
        ("fonts", _fonts),
        ("people", partial(_people, only=office)),
        ("wording", partial(_wording, only=office)),
    )
    for what, check in checks:
        sentence, is_fine = _outcome(running, check)
        yield Check(what, is_fine, sentence.english, sentence.thai)


def _outcome(running: System, check: Callable[[System], Sentence]) -> tuple[Sentence, bool]:
    try:
        return check(running), True
    except OSError as fault:
        reason = f"{fault.strerror or fault} ({fault.filename})"
        sentence = Sentence(f"{reason}. Check the name, the rights and the disk.", f"{reason} โปรดตรวจสอบชื่อ สิทธิ และดิสก์")
        return sentence, False
    except SucharitError as fault:
        return Sentence(str(fault), fault.in_thai()), False
    except _FaultError as fault:
        return fault.sentence, False
    except Exception as fault:  # noqa: BLE001 -- whatever one check stumbles over, the others are examined
        reason = words_of(fault)
        sentence = Sentence(f"it could not be examined: {reason}. Report this.", f"ตรวจไม่ได้: {reason} โปรดแจ้งผู้พัฒนา")
        return sentence, False


class _FaultError(Exception):
    """A check's finding, in words."""

    def __init__(self, english: str, thai: str) -> None:
        super().__init__(english)
        self.sentence = Sentence(english, thai)


def _settings(running: System) -> Sentence:
    folder = running.settings.folder
    return Sentence(f"everything is kept in {folder}", f"เก็บข้อมูลทั้งหมดไว้ที่ {folder}")


def _home(running: System) -> Sentence:
    """Letters, links and names of people lie there: they are for the service, not for every user of the machine."""
    folder, group = running.settings.folder, running.settings.home_group
    if seen := seen_by_others(folder, group):
        number = f"{len(seen)}{' or more' if len(seen) == MOST_SEEN else ''}"
        named = ", ".join(str(path) for path in seen[:3])
        raise _FaultError(
            f"other users of this machine can read or change {number} things in it, e.g. {named}. Stop the service and "
            f"start it again, which closes its own; what is left, close with `chmod -R go= {folder}` as its owner, or "
            f"move it away. A home shared on purpose: name its group with SUCHARIT_HOME_GROUP.",
            f"ผู้ใช้อื่นของเครื่องนี้อ่านหรือแก้ไขข้อมูลได้ {thai_digits(len(seen))} รายการ เช่น {named} โปรดหยุดแล้วเริ่มระบบใหม่ "
            f"ระบบจะปิดสิทธิของตนเอง ที่เหลือให้เจ้าของปิดด้วย `chmod -R go= {folder}` หรือย้ายออก "
            "หากตั้งใจใช้ร่วมกัน โปรดระบุกลุ่มด้วย SUCHARIT_HOME_GROUP",
        )
    if group:
        return Sentence(
            f"{folder} is shared with the group {group} (SUCHARIT_HOME_GROUP), and with nobody else",
            f"{folder} ใช้ร่วมกับกลุ่ม {group} (SUCHARIT_HOME_GROUP) ผู้อื่นเปิดไม่ได้",
        )
    return Sentence(f"{folder} is closed to other users of this machine", f"ผู้ใช้อื่นของเครื่องนี้เปิด {folder} ไม่ได้")


def _disk(running: System) -> Sentence:
    folder = running.settings.folder
    folder.mkdir(parents=True, exist_ok=True)
    TemporaryFile(dir=folder).close()  # free space helps nobody who may not write
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    if free_mb < LEAST_FREE_MB:
        raise _FaultError(
            f"only {free_mb} MB are free in {folder}. Free some space: at least {LEAST_FREE_MB} MB.",
            f"{folder} เหลือที่ว่างเพียง {thai_digits(free_mb)} MB โปรดเพิ่มที่ว่างให้มีอย่างน้อย {thai_digits(LEAST_FREE_MB)} MB",
        )
    free_gb = f"{free_mb / 1000:,.1f} GB"
    return Sentence(f"{free_gb} are free", f"เหลือที่ว่าง {thai_digits(free_gb)}")


def _database(running: System, only: str | None = None) -> Sentence:
    keys = [office.key for office in _of(_prepared(running).offices(), only)]
    named = ", ".join(keys)
    return Sentence(
        f"{len(keys)} offices: {named or 'none yet'}", f"{thai_digits(len(keys))} หน่วยงาน: {named or 'ยังไม่มี'}"
    )


def _of(offices: Iterable[Listed], only: str | None) -> list[Listed]:
    return [office for office in offices if only in (None, office.key)]


def _prepared(running: System) -> Store:
    if not running.store.is_current():
        raise _FaultError(
            "the tables are missing or of another version. `make up` brings them up to date.",
            "ยังไม่มีตาราง หรือตารางเป็นของรุ่นอื่น คำสั่ง `make up` ปรับให้ตรงรุ่น",
        )
    return running.store


def _clock(running: System, only: str | None = None) -> Sentence:
    """The ledger knows a time that has been: see services.clock."""
    now = running.clock()
    shown, shown_thai = f"{now:%Y-%m-%d %H:%M} UTC", date_time(now)
    if now < EARLIEST:
        raise _FaultError(
            f"it shows {shown}, which is past. Set it, best by network time (NTP).",
            f"นาฬิกาแสดง {shown_thai} ซึ่งผ่านไปแล้ว โปรดตั้งให้ถูกต้อง (NTP)",
        )
    wrong = [sentence for office in _after_database(running, only) if (sentence := _clock_of(running, office.key, now))]
    if wrong:
        raise _FaultError(
            " ".join(sentence.english for sentence in wrong), " ".join(sentence.thai for sentence in wrong)
        )
    return Sentence(f"{shown}, and it fits what the ledgers say", f"{shown_thai} ตรงกับสมุดบันทึก")


def _clock_of(running: System, office: str, now: datetime) -> Sentence | None:
    """What is wrong with the clock beside one office's ledger, and what to do."""
    with running.store.reader(office) as uow:
        error = clock.refusal(uow, now)
        if isinstance(error, clock.ClockBehindError):
            return Sentence(*mend_clock.remedy(uow, error, now))
    return Sentence(str(error), error.in_thai()) if error else None


def _after_database(running: System, only: str | None) -> list[Listed]:
    """Offices, for checks that say nothing new where the database itself is at fault."""
    try:
        return _of(_prepared(running).offices(), only)
    except (SucharitError, OSError, _FaultError) as fault:
        raise _FaultError(
            "not examined: first the database must be in order.", "ยังไม่ได้ตรวจ ต้องแก้ไขฐานข้อมูลก่อน"
        ) from fault


def _secret(running: System) -> Sentence:
    """Links in letters open only where they were signed with the secret that the pages have."""
    _after_database(running, None)
    running.secret  # noqa: B018 -- looking is the check
    place = running.settings.secret_place
    return Sentence(f"the one in {place} is the one that the database knows", f"กุญแจใน {place} ตรงกับที่ฐานข้อมูลรู้จัก")


def _files(running: System, only: str | None = None) -> Sentence:
    """A home of another machine has the same database, and not the files."""
    named = missing = 0
    for office in _after_database(running, only):
        with running.store.reader(office.key) as uow:
            newest = uow.named_files.newest(MOST_FILES)
        named += len(newest)
        missing += sum(not running.files.path(sha256).is_file() for sha256 in newest)
    folder = running.settings.folder / "files"
    if missing:
        raise _FaultError(
            f"{missing} of {named} files that the database names are not in {folder}: evidence, reports or plans. Copy "
            "them there from the machine that has them or from a backup; all machines of the service need one folder.",
            f"ไม่พบไฟล์ {thai_digits(missing)} จาก {thai_digits(named)} ไฟล์ที่ฐานข้อมูลอ้างถึงใน {folder} "
            "(หลักฐาน รายงาน หรือแผน) โปรดคัดลอกจากเครื่องที่มีไฟล์หรือจากสำเนาสำรอง ทุกเครื่องของระบบต้องใช้โฟลเดอร์เดียวกัน",
        )
    return Sentence(f"{named} that the database names are in {folder}", f"พบไฟล์ครบ {thai_digits(named)} ไฟล์ใน {folder}")


def _prefect(running: System) -> Sentence:
    url, key = running.settings.prefect_url, key_file(running.settings.folder)
    if not running.scheduler.is_up():
        raise _FaultError(
            f"nobody answers at {url}. Start the service with `make up`.",
            f"ไม่มีการตอบที่ {url} โปรดเริ่มระบบด้วยคำสั่ง `make up`",
        )
    deployments = running.scheduler.show()
    if not deployments:
        raise _FaultError(
            "it runs, but nothing is scheduled. `sucharit schedule apply` brings the plan in.",
            "ทำงานอยู่ แต่ยังไม่มีกำหนดการ คำสั่ง `sucharit schedule apply` นำกำหนดการของแผนเข้าระบบ",
        )
    workers = running.scheduler.workers()
    if not workers:
        raise _FaultError(
            "it runs, but no worker does: whatever is due waits. `make up` starts one, and again if it ends.",
            "ระบบตั้งเวลาทำงานอยู่ แต่ไม่มีตัวทำงาน (worker) รายการที่ถึงเวลาจึงรออยู่ คำสั่ง `make up` เริ่มให้ใหม่",
        )
    return Sentence(
        f"{len(deployments)} deployments at {url}, {workers} alive to run them; its pages ask for the line in {key}",
        f"{len(deployments)} รายการที่ {url} มีตัวทำงาน {workers} ตัว หน้าของ Prefect ถามรหัสซึ่งอยู่ในไฟล์ {key}",
    )


def _mail(running: System, only: str | None = None) -> Sentence:
    settings = running.settings
    if not settings.smtp_host:
        _listens("127.0.0.1", settings.mailbox_port)
        if any(not office.is_demo for office in _after_database(running, only)):
            raise _FaultError(
                "no SMTP server is set: no letter leaves this machine. Set SUCHARIT_SMTP_HOST and SUCHARIT_SENDER.",
                "ยังไม่ได้ตั้งเซิร์ฟเวอร์อีเมล (SMTP) จดหมายไม่ออกนอกเครื่องนี้ โปรดตั้ง SUCHARIT_SMTP_HOST และ SUCHARIT_SENDER",
            )
        return Sentence(
            f"letters of a demonstration do not leave this machine: its mailbox is on port {settings.mailbox_port}",
            f"จดหมายของข้อมูลสาธิตไม่ออกนอกเครื่องนี้ เก็บในตู้จดหมายที่พอร์ต {settings.mailbox_port}",
        )
    error = asyncio.run(EmailChannel(mail_server(settings)).greet())
    if error is not None:
        where = f"{settings.smtp_host}:{settings.smtp_port} ({settings.smtp_tls})"
        names = "SUCHARIT_SMTP_HOST, _PORT, _TLS, _USERNAME, _PASSWORD"
        raise _FaultError(
            f"{where} does not take us: {error} The settings are {names} and SUCHARIT_SENDER; letters wait meanwhile.",
            f"{where} ไม่รับอีเมลของระบบ: {error.in_thai()} ค่าตั้งคือ {names} และ SUCHARIT_SENDER ระหว่างนี้จดหมายรอส่ง",
        ) from error
    server_name = f"{settings.smtp_host}:{settings.smtp_port}"
    return Sentence(f"{server_name} takes mail from {settings.sender}", f"{server_name} รับอีเมลจาก {settings.sender}")


def _letters(running: System, only: str | None = None) -> Sentence:
    """What makes delivery's runs red stands here, too: who looks at no run of Prefect's sees it."""
    now, english, thai = running.clock(), [], []
    for office in _after_database(running, only):
        with running.store.reader(office.key) as uow:
            stuck = stuck_mail(uow, now)
        english += [f"{office.key}: {finding}" for finding in stuck]
        thai += [f"{office.key}: {finding.sentence_thai}" for finding in stuck]
    if english:
        raise _FaultError(" ".join(english), " ".join(thai))
    return Sentence("none is parked, none has waited for a day", "ไม่มีจดหมายที่พักไว้ และไม่มีฉบับใดรอส่งเกินหนึ่งวัน")


def _listens(host: str, port: int) -> None:
    try:
        socket.create_connection((host, port), timeout=3).close()
    except OSError as error:
        raise _FaultError(
            f"nobody listens on {host}:{port}. Start the service with `make up`.",
            f"ไม่มีการตอบที่ {host}:{port} โปรดเริ่มระบบด้วยคำสั่ง `make up`",
        ) from error


def _fonts(_running: System) -> Sentence:
    names = sorted(path.name for path in files("reports").joinpath("fonts").iterdir() if path.name.endswith(".ttf"))
    if not names:
        raise _FaultError(
            "the fonts of the reports are missing. Install the package again.",
            "ไม่พบแบบอักษรของรายงาน โปรดติดตั้งโปรแกรมใหม่",
        )
    return Sentence(f"{len(names)} of our own for the pages of reports", f"มีแบบอักษรสำหรับรายงาน {len(names)} แบบ")


def _people(running: System, only: str | None = None) -> Sentence:
    """Vacant posts and persons without an address do not stop anything, so they are named, not refused."""
    english, thai = [], []
    for office in _after_database(running, only):
        with running.reading(office.key) as desk:
            day = desk.workdays.local_day(running.clock())
            vacant = [post.title for post in desk.people.posts if not desk.people.in_charge(post, day)]
            silent = [person.name for person in desk.people.persons if person.email is None]
        english += [f"{office.key}: {title} is vacant" for title in vacant]
        english += [f"{office.key}: {name} has no address, letters are printed" for name in silent]
        thai += [f"{office.key}: ตำแหน่ง{title}ว่าง" for title in vacant]
        thai += [f"{office.key}: {name} ไม่มีอีเมล ต้องพิมพ์จดหมาย" for name in silent]
    return Sentence(
        "; ".join(english) or "every post is held, every person has an address",
        "; ".join(thai) or "ทุกตำแหน่งมีผู้ดำรงตำแหน่ง ทุกคนมีอีเมล",
    )


def _wording(running: System, only: str | None = None) -> Sentence:
    """Own words that cannot be filled in stop no letter, but the office must know that the standard is said."""
    english, thai = [], []
    for office in _after_database(running, only):
        with running.store.reader(office.key) as uow:
            broken = faults(own_words(uow))
        english += [f"{office.key}: {message}, {part}: {fault}" for message, part, fault in broken]
        thai += [f"{office.key}: {message}, {part}: {fault.in_thai()}" for message, part, fault in broken]
    if english:
        raise _FaultError(
            f"letters use the standard words instead of these: {'; '.join(english)}. Mend them under Administration.",
            f"จดหมายใช้ข้อความมาตรฐานแทนข้อความต่อไปนี้: {'; '.join(thai)} โปรดแก้ไขที่หน้าดูแลระบบ",
        )
    return Sentence("every letter can be filled in", "ข้อความในจดหมายใช้ได้ทุกฉบับ")
