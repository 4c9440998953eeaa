from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from services.operations.audit import verify_ledger
from storage.errors import DiskFullError
from storage.files import FileStore
from storage.store import Store
from tests.storage.rows import KEY, add_office, note

ROOT = Path(__file__).parents[2]
PYTHON = (sys.executable, "-c")
MEGABYTE = 1 << 20


def test_bytes_come_back_by_their_hash(tmp_path: Path) -> None:
    files = FileStore(tmp_path)
    sha256 = files.put("หลักฐาน".encode())
    assert sha256 == hashlib.sha256("หลักฐาน".encode()).hexdigest()
    assert files.get(sha256).decode() == "หลักฐาน"


def test_the_same_bytes_are_one_file(tmp_path: Path) -> None:
    files = FileStore(tmp_path)
    assert files.put(b"x") == files.put(b"x")
    assert len(_files(tmp_path)) == 1


def test_an_empty_file_is_a_file(tmp_path: Path) -> None:
    files = FileStore(tmp_path)
    assert files.get(files.put(b"")) == b""


def test_a_hash_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FileStore(tmp_path).get("ab" * 32)


def test_a_folder_that_cannot_be_made_is_said_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("not a folder")
    with pytest.raises(DiskFullError, match=r"“a.pdf” could not be saved.*Free some space"):
        FileStore(tmp_path / "files").put(b"x", what="“a.pdf”")


# The kernel refuses to write past the limit: as real as a full disk, and anybody may set it.
_FULL = """
import resource, sys
from pathlib import Path
from storage.errors import DiskFullError
from storage.files import FileStore
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
files = FileStore(Path(sys.argv[1]))
files.put(b"fits")
try:
    files.put(b"x" * (2 << 20), what="“big.pdf”")
except DiskFullError as error:
    print(error)
"""


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    said = _run(_FULL, tmp_path)
    assert said.startswith("“big.pdf” could not be saved: File too large. Nothing is half-written.")
    assert [path.read_bytes() for path in _files(tmp_path)] == [b"fits"]


_FULL_DATABASE = """
import resource, sys
from storage.errors import DatabaseDownError
from storage.store import Store
from tests.storage.rows import note
store = Store(sys.argv[1])
note(store)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
try:
    note(store, count=500, subject="x" * 200)
except DatabaseDownError as error:
    print(error)
"""


def test_a_database_on_a_full_disk_says_so_and_stays_sound(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    add_office(store)
    store.close()
    said = _run(_FULL_DATABASE, sqlite_url)
    assert "cannot be used" in said
    assert "Nothing was changed" in said
    _assert_sound(sqlite_url)


_KILLED_IN_PUT = """
import os, signal, sys, threading
from pathlib import Path
from storage.files import FileStore
folder = Path(sys.argv[1])
def kill_when_a_part_is_there():
    while not any(part.stat().st_size for part in folder.rglob(".part-*")):
        pass
    os.kill(os.getpid(), signal.SIGKILL)
threading.Thread(target=kill_when_a_part_is_there, daemon=True).start()
FileStore(folder).put(b"x" * (64 << 20))
"""


def test_a_process_killed_while_it_writes_leaves_no_half_file(tmp_path: Path) -> None:
    content = b"x" * (64 * MEGABYTE)
    files, sha256 = FileStore(tmp_path), hashlib.sha256(content).hexdigest()
    killed = subprocess.run([*PYTHON, _KILLED_IN_PUT, str(tmp_path)], cwd=ROOT, check=False, timeout=60)
    assert killed.returncode == -9
    assert not files.path(sha256).exists()
    assert files.put(content) == sha256
    assert hashlib.sha256(files.get(sha256)).hexdigest() == sha256


_KILLED_IN_COMMITS = """
import sys
from storage.store import Store
from tests.storage.rows import note
store = Store(sys.argv[1])
note(store, count=100_000)
"""


def test_a_process_killed_between_and_in_commits_leaves_a_sound_ledger(database_url: str) -> None:
    store = Store(database_url)
    add_office(store)
    store.close()
    for round_ in range(4):
        _kill_a_writer(database_url, after=30 + 17 * round_)
    _assert_sound(database_url)


def _kill_a_writer(url: str, *, after: int) -> None:
    """Kill it as soon as `after` more lines are there: it is then somewhere in its next commit."""
    store = Store(url)
    wanted = _length(store) + after
    with subprocess.Popen([*PYTHON, _KILLED_IN_COMMITS, url], cwd=ROOT) as writer:
        while _length(store) < wanted:
            pass
        writer.kill()
    store.close()


def _length(store: Store) -> int:
    with store.reader(KEY) as uow:
        return uow.ledger.head()[0]


def _assert_sound(url: str) -> None:
    store = Store(url)
    note(store)
    with store.reader(KEY) as uow:
        lines, faults = verify_ledger(uow)
    store.close()
    assert faults == []
    assert lines > 1


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _run(program: str, *arguments: object) -> str:
    command = [*PYTHON, program, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, check=True, timeout=60, stdout=subprocess.PIPE, text=True).stdout
