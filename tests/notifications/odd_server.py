"""A mail server that answers with whatever bytes a test gives it, for each command."""

from __future__ import annotations

import socketserver
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import takewhile
from threading import Event, Thread
from typing import Final

DROPS: Final = b"(closes the line)"
HANGS: Final = b"(says nothing)"

USUAL: Final[Mapping[str, bytes]] = {
    "BANNER": b"220 odd.example ESMTP",
    "EHLO": b"250-odd.example\r\n250 8BITMIME",
    "AUTH": b"235 welcome",
    "MAIL": b"250 OK",
    "RCPT": b"250 OK",
    "DATA": b"354 go on",
    "END": b"250 queued",
    "RSET": b"250 OK",
    "QUIT": b"221 bye",
}


class OddServer:
    """Answers as usual, save where it is told otherwise.

    Attributes:
        answers: In place of the usual ones, by command; `BANNER` before any, `END` after a letter. `DROPS` and
            `HANGS` stand for what a server does that gives no answer.
        only_to: Part of the address for which alone RCPT, DATA and END are odd.
        late_s: How long each command is answered late, by command.
        heard: Commands, in order.
        named: Recipients of RCPT, in order.
        read: Letters as they came over the line, without the last dot.
        taken: Recipients of the letters that were answered with 250.
    """

    def __init__(
        self, answers: Mapping[str, bytes], only_to: str = "", late_s: Mapping[str, float] | None = None
    ) -> None:
        self.answers, self.only_to, self.late_s = answers, only_to, late_s or {}
        self.taken: list[str] = []
        self.heard: list[str] = []
        self.named: list[str] = []
        self.read: list[bytes] = []
        self._is_over = Event()

    def answer(self, command: str, to: str) -> bytes:
        self._is_over.wait(self.late_s.get(command, 0))
        is_meant = command not in {"RCPT", "DATA", "END"} or self.only_to in to
        odd = self.answers.get(command) if is_meant else None
        return odd if odd is not None else USUAL.get(command, b"502 what?")

    def talk(self, lines: Iterator[bytes]) -> Iterator[bytes]:
        """What is said in one conversation."""
        to = ""
        yield self.answer("BANNER", to)
        for line in lines:
            command = line[:4].decode("ascii", "replace").upper()
            self.heard.append(command)
            if command == "RCPT":
                to = line.decode("ascii", "replace")
                self.named.append(_address(to))
            answer = self.answer(command, to)
            yield answer
            if command == "DATA" and answer.startswith(b"354"):
                yield self._end(lines, to)
            if command == "QUIT":
                return

    def _end(self, lines: Iterator[bytes], to: str) -> bytes:
        self.read.append(b"".join(takewhile(lambda line: line != b".\r\n", lines)))
        answer = self.answer("END", to)
        if answer.startswith(b"250"):
            self.taken.append(_address(to))
        return answer

    @contextmanager
    def serving(self) -> Iterator[int]:
        """Serve while the block runs, on a port of its own."""
        odd = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                try:
                    for said in odd.talk(iter(self.rfile.readline, b"")):
                        if said == HANGS:
                            odd._is_over.wait()
                        if said in {DROPS, HANGS}:
                            return
                        self.wfile.write(said + b"\r\n")
                except ConnectionError:
                    return

        with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
            server.daemon_threads = True
            thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            try:
                yield int(server.server_address[1])
            finally:
                self._is_over.set()
                server.shutdown()
                thread.join()


def _address(command: str) -> str:
    return command.partition("<")[2].partition(">")[0]
