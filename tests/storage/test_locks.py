"""Locks of deliverers: they end with their holder, however it ends, and never with another of the same name."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from storage.letters import LOCKED
from storage.locks import FOLDER
from storage.store import Store
from tests.waiting import wait_until

ROOT: Final = Path(__file__).parents[2]
HOLDS: Final = """
import sys
from storage.store import Store
held = Store(sys.argv[1]).hold()
print(held.name, flush=True)
sys.stdin.readline()
held.let_go()
"""
"""A program that holds a lock until it is told to let go, or killed."""

ASKS: Final = """
import sys
from storage.store import Store
print(Store(sys.argv[1]).is_gone(sys.argv[2]))
"""


@contextmanager
def another_holder(url: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that holds a lock, and the lock's name."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDS, url], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    try:
        yield holder, holder.stdout.readline().strip()
    finally:
        holder.kill()
        holder.wait()
        holder.stdin.close()
        holder.stdout.close()


def is_gone_elsewhere(url: str, name: str) -> bool:
    """What another process is told of a name."""
    answer = subprocess.run(
        [sys.executable, "-c", ASKS, url, name], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return {"True": True, "False": False}[answer.stdout.strip()]


def files(url: str) -> list[Path]:
    """Lock files beside an SQLite database."""
    database = make_url(url).database
    return sorted((Path(str(database)).parent / FOLDER).glob("*")) if url.startswith("sqlite") else []


def test_a_lock_is_held_until_it_is_let_go(store: Store) -> None:
    held = store.hold()
    assert not store.is_gone(held.name)
    held.let_go()
    assert store.is_gone(held.name)


def test_asking_for_a_lock_that_is_held_leaves_it_held(store: Store) -> None:
    held = store.hold()
    assert [store.is_gone(held.name) for _ in range(3)] == [False, False, False]
    held.let_go()


def test_another_process_is_told_the_same(each_database_url: str, store: Store) -> None:
    held = store.hold()
    assert not is_gone_elsewhere(each_database_url, held.name)
    held.let_go()
    assert is_gone_elsewhere(each_database_url, held.name)


def test_the_lock_of_another_process_is_held_until_that_lets_go(each_database_url: str, store: Store) -> None:
    with another_holder(each_database_url) as (holder, name):
        assert not store.is_gone(name)
        assert holder.stdin is not None
        holder.stdin.write("\n")
        holder.stdin.flush()
        assert holder.wait(10) == 0
        assert store.is_gone(name)


def test_a_lock_ends_with_a_process_that_is_killed(each_database_url: str, store: Store) -> None:
    with another_holder(each_database_url) as (holder, name):
        assert not store.is_gone(name)
        holder.kill()
        holder.wait()
        assert wait_until(lambda: store.is_gone(name), 10)


def test_two_holders_of_one_process_have_two_names(store: Store) -> None:
    first, second = store.hold(), store.hold()
    assert first.name != second.name
    assert {first.name[: len(LOCKED)], second.name[: len(LOCKED)]} == {LOCKED}
    first.let_go()
    assert (store.is_gone(first.name), store.is_gone(second.name)) == (True, False)
    second.let_go()


def test_a_name_that_nobody_ever_held_is_gone(store: Store) -> None:
    assert store.is_gone(f"{LOCKED}{'0' * 32}")


def test_no_file_is_left_of_a_lock_that_was_let_go(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    held = store.hold()
    assert len(files(sqlite_url)) == 1
    held.let_go()
    assert files(sqlite_url) == []
    store.close()


def test_the_file_of_a_killed_holder_is_removed_by_who_finds_it_free(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    with another_holder(sqlite_url) as (holder, name):
        holder.kill()
        holder.wait()
        assert len(files(sqlite_url)) == 1
        assert store.is_gone(name)
    assert files(sqlite_url) == []
    store.close()


def test_a_lock_that_was_let_go_holds_no_connection(postgres_url: str) -> None:
    """A pool of fifteen would be used up by sixteen deliveries."""
    store = Store(postgres_url)
    for _ in range(40):
        store.hold().let_go()
    assert store.offices() == []
    store.close()
