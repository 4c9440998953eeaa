"""A request that is too large is refused while it comes in, and one that breaks off leaves nothing behind."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient
from starlette.types import Message

from domain.assignment import State
from tests.web.conftest import Pages
from tests.web.test_work_pages import ANSWERED, OFFICER, first, form_of
from web.door.visit import SESSION_COOKIE
from web.middleware.sizes import MOST_WITH_FILES, MOST_WITHOUT, TOO_SLOW, counted

BORDER = "xxBORDERxx"
LARGE = 200_000_000


def head(path: str, cookie: str, length: int, kind: str = f"multipart/form-data; boundary={BORDER}") -> bytes:
    lines = [
        f"POST {path}/hand-in HTTP/1.1",
        "host: localhost",
        f"cookie: {SESSION_COOKIE}={cookie}",
        f"content-type: {kind}",
        f"content-length: {length}" if length else "transfer-encoding: chunked",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def part(name: str, value: str) -> bytes:
    return f'--{BORDER}\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def start_of_file() -> bytes:
    return f'--{BORDER}\r\ncontent-disposition: form-data; name="files"; filename="ภาพ.png"\r\n\r\n'.encode()


def kept(pages: Pages) -> list[str]:
    folder = pages.system.settings.folder / "files"
    return [path.name for path in folder.rglob("*") if path.is_file()]


def opened(address: str) -> socket.socket:
    where = urlsplit(address)
    return socket.create_connection((where.hostname, where.port or 80), timeout=30)


def answer_of(link: socket.socket) -> bytes:
    found = b""
    while b"</html>" not in found and (more := link.recv(65536)):
        found += more
    return found


def test_two_hundred_megabytes_are_refused_before_they_have_come(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    with pages.served() as address, opened(address) as link:
        link.sendall(head(path, browser.cookies[SESSION_COOKIE], LARGE) + start_of_file() + b"0" * 100_000)
        answer = answer_of(link)
    assert answer.startswith(b"HTTP/1.1 413")
    assert "ใหญ่เกิน ๑๐๐ MB".encode() in answer
    assert b"content-security-policy" in answer
    assert kept(pages) == []


def test_who_does_not_say_how_much_is_stopped_at_the_same_bound(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"

    def endless() -> Iterator[bytes]:
        yield start_of_file()
        for _ in range(MOST_WITH_FILES // 5_000_000 + 1):
            yield b"0" * 5_000_000

    answer = TestClient.post(
        browser, f"{path}/hand-in", content=endless(),
        headers={"content-type": f"multipart/form-data; boundary={BORDER}"},
    )  # fmt: skip
    assert answer.status_code == 413
    assert kept(pages) == []


def test_a_form_without_files_is_small(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    form = form_of(browser, path) | ANSWERED | {"reason": "ก" * MOST_WITHOUT}
    assert browser.post(f"{path}/decide", data=form).status_code == 413


def test_a_connection_lost_in_the_middle_leaves_nothing(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    fields = b"".join(part(name, value) for name, value in (form_of(browser, path) | ANSWERED).items())
    with pages.served() as address:
        with opened(address) as link:
            body = fields + start_of_file() + b"\x89PNG\r\n\x1a\n" + b"0" * 3_000_000
            link.sendall(head(path, browser.cookies[SESSION_COOKIE], 9_000_000) + body)
        with opened(address) as again:  # answered after the first was given up
            again.sendall(f"GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n".encode())
            assert again.recv(100).startswith(b"HTTP/1.1 303")
    assert kept(pages) == []
    assert pages.office.get(first(pages)).state is State.OPEN
    with pages.office.reading() as desk:
        assert desk.uow.evidence.of(first(pages)) == []


def sent_by_a_stranger(pages: Pages, path: str, size: int) -> int:
    files = {"files": ("a.txt", b"0" * size)}
    return pages.visitor().post(path, files=files, headers={"authorization": "Bearer sct_none"}).status_code


@pytest.mark.parametrize("path", ["/assignments/a/hand-in", "/link/forged/hand-in", "/api/v1/hand-ins", "/sign-in"])
def test_a_stranger_sends_no_large_file(pages: Pages, path: str) -> None:
    assert sent_by_a_stranger(pages, path, MOST_WITHOUT) == 401


def test_a_stranger_who_does_not_say_how_much_is_stopped_early(pages: Pages) -> None:
    kind = f"multipart/form-data; boundary={BORDER}"
    parts = (start_of_file(), *[b"0" * 500_000] * 5)
    answer = pages.visitor().post("/sign-in", content=iter(parts), headers={"content-type": kind})
    assert answer.status_code == 413


def test_a_form_in_an_odd_encoding_is_refused(pages: Pages) -> None:
    body = part("email", "\\ud800") + f"--{BORDER}--".encode()
    for charset, status in (("unicode_escape", 415), ("UTF-8", 401)):
        kind = f'multipart/form-data; boundary={BORDER}; charset="{charset}"'
        answer = pages.visitor().post("/sign-in", content=body, headers={"content-type": kind})
        assert answer.status_code == status


def test_who_sends_a_byte_a_minute_is_given_up() -> None:
    async def silent() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def read() -> None:
        await counted(silent, MOST_WITHOUT, 0.01)()

    with pytest.raises(HTTPException) as refused:
        asyncio.run(read())
    assert refused.value.status_code == TOO_SLOW


def test_who_has_signed_in_sends_files_of_some_size(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    files = {"files": ("a.txt", b"0" * 2 * MOST_WITHOUT)}
    assert browser.post(f"{path}/hand-in", data=form_of(browser, path) | ANSWERED, files=files).status_code == 303
