"""Keeps mails as files in a folder and reads them back, for offices without a mail server and for rehearsals."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from itertools import count
from pathlib import Path
from typing import Final, cast

from notifications.channel import Delivery, Failed, Letter, Sent
from notifications.faults import DeliveryError
from notifications.policy import check_address
from notifications.wire import WIRE

NEW: Final = "new"
TMP: Final = "tmp"
SUFFIX: Final = ".eml"
_NUMBER: Final = re.compile(r"^(\d+)")
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9@._+-]")


@dataclass(frozen=True, slots=True)
class StoredMail:
    """One mail of the folder. `date` is the mail's own, an aware instant, or None where it has none."""

    date: datetime | None
    to: str
    subject: str
    text: str
    html: str
    message_id: str
    path: Path


class MailFolder:
    """A folder with two rooms: `tmp` for what is being written, `new` for what is complete."""

    def __init__(self, folder: Path) -> None:
        for room in (TMP, NEW):
            (folder / room).mkdir(parents=True, exist_ok=True)
        self._tmp, self._new = folder / TMP, folder / NEW
        self._numbers = count(_last_number(self._new) + 1)

    def store(self, content: bytes) -> Path:
        """Keep `content` for good, under the next free number; when this returns, a crash cannot lose it.

        Raises:
            OSError: The disk is full or the folder is not writable.
        """
        draft = _write_draft(self._tmp, content)
        try:
            return self._take_number(draft)
        finally:
            draft.unlink()

    def _take_number(self, draft: Path) -> Path:
        while True:
            path = self._new / f"{next(self._numbers):08d}{SUFFIX}"
            # A link, not a rename: it refuses to overwrite what another process stored under this number.
            with suppress(FileExistsError):
                path.hardlink_to(draft)
                _sync_folder(self._new)
                return path


def read_mailbox(folder: Path, *, at_most: int | None = None) -> list[StoredMail]:
    """Mails of the folder as they arrived, newest last; only the `at_most` newest. Empty when there is no folder."""
    paths = sorted((folder / NEW).glob(f"*{SUFFIX}"), key=_number)
    return [_read(path) for path in (paths if at_most is None else paths[max(0, len(paths) - at_most) :])]


def _write_draft(room: Path, content: bytes) -> Path:
    # The process id keeps two writers apart; within one process only one mail is written at a time.
    draft = room / f"{os.getpid()}{SUFFIX}"
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _sync_folder(room: Path) -> None:
    # The name of a new file lives in its folder; without this a power cut may keep the content and lose the name.
    handle = os.open(room, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _last_number(room: Path) -> int:
    return max(map(_number, room.glob(f"*{SUFFIX}")), default=0)


def _number(path: Path) -> int:
    match = _NUMBER.match(path.name)
    return int(match[1]) if match else 0


def _read(path: Path) -> StoredMail:
    mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(path.read_bytes())
    return StoredMail(
        date=mail["Date"].datetime if mail["Date"] else None,
        to=str(mail["Delivered-To"] or mail["To"] or ""),
        subject=str(mail["Subject"] or ""),
        text=_body(mail, "plain"),
        html=_body(mail, "html"),
        message_id=str(mail["Message-ID"] or "").strip(),
        path=path,
    )


def _body(mail: EmailMessage, kind: str) -> str:
    part = cast("EmailMessage | None", mail.get_body((kind,)))
    # A charset that Python does not know must not hide the other mails of the folder.
    with suppress(LookupError):
        return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""
    return ""


class FileChannel:
    """Writes each letter as an `.eml` file: number, date and recipient in its name. The same year, the same files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(_last_number(folder) + 1)

    async def send(self, letters: Sequence[Letter]) -> AsyncGenerator[Delivery, None]:
        """Yield what became of each letter, in order; only a forbidden address fails.

        Raises:
            OSError: The folder cannot be written to.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        for letter in letters:
            try:
                check_address(letter.to)
            except DeliveryError as error:
                yield Delivery(letter, Failed(error))
            else:
                yield Delivery(letter, Sent(self._write(letter).name))

    def _write(self, letter: Letter) -> Path:
        day = letter.mail["Date"].datetime.date().isoformat()
        path = self._folder / f"{next(self._numbers):06d}-{day}-{_UNSAFE.sub('_', letter.to)}{SUFFIX}"
        path.write_bytes(letter.mail.as_bytes(policy=WIRE))
        return path
