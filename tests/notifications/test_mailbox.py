from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from notifications.channel import Channel, Delivery, Failed, Letter, Sent
from notifications.email import EmailChannel
from notifications.faults import TryLaterError
from notifications.mailbox import FileChannel, MailFolder, main, open_mailbox, read_mailbox
from tests.notifications.factories import SENT_AT, make_letter
from tests.notifications.servers import all_of, make_settings


async def leave(folder: Path, letters: Sequence[Letter]) -> list[Delivery]:
    async with open_mailbox(folder, 0) as port:
        return await all_of(EmailChannel(make_settings(port)), letters)


@contextmanager
def process(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    command = [sys.executable, "-m", "notifications.mailbox", "--dir", str(folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        ready = running.stdout.readline()
        assert "ready" in ready
        try:
            yield running, int(ready.split(",")[0].rpartition(":")[2])
        finally:
            running.kill()


def test_what_is_sent_is_read_back_newest_last(tmp_path: Path) -> None:
    letters = [make_letter(n) for n in range(12)]
    deliveries = asyncio.run(leave(tmp_path, letters))
    assert all(isinstance(d.outcome, Sent) for d in deliveries)
    mails = read_mailbox(tmp_path)
    assert [mail.to for mail in mails] == [letter.to for letter in letters]
    first = mails[0]
    assert (first.subject, first.text, first.html.strip()) == ("เรื่องที่ 0", "ข้อความ 0\n", "<p>ข้อความ 0</p>")
    assert (first.date, first.message_id) == (SENT_AT, letters[0].mail["Message-ID"])


def test_nothing_is_left_half_written(tmp_path: Path) -> None:
    asyncio.run(leave(tmp_path, [make_letter()]))
    assert not list((tmp_path / "tmp").iterdir())


def test_a_mail_stored_twice_is_kept_twice_under_one_message_id(tmp_path: Path) -> None:
    asyncio.run(leave(tmp_path, [make_letter(), make_letter()]))
    assert len({mail.message_id for mail in read_mailbox(tmp_path)}) == 1
    assert len({mail.path for mail in read_mailbox(tmp_path)}) == 2


def test_a_full_disk_is_answered_before_the_letter_is_taken_for_sent(tmp_path: Path) -> None:
    async def without_folder() -> list[Delivery]:
        async with open_mailbox(tmp_path, 0) as port:
            (tmp_path / "tmp").rmdir()
            return await all_of(EmailChannel(make_settings(port)), [make_letter()])

    outcome = asyncio.run(without_folder())[0].outcome
    assert isinstance(outcome, Failed)
    assert isinstance(outcome.error, TryLaterError)


def test_two_writers_never_overwrite_each_other(tmp_path: Path) -> None:
    one, other = MailFolder(tmp_path), MailFolder(tmp_path)
    paths = [one.store(b"1"), other.store(b"2"), one.store(b"3")]
    assert [path.read_bytes() for path in paths] == [b"1", b"2", b"3"]


def test_only_the_newest_are_read_when_asked(tmp_path: Path) -> None:
    asyncio.run(leave(tmp_path, [make_letter(n) for n in range(4)]))
    assert [mail.subject for mail in read_mailbox(tmp_path, at_most=2)] == ["เรื่องที่ 2", "เรื่องที่ 3"]
    assert read_mailbox(tmp_path, at_most=0) == []


def test_a_mail_that_is_no_mail_is_still_listed(tmp_path: Path) -> None:
    folder = MailFolder(tmp_path)
    folder.store(b"\xff\x00 no header")
    folder.store(b"Date: never\r\nContent-Type: text/plain; charset=klingon\r\n\r\nx")
    assert [(mail.subject, mail.date) for mail in read_mailbox(tmp_path)] == [("", None), ("", None)]


def test_an_empty_place_reads_as_no_mail(tmp_path: Path) -> None:
    assert read_mailbox(tmp_path / "nowhere") == []


def test_an_idle_client_does_not_keep_the_mailbox_open(tmp_path: Path) -> None:
    async def with_idle_client() -> None:
        async with asyncio.timeout(5), open_mailbox(tmp_path, 0) as port:
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()

    asyncio.run(with_idle_client())


def test_the_process_says_when_it_is_ready_and_stops_cleanly(tmp_path: Path) -> None:
    with process(tmp_path) as (running, port):
        asyncio.run(all_of(EmailChannel(make_settings(port)), [make_letter()]))
        running.send_signal(signal.SIGTERM)
        assert running.wait(10) == 0
    assert len(read_mailbox(tmp_path)) == 1


def test_what_was_answered_250_survives_a_kill(tmp_path: Path) -> None:
    async def kill_in_the_middle() -> list[Delivery]:
        with process(tmp_path) as (running, port):
            channel: Channel = EmailChannel(make_settings(port))
            deliveries: list[Delivery] = []
            sending: AsyncGenerator[Delivery, None] = channel.send([make_letter(n) for n in range(20)])
            async for delivery in sending:
                deliveries.append(delivery)
                if len(deliveries) == 5:
                    running.kill()
            return deliveries

    deliveries = asyncio.run(kill_in_the_middle())
    sent = {d.letter.to for d in deliveries if isinstance(d.outcome, Sent)}
    assert len(sent) >= 5
    assert len(deliveries) == 20
    assert sent <= {mail.to for mail in read_mailbox(tmp_path)}


def test_a_taken_port_is_reported_with_a_remedy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        status = main(["--dir", str(tmp_path), "--port", str(taken.getsockname()[1])])
    assert status == 1
    assert "Choose another --port" in capsys.readouterr().err


def test_files_are_named_by_number_date_and_recipient(tmp_path: Path) -> None:
    channel: Channel = FileChannel(tmp_path)
    asyncio.run(all_of(channel, [make_letter(1), make_letter(2)]))
    asyncio.run(all_of(FileChannel(tmp_path), [make_letter(3)]))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"00000{n}-2026-05-07-p{n}@office.example.eml" for n in (1, 2, 3)
    ]
    assert (tmp_path / "000001-2026-05-07-p1@office.example.eml").read_bytes() == make_letter(1).mail.as_bytes()


def test_a_forbidden_address_gets_no_file(tmp_path: Path) -> None:
    bad = Letter("bad", "saraban@office.example", make_letter().mail)
    outcome = asyncio.run(all_of(FileChannel(tmp_path), [bad]))[0].outcome
    assert isinstance(outcome, Failed)
    assert not list(tmp_path.iterdir())
