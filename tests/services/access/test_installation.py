from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest

from domain.errors import SucharitError
from services.access.installation import (
    BadSecretError,
    OtherSecretError,
    SecretMissingError,
    SecretUnprovenError,
    fingerprint,
    known_secret,
    renew,
    settle,
)
from services.access.links import assignment_link, read_link
from services.settings import Settings
from services.setup.prepare import prepare
from services.wiring import NotPreparedError, System
from storage import migrate
from storage.store import Store
from tests.factories import at
from tests.services.other_user import open_modes
from tests.storage.rows import KEY, add_office, make_letter, sql

ROOT: Final = Path(__file__).parents[2]
OLD: Final = bytes(range(32))
OTHER: Final = bytes(reversed(range(32)))


def linked(secret: bytes, assignment: str = "2566-m1.1-chang-q2") -> str:
    """Text of a letter with a link that ended long ago."""
    token = assignment_link(secret, KEY, assignment, "the-chang-officer", date(2023, 3, 1), "chang@office.example")
    return f"เรียน เจ้าหน้าที่\n  [{assignment}] http://127.0.0.1:8080/link/{token}\n\nข้อความ\n"


def add_letter(store: Store, text: str, **facts: Any) -> None:
    with store.unit_of_work(KEY) as uow:
        uow.letters.add([make_letter(text=text, **facts)])
        uow.commit()


def unsettled(store: Store, *letters: str) -> Store:
    """A database of the version before, with an office and its letters, brought up to this one."""
    add_office(store)
    for number, text in enumerate(letters):
        add_letter(store, text, id=f"letter-{number}", created_at=at(f"2023-04-1{number} 08:30"))
    with store._engine.connect() as connection:
        migrate.downgrade(connection, "0008")
        assert migrate.current(connection) == "0008"
    store.migrate()
    return store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "web.secret"


def put(file: Path, secret: bytes) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(secret)
    return file


def test_the_first_start_makes_a_secret_and_tells_the_database_how_to_know_it(store: Store, file: Path) -> None:
    settle(store, file)
    made, known = known_secret(store, file), store.installation.get()
    assert (len(made), file.read_bytes()) == (32, made)
    assert known is not None
    assert (UUID(known.id).version, known.fingerprint) == (4, fingerprint(made))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.iterdir()] == ["web.secret"]


def test_a_second_start_changes_nothing(store: Store, file: Path) -> None:
    settle(store, file)
    before = (store.installation.get(), file.read_bytes())
    settle(store, file)
    assert (store.installation.get(), file.read_bytes()) == before


def test_the_database_does_not_hold_the_secret(store: Store, file: Path) -> None:
    settle(store, file)
    stored = str(sql(store, "SELECT * FROM installation"))
    assert file.read_bytes().hex() not in stored
    assert str(file.read_bytes()) not in stored


def test_starts_at_once_make_one_secret(store: Store, file: Path) -> None:
    start, faults = threading.Barrier(4), list[Exception]()

    def begin() -> None:
        start.wait()
        try:
            settle(store, file)
        except (SucharitError, OSError) as fault:
            faults.append(fault)

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert known_secret(store, file) == file.read_bytes()


def test_a_start_in_another_home_on_the_same_database_stops_and_makes_none(store: Store, file: Path) -> None:
    settle(store, file)
    elsewhere = file.parent.parent / "other" / "web.secret"
    with pytest.raises(SecretMissingError) as refused:
        settle(store, elsewhere)
    assert f"no secret in {elsewhere}, and the database at {store.where} knows" in str(refused.value)
    assert "SUCHARIT_SECRET_FILE" in str(refused.value)
    assert "กุญแจ" in refused.value.in_thai()
    assert not elsewhere.exists()


def test_another_secret_is_refused_and_both_places_are_named(store: Store, file: Path) -> None:
    settle(store, file)
    with pytest.raises(OtherSecretError) as refused:
        settle(store, put(file, OTHER))
    assert str(file) in str(refused.value)
    assert store.where in str(refused.value)
    assert file.read_bytes() == OTHER


def test_a_password_of_the_database_is_not_told(file: Path, postgres_url: str) -> None:
    store = Store(postgres_url.replace("://postgres:@", "://postgres:hidden-password@"))
    settle(store, file)
    with pytest.raises(OtherSecretError) as refused:
        settle(store, put(file, OTHER))
    store.close()
    assert "hidden-password" not in str(refused.value)


@pytest.mark.parametrize("content", [b"", OLD + b"\n"])
def test_a_damaged_secret_is_refused_with_a_remedy(store: Store, file: Path, content: bytes) -> None:
    with pytest.raises(BadSecretError, match="Restore it from a backup"):
        settle(store, put(file, content))
    assert store.installation.get() is None


def test_a_home_of_the_version_before_keeps_its_secret_and_its_letters_links(store: Store, file: Path) -> None:
    settle(unsettled(store, linked(OLD)), put(file, OLD))
    assert known_secret(store, file) == OLD
    with store.reader(KEY) as uow:
        token = re.findall(r"/link/(\S+)", uow.letters.all()[0].text)[0]
    assert read_link(known_secret(store, file), token, at("2023-04-11 09:00")).office == KEY


def test_a_home_of_the_version_before_without_letters_keeps_its_secret(store: Store, file: Path) -> None:
    settle(unsettled(store, "ข้อความที่ไม่มีลิงก์"), put(file, OLD))
    assert known_secret(store, file) == OLD


@pytest.mark.parametrize("content", [OTHER, None], ids=["other", "none"])
def test_a_secret_that_did_not_sign_the_newest_letter_is_refused(
    store: Store, file: Path, content: bytes | None
) -> None:
    unsettled(store, linked(OTHER), linked(OLD), "ข้อความที่ไม่มีลิงก์")
    if content is not None:
        put(file, content)
    with pytest.raises(SecretUnprovenError) as refused:
        settle(store, file)
    assert str(file) in str(refused.value)
    assert store.where in str(refused.value)
    assert f"office {KEY}, 2023-04-11 01:30 UTC" in str(refused.value)
    assert (store.installation.get(), file.exists()) == (None, content is not None)


def test_words_of_the_office_that_look_like_a_link_prove_nothing(store: Store, file: Path) -> None:
    settle(unsettled(store, "https://example.org/link/abc.def\n" + linked(OLD)), put(file, OLD))
    assert known_secret(store, file) == OLD


def test_a_renewed_secret_is_the_one_from_then_on(store: Store, file: Path) -> None:
    unsettled(store, linked(OLD))
    renew(store, OTHER)
    settle(store, put(file, OTHER))
    before = store.installation.get()
    renew(store, OLD)
    settle(store, put(file, OLD))
    after = store.installation.get()
    assert before is not None
    assert after is not None
    assert (after.id, after.fingerprint) == (before.id, fingerprint(OLD))


def test_a_process_on_a_database_that_no_start_has_prepared_stops(store: Store, tmp_path: Path) -> None:
    url = store._engine.url.render_as_string(hide_password=False)
    system = System(Settings(home=tmp_path, database_url=url.replace("+psycopg", "")))
    put(system.settings.secret_place, OLD)
    with pytest.raises(NotPreparedError):
        _ = system.secret
    with store._engine.connect() as connection:
        migrate.downgrade(connection, "0008")
    with pytest.raises(NotPreparedError):
        _ = system.secret
    system.store.close()


def test_the_secret_may_lie_where_a_setting_says(tmp_path: Path) -> None:
    running = System(Settings(home=tmp_path / "home", demo=False, secret_file=tmp_path / "keys" / "secret"))
    prepare(running)
    running.store.close()
    assert (tmp_path / "keys" / "secret").read_bytes() == running.secret
    assert not (tmp_path / "home" / "web.secret").exists()


Starts = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def starts(tmp_path: Path) -> Starts:
    def start(*words: str, home: str = "home", **settings: str) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUCHARIT_", "PREFECT_"))}
        ours = {"SUCHARIT_HOME": str(tmp_path / home), "SUCHARIT_DEMO": "false", "PREFECT_HOME": str(tmp_path / "p")}
        return subprocess.Popen(
            [sys.executable, "-m", *words],
            env=kept | ours | settings,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


PROGRAMS: Final = (("web.server", "--port", "0"), ("flows.worker", "--pool", "office"))


@pytest.mark.parametrize("words", PROGRAMS, ids=lambda words: words[0])
def test_a_program_in_another_home_ends_in_one_sentence_and_makes_no_secret(
    starts: Starts, tmp_path: Path, words: tuple[str, ...]
) -> None:
    with starts("services.setup.prepare") as start:
        assert start.wait(60) == 0
    (tmp_path / "other").mkdir()
    url = f"sqlite:///{tmp_path}/home/sucharit.db"
    with starts(*words, home="other", SUCHARIT_DATABASE_URL=url) as program:
        out, err = program.communicate(timeout=60)
    assert (program.returncode, out) == (1, "")
    assert err.startswith(f"There is no secret in {tmp_path}/other/web.secret, and the database at {url} knows")
    assert len(err.strip().splitlines()) == 1
    assert list((tmp_path / "other").iterdir()) == []


def test_a_start_that_is_killed_at_any_point_is_made_up_for(starts: Starts, tmp_path: Path) -> None:
    for after_s in (0.3, 0.6, 0.8, 0.9, 1.0, 1.1, 1.2, 1.4):
        with starts("services.setup.prepare") as start:
            try:
                start.wait(after_s)
            except subprocess.TimeoutExpired:
                start.send_signal(signal.SIGKILL)
    with starts("services.setup.prepare") as start:
        assert start.wait(60) == 0
    store = Store(f"sqlite:///{tmp_path}/home/sucharit.db")
    assert len(known_secret(store, tmp_path / "home" / "web.secret")) == 32
    store.close()
    assert open_modes(tmp_path / "home") == {}
