"""The local mailbox while no mail server is configured: an SMTP server on loopback that keeps every mail as a file.

`python -m notifications.mailbox --dir DIR --port N` runs it until SIGTERM. It never sends anything anywhere.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from aiosmtpd.smtp import SMTP, Envelope, Session

from notifications.mail_folder import FileChannel, MailFolder, StoredMail, read_mailbox

__all__ = ["FileChannel", "Keeper", "MailFolder", "StoredMail", "main", "open_mailbox", "read_mailbox"]

LOOPBACK: Final = "127.0.0.1"
"""Never another address: whoever can reach the port can write into the mailbox."""


class Keeper:
    """Stores what the SMTP server accepts."""

    def __init__(self, folder: Path) -> None:
        self._folder = MailFolder(folder)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        """Answer 250 only when the mail is on the disk, once for each recipient.

        One mail to two recipients is two files: each is somebody's mail.
        """
        content = envelope.original_content or b""
        try:
            for to in envelope.rcpt_tos:
                self._folder.store(_traced(content, envelope.mail_from or "", to))
        except OSError as error:
            # 4xx: the sender keeps the letter and comes back when the disk has room again.
            return f"452 4.3.1 cannot store the mail: {error.strerror}"
        return "250 2.0.0 stored"


def _traced(content: bytes, sender: str, to: str) -> bytes:
    """The mail with the envelope on top, as every last server on the way adds it."""
    return f"Return-Path: <{sender}>\r\nDelivered-To: {to}\r\n".encode("utf-8", "replace") + content


@asynccontextmanager
async def open_mailbox(folder: Path, port: int) -> AsyncGenerator[int, None]:
    """Serve as long as the block runs; gives the port, a free one for 0.

    Raises:
        OSError: The port is taken, or the folder cannot be made.
    """
    keeper, lines = Keeper(folder), list[SMTP]()
    loop = asyncio.get_running_loop()

    def answer() -> SMTP:
        # A host name of its own: without one aiosmtpd asks the DNS at every connection.
        lines.append(SMTP(keeper, hostname="localhost", loop=loop, enable_SMTPUTF8=True))
        return lines[-1]

    listener = await loop.create_server(answer, LOOPBACK, port)
    try:
        yield int(listener.sockets[0].getsockname()[1])
    finally:
        listener.close()
        _hang_up(lines)
        await listener.wait_closed()


def _hang_up(lines: Sequence[SMTP]) -> None:
    # An idle client would otherwise hold the server open for minutes. A mail under way is not answered with 250,
    # so its sender keeps it.
    for line in lines:
        if line.transport is not None:
            line.transport.close()


async def _serve(folder: Path, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with open_mailbox(folder, port) as taken:
        sys.stdout.write(f"mailbox ready on {LOOPBACK}:{taken}, keeping mail in {folder}\n")
        sys.stdout.flush()
        await stop.wait()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the mailbox until SIGTERM or SIGINT; gives the exit status."""
    parser = argparse.ArgumentParser(prog="python -m notifications.mailbox", description=__doc__)
    parser.add_argument("--dir", type=Path, required=True, help="folder that keeps the mails")
    parser.add_argument("--port", type=int, required=True, help="port on loopback; 0 takes a free one")
    parser.add_argument("--shared", action="store_true", help="the folder's group may read the mails, too")
    options = parser.parse_args(arguments)
    os.umask(0o007 if options.shared else 0o077)  # letters hold links that sign in
    try:
        asyncio.run(_serve(options.dir, options.port))
    except OSError as error:
        sys.stderr.write(f"The mailbox cannot start: {error}. Choose another --port or --dir.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
