"""`sucharit secret renew`: what is left to do when the secret that signs links is lost for good."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.base import ByOption, changing, in_words, say, warn
from domain.errors import BadInputError, SucharitError
from domain.ledger import Entry
from services.access.installation import is_known, make_secret, read_secret, renew
from services.operations.supervise import held
from services.wiring import NotPreparedError, System, system

secret_app = typer.Typer(no_args_is_help=True, help="The secret that signs links and webhooks.")


@secret_app.callback()
def _secret() -> None:
    """Keep `renew` a word of its own, though it is the only one."""


@secret_app.command("renew")
def renew_(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do it, although what was signed before ends.")] = False,
    by: ByOption = "admin",
) -> None:
    """Have the secret that lies in its place, or a new one where none lies, sign from now on."""
    with in_words():
        running = system()
        if not running.store.is_current():
            raise NotPreparedError(where=running.store.where)
        place = running.settings.secret_place
        secret = read_secret(place)
        if secret is not None and is_known(running.store, secret):
            say(f"The secret in {place} is the one that the database knows: there is nothing to renew.")
            return
        if not yes:
            raise _ends(place, is_new=secret is None)
        with held(running.settings.folder):
            _renew(running, by, running.clock())


def _ends(place: Path, *, is_new: bool) -> BadInputError:
    which = "a new secret" if is_new else "the secret in it"
    return BadInputError(
        problem=f"{place}: with {which}, the links in all letters sent so far, the addresses of all calendars and the "
        "secrets of all webhooks stop working, in every office. People sign in as before.",
        problem_thai=f"{place}: ลิงก์ในจดหมายทุกฉบับที่ส่งไปแล้ว ที่อยู่ปฏิทินทั้งหมด และกุญแจของเว็บฮุกทั้งหมดของทุกหน่วยงาน"
        "จะใช้ไม่ได้ ส่วนการเข้าสู่ระบบยังเหมือนเดิม",
        remedy="Restore the file that was there, if it can be had. If not, stop the service and repeat with --yes.",
        remedy_thai="หากยังหาไฟล์เดิมได้โปรดนำกลับมา หากไม่ได้ ให้หยุดระบบแล้วสั่งอีกครั้งพร้อม --yes",
    )


def _renew(running: System, by: str, now: datetime) -> None:
    store, place = running.store, running.settings.secret_place
    secret = make_secret(place)  # leaves one that is there
    for office in store.offices():
        _note(office.key, by, now)
    renew(store, secret)
    say(f"From now on the secret in {place} signs. Give every machine that runs a part of the service this file,")
    say("start the service again, and give each webhook's program and each calendar's reader what they need anew.")


def _note(office: str, by: str, now: datetime) -> None:
    """Write it down before it is done: a change of the secret that nobody can see must not be."""
    try:
        with changing(office, now) as desk:
            desk.uow.ledger.note(Entry(now, "secret.renewed", by, office, {}))
            desk.uow.commit()
    except SucharitError as error:  # one office's ledger must not keep all others without links
        warn(f"Not noted in the ledger of {office}: {error}")
