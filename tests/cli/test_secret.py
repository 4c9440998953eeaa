from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from services.access.installation import is_known
from services.operations.supervise import held
from services.settings import SECRET_FILE
from tests.cli.command import Sucharit
from tests.cli.conftest import KEY


@pytest.fixture
def file(sucharit: Sucharit) -> Path:
    """The secret of the office's home."""
    return sucharit.home / SECRET_FILE


def check(sucharit: Sucharit, what: str) -> str:
    lines = sucharit.run("doctor").out.splitlines()
    return next(line for line in lines if f" {what}: " in line)


def test_doctor_tells_whether_the_secret_is_the_one(sucharit: Sucharit, file: Path) -> None:
    assert check(sucharit, "secret") == f"ok   secret: the one in {file} is the one that the database knows"
    file.write_bytes(bytes(32))
    assert check(sucharit, "secret").startswith(f"FAULT secret: The secret in {file} is not the one")
    file.unlink()
    assert check(sucharit, "secret").startswith(f"FAULT secret: There is no secret in {file}, and the database at")
    assert not file.exists()


def test_commands_that_sign_nothing_ask_for_no_secret(sucharit: Sucharit, file: Path) -> None:
    file.unlink()
    assert sucharit.run("assignments").code == 0
    assert sucharit.run("account", "list").code == 0


def test_a_new_secret_is_made_only_when_told_what_it_ends(sucharit: Sucharit, file: Path) -> None:
    file.unlink()
    said = sucharit.refused("secret", "renew")
    assert "the links in all letters sent so far" in said
    assert "--yes" in said
    assert not file.exists()


def test_a_lost_secret_is_renewed_and_the_ledger_knows_who_did_it(sucharit: Sucharit, file: Path) -> None:
    file.unlink()
    assert f"From now on the secret in {file} signs" in sucharit.done("secret", "renew", "--yes", "--by", "clerk")
    store = sucharit.store()
    assert is_known(store, file.read_bytes())
    with store.reader(KEY) as uow:
        last = list(uow.ledger.lines())[-1].entry
    store.close()
    assert (last.kind, last.actor) == ("secret.renewed", "clerk")
    assert check(sucharit, "secret").startswith("ok ")
    assert "nothing to renew" in sucharit.done("secret", "renew")


def test_the_secret_is_not_renewed_under_a_running_service(sucharit: Sucharit, file: Path) -> None:
    file.write_bytes(bytes(32))
    with held(sucharit.home):
        assert "The service runs already on" in sucharit.refused("secret", "renew", "--yes")


def test_a_secret_of_a_database_that_nobody_prepared_is_not_renewed(nowhere: Sucharit) -> None:
    assert "There is nothing yet in" in nowhere.refused("secret", "renew", "--yes")


def test_doctor_counts_the_files_that_are_named_and_not_there(sucharit: Sucharit, tmp_path: Path) -> None:
    (tmp_path / "photo.txt").write_text("x")
    words = ("--result", "จัดแล้ว", "--no-problems", "--no-suggestions", "--evidence", tmp_path / "photo.txt")
    listed = sucharit.done("assignments")
    assignment = next(word for word in listed.split() if word.endswith("-q1"))
    sucharit.done("hand-in", assignment, "--by", "the-chang-officer", *words)
    files = sucharit.home / "files"
    assert check(sucharit, "files") == f"ok   files: 1 that the database names are in {files}"
    shutil.rmtree(files)
    said = check(sucharit, "files")
    assert said.startswith(f"FAULT files: 1 of 1 files that the database names are not in {files}")
