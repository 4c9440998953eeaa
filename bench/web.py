"""The pages of a large office: statements, server time, throughput, bytes and memory of one web process.

`make bench-web` prints them beside a page without content behind the same session check, of the same run.
"""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import event
from starlette.testclient import TestClient

from bench.live import free_port
from bench.web_office import OFFICE, found
from services.access.installation import settle
from services.operations.children import PAGES_ENVIRONMENT
from services.settings import SECRET_FILE, read_settings
from services.wiring import System
from storage.store import Store
from web.app import create_app
from web.door.visit import SESSION_COOKIE

CLIENTS: Final = 20
READS: Final = 60
SECONDS: Final = 8
MOST_STATEMENTS, MOST_MS, LEAST_PER_S = 8, 40, 100
MOST_FIRST_KB, MOST_AFTER_KB, MOST_MB = 120, 30, 160
PAGES, REFERENCE = "web.server", "bench.web_reference"
"""What is started: the service's own pages, and a session check behind the same server."""


@dataclass(frozen=True)
class Timed:
    """Milliseconds until the whole answer was there, of one client after the other, and those the server computed."""

    p50: float
    p95: float
    cpu: float
    bytes: int


def get(port: int, path: str, person: str, connection: http.client.HTTPConnection | None = None) -> bytes:
    """One page as a browser asks for it."""
    link = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    link.request("GET", path, headers={"cookie": f"{SESSION_COOKIE}={person}", "accept-encoding": "gzip"})
    answer = link.getresponse()
    body = answer.read()
    if answer.status != http.HTTPStatus.OK:
        raise RuntimeError(f"{path}: {answer.status}")
    return body


def timed(port: int, pid: int, path: str, people: Sequence[str]) -> Timed:
    """Read a page again and again, each time as somebody else."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    taken, size, before = list[float](), 0, 0.0
    for n in range(READS + 5):
        before = cpu_ms(pid) if n == 5 else before
        start = time.perf_counter()
        size = len(get(port, path, people[n % len(people)], connection))
        taken.append((time.perf_counter() - start) * 1000)
    steady = sorted(taken[5:])
    computed = (cpu_ms(pid) - before) / READS
    return Timed(steady[len(steady) // 2], steady[int(len(steady) * 0.95)], computed, size)


def reads(port: int, path: str, person: str, seconds: float) -> int:
    """Pages that one client reads in a row within so many seconds."""
    connection, count, end = http.client.HTTPConnection("127.0.0.1", port, timeout=60), 0, time.monotonic() + seconds
    while time.monotonic() < end:
        get(port, path, person, connection)
        count += 1
    return count


def per_second(port: int, path: str, people: Sequence[str]) -> float:
    """Pages a second that the clients get who read at the same time."""
    with ProcessPoolExecutor(CLIENTS) as pool:
        running = [pool.submit(reads, port, path, person, SECONDS) for person in people[:CLIENTS]]
        return sum(reading.result() for reading in running) / SECONDS


def statements(home: Path, path: str, person: str) -> int:
    """Statements that a page asks of the database, read for the second time, without what begins it."""
    system = _system(home)
    client = TestClient(create_app(system), cookies={SESSION_COOKIE: person})
    client.get(path)
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(system.store._engine, "before_cursor_execute", note)  # noqa: SLF001 -- what it asks is the question
    client.get(path)
    system.store.close()
    return sum(not statement.startswith("BEGIN") for statement in seen)


def first_load(port: int, path: str, person: str) -> int:
    """Bytes of a page with every style and script it names, without fonts."""
    import gzip  # noqa: PLC0415 -- only here

    body = get(port, path, person)
    text = gzip.decompress(body).decode() if body[:2] == b"\x1f\x8b" else body.decode()
    named = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', text))
    return len(body) + sum(len(get(port, address, person)) for address in named)


def cpu_ms(pid: int) -> float:
    """Time that a process has computed, whatever else the machine did meanwhile."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    """Resident memory of a process."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.findall(r"VmRSS:\s+(\d+)", text)[0]) / 1024


def _system(home: Path) -> System:
    os.environ["SUCHARIT_HOME"] = str(home)
    return System(read_settings())


@contextmanager
def serving(home: Path, module: str) -> Iterator[tuple[int, int]]:
    """One web process over a home, as the service itself starts it; its port and its id."""
    port = free_port()
    argv = [sys.executable, "-m", module, "--port", str(port)]
    process = subprocess.Popen(argv, env={**os.environ, **PAGES_ENVIRONMENT, "SUCHARIT_HOME": str(home)})
    try:
        _wait(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=1).request("GET", "/static/icon.svg")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the web process did not start")


def main() -> None:
    """Make the office, measure, print; fail where a bound is not kept."""
    with tempfile.TemporaryDirectory(prefix="bench-web-") as scratch:
        home = Path(scratch)
        store = Store(_system(home).settings.ledger_url)
        store.migrate()
        settle(store, home / SECRET_FILE)
        people = found(store, datetime.now(UTC))
        with store.reader(OFFICE) as uow:
            rows = uow.assignments.all()
        store.close()
        print(f"{os.cpu_count()} cores. {len(rows)} assignments, {len(people)} people, SQLite.\n", flush=True)
        assignment = next(a for a in rows if a.submission is not None)
        sys.exit(0 if _measured(home, people, f"/assignments/{assignment.id}", assignment.division) else 1)


def _measured(home: Path, people: Sequence[str], address: str, division: str) -> bool:
    officers = [key for key in people if "officer" in key]
    looked_at = {
        "inbox of a division": ("/inbox", officers),
        "inbox of the whole office": ("/inbox", ["admin"]),
        "review queue": ("/review", ["clerk"]),
        "matrix (overview)": ("/overview", ["mayor"]),
        "assignment": (address, [f"{division}-officer"]),
    }
    with serving(home, REFERENCE) as (port, pid):
        bare, bare_rate = timed(port, pid, "/", officers), per_second(port, "/", officers)
    good = True
    print(f"{'':28}{'statements':>11}{'p50 ms':>9}{'p95 ms':>9}{'cpu ms':>9}{'kB':>7}")
    print(_line("reference (session only)", 1, bare))
    with serving(home, PAGES) as (port, pid):
        for name, (path, who) in looked_at.items():
            count, time_taken = statements(home, path, who[0]), timed(port, pid, path, who)
            good &= count <= MOST_STATEMENTS and time_taken.p95 <= MOST_MS and time_taken.bytes <= MOST_AFTER_KB * 1000
            print(_line(name, count, time_taken), flush=True)
        rate, first = per_second(port, "/inbox", officers), first_load(port, "/inbox", officers[0]) / 1000
        memory = memory_mb(pid)
    print(f"\ninbox reads a second, {CLIENTS} clients, one process: {rate:.0f} (reference {bare_rate:.0f})")
    print(f"first load without fonts: {first:.1f} kB\nmemory of the web process: {memory:.0f} MB")
    return good and rate >= LEAST_PER_S and first <= MOST_FIRST_KB and memory <= MOST_MB


def _line(name: str, count: int, timed: Timed) -> str:
    times = f"{timed.p50:>9.1f}{timed.p95:>9.1f}{timed.cpu:>9.1f}"
    return f"{name:28}{count:>11}{times}{timed.bytes / 1000:>7.1f}"


if __name__ == "__main__":
    main()
