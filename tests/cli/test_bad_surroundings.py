"""What the machine gets wrong: settings, database, clock, Prefect, mail server, ports."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.live import free_port
from domain.outbox import LetterState
from services import clock
from services.clock import ClockAheadError, ClockBehindError
from services.operations.supervise import held
from services.outbox.deliver import Delivered, deliver
from services.settings import Settings
from services.wiring import System
from tests.cli.command import Sucharit
from tests.cli.conftest import KEY, assignment, last_year
from tests.notifications.servers import Server
from tests.services.live_office import LiveOffice
from tests.services.mail import serving

HAND_IN = ("hand-in", "--by", "the-chang-officer", "--result", "x", "--no-problems", "--no-suggestions")


def fault(sucharit: Sucharit, what: str) -> str:
    """What `doctor` finds wrong with one thing."""
    answer = sucharit.run("doctor")
    assert answer.code == 1, answer
    assert answer.err == ""
    (line,) = [line for line in answer.out.splitlines() if line.startswith(f"FAULT {what}: ")]
    return line.removeprefix(f"FAULT {what}: ")


# The database


@pytest.mark.parametrize(
    "words",
    [("assignments",), ("office", "list"), ("audit",), ("holiday", "add", "2027-01-05", "x")],
    ids=lambda words: " ".join(words[:2]),
)
def test_where_nothing_was_prepared_the_remedy_is_make_up(nowhere: Sucharit, words: tuple[str, ...]) -> None:
    sentence = nowhere.refused(*words)
    assert sentence == (
        f"There is nothing yet in {nowhere.home}, where the service keeps its data (SUCHARIT_HOME). "
        "Go to the folder it was started in, or set SUCHARIT_HOME; `make up` prepares a new one."
    )
    assert not nowhere.home.exists()


def test_a_database_without_tables_is_not_prepared(nowhere: Sucharit) -> None:
    nowhere.home.mkdir()
    nowhere.database.touch()
    assert nowhere.refused("assignments") == (
        f"The database at sqlite:///{nowhere.database} is not prepared for this version of Sucharit. "
        "`make up` prepares it and starts."
    )


def test_doctor_says_it_once(nowhere: Sucharit) -> None:
    said = nowhere.run("doctor").out
    assert f"FAULT database: There is nothing yet in {nowhere.home}" in said
    assert said.count("not examined: first the database must be in order.") == 6
    assert said.count("FAULT Prefect: nobody answers at") == 1


def test_a_file_that_is_no_database_is_named_and_left_alone(nowhere: Sucharit) -> None:
    nowhere.home.mkdir()
    nowhere.database.write_bytes(b"no database at all\n" * 100)
    for words in (("assignments",), ("demo", "make"), ("office", "list")):
        sentence = nowhere.refused(*words)
        assert sentence.startswith(
            f"The database at sqlite:///{nowhere.database} cannot be used: file is not a database"
        )
    assert "file is not a database" in fault(nowhere, "database")
    assert nowhere.database.read_bytes() == b"no database at all\n" * 100


def test_a_database_that_may_only_be_read_is_read_and_refuses_changes(sucharit: Sucharit, tmp_path: Path) -> None:
    heads = sucharit.heads()
    read_only = sucharit.having(DATABASE_URL=f"sqlite:///file:{sucharit.database}?mode=ro&uri=true")
    for words in (("assignments",), ("outbox",), ("ledger", "verify")):
        assert read_only.run(*words, cwd=tmp_path).code == 0
    changed = read_only.run("holiday", "add", "2027-01-05", "x", cwd=tmp_path)
    assert changed.code == 1
    assert "attempt to write a readonly database. Nothing was changed." in changed.err
    assert changed.err.count("\n") == 1
    assert sucharit.heads() == heads


def test_a_file_where_the_folder_should_be_is_named(nowhere: Sucharit) -> None:
    nowhere.home.touch()
    sentence = nowhere.run("assignments")
    assert (sentence.code, sentence.err.startswith(f"File exists ({nowhere.home}).")) == (1, True)
    assert fault(nowhere, "disk").startswith(f"File exists ({nowhere.home}).")


def test_a_server_that_is_not_there_is_named_without_its_password(nowhere: Sucharit) -> None:
    url = f"postgresql://sucharit:very-secret@127.0.0.1:{free_port()}/ledger"
    answer = nowhere.having(DATABASE_URL=url).run("assignments")
    assert answer.code == 1
    assert "sucharit:***@127.0.0.1" in answer.err
    assert "Nothing was changed." in answer.err
    assert "very-secret" not in answer.err + answer.out


# The terminal


def test_a_terminal_that_knows_no_thai_gets_utf_8(sucharit: Sucharit) -> None:
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    program = Sucharit(sucharit.home, ascii_only)
    assert "เทศบาลตำบลบ้านใหม่" in program.done("office", "list")
    assert "กองช่าง (chang)" in program.refused("assignments", "--division", "x")


# The clock


def test_a_clock_that_jumped_back_stops_every_change(sucharit: Sucharit) -> None:
    later(sucharit, datetime.now(UTC) + timedelta(days=3))
    year = last_year().be
    for words in (
        (*HAND_IN, assignment(1)),
        ("plan", "activate", "--fiscal-year", year),
        ("plan", "roll-over", "--from", year, "--to", year + 3),
        ("post", "hold", "mayor", "the-clerk", "--from", "2026-01-01", "--acting"),
        ("holiday", "add", "2027-01-05", "x"),
        ("report", "freeze", year, 1),
        ("doctor", "--clock-is-right"),
    ):
        sentence = sucharit.refused(*words)
        assert sentence.startswith("The clock shows 20"), words
        assert sentence.endswith("Set the clock, best by network time (NTP), and repeat.")
    assert fault(sucharit, "clock").startswith("The clock shows 20")


def test_a_clock_that_jumped_far_ahead_waits_for_a_word(sucharit: Sucharit) -> None:
    live = LiveOffice(sucharit.store(), KEY)
    with live.reading() as desk:
        now = desk.uow.ledger.last_at()
        assert now is not None
        clock.check(desk.uow, now + timedelta(days=30))
        with pytest.raises(ClockAheadError, match=r"nothing has happened in “banmai” since .* --clock-is-right"):
            clock.check(desk.uow, now + timedelta(days=32))
        with pytest.raises(ClockBehindError):
            clock.check(desk.uow, now - timedelta(minutes=3))
        clock.check(desk.uow, now - timedelta(minutes=1))
    with live.desk() as desk:
        clock.confirm(desk.uow, now + timedelta(days=400), by="admin")
    with live.reading() as desk:
        clock.check(desk.uow, now + timedelta(days=401))
    live.store.close()


def test_doctor_asks_after_a_long_pause_and_takes_the_administrators_word(nowhere: Sucharit) -> None:
    from tests.services.live_office import found_office  # noqa: PLC0415 -- run in a process of its own

    store = nowhere.store()
    store.migrate()
    begun = datetime.now(UTC) - timedelta(days=40)
    found_office(store, key=KEY, at=begun, vouched_until=begun)
    store.close()
    assert "`sucharit doctor --clock-is-right`" in fault(nowhere, "clock")
    assert "ok   clock: " in nowhere.run("doctor", "--clock-is-right").out
    assert "ok   clock: " in nowhere.run("doctor").out


def later(sucharit: Sucharit, at: datetime) -> None:
    live = LiveOffice(sucharit.store(), KEY)
    with live.desk() as desk:
        clock.confirm(desk.uow, at, by="admin")
    live.store.close()


# Prefect


def test_without_prefect_the_plan_is_still_shown(sucharit: Sucharit) -> None:
    answer = sucharit.run("schedule", "show")
    assert answer.code == 0
    assert f"{last_year().be}/banmai/m1" in answer.out
    assert answer.err == "Prefect does not answer, so only the plan's own moments are shown. Start it with `make up`.\n"


@pytest.mark.parametrize("words", [("apply",), ("pause", "2570/banmai/m1"), ("run-now", "2570/banmai/m1")])
def test_without_prefect_nothing_is_scheduled_and_it_is_said(sucharit: Sucharit, words: tuple[str, ...]) -> None:
    sentence = sucharit.refused("schedule", *words)
    assert sentence.startswith("The clockwork does not answer at http://127.0.0.1:")
    assert "Start it with `make up`" in sentence


# The mail server


@contextmanager
def silence() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield int(listener.getsockname()[1])


@contextmanager
def refusal() -> Iterator[int]:
    with serving(Server(mail="550 5.7.1 you may not send")) as port:
        yield port


@contextmanager
def nobody() -> Iterator[int]:
    yield free_port()


FAULTY = pytest.mark.parametrize(
    ("server", "why"),
    [(nobody, "No mail server answers"), (refusal, "you may not send"), (silence, "did not answer within 1 s")],
)


@FAULTY
def test_doctor_says_what_is_wrong_with_the_mail_server(sucharit: Sucharit, server: object, why: str) -> None:
    assert callable(server)
    with server() as port:
        said = fault(through(sucharit, port), "mail")
    assert said.startswith(f"127.0.0.1:{port} (none) does not take us: ")
    assert why in said
    assert said.endswith("and SUCHARIT_SENDER; letters wait meanwhile.")


def test_a_server_without_login_takes_letters_and_doctor_says_so(sucharit: Sucharit) -> None:
    server = Server()
    with serving(server) as port:
        said = sucharit.having(**smtp_at(port)).run("doctor").out
        done = delivered(sucharit, port)
    assert f"127.0.0.1:{port} takes mail from sucharit@localhost.localdomain" in said
    assert done.sent == done.composed == len(server.accepted) > 0


def test_doctor_and_delivery_say_the_same_of_a_server_that_knows_no_login(sucharit: Sucharit) -> None:
    with serving(Server()) as port:
        login = {"SMTP_USERNAME": "ita", "SMTP_PASSWORD": "x"}
        said = fault(sucharit.having(**smtp_at(port), **login), "mail")
        done = delivered(sucharit, port, smtp_username="ita", smtp_password="x")
    assert "refused the login: “The SMTP AUTH extension is not supported by this server" in done.stopped_by
    assert done.stopped_by in said
    assert done.sent == 0


@FAULTY
def test_letters_wait_for_a_faulty_server_and_the_outbox_says_why(sucharit: Sucharit, server: object, why: str) -> None:
    assert callable(server)
    with server() as port:
        done = delivered(sucharit, port)
    assert done.sent == 0
    assert done.waiting + done.parked == done.composed > 0
    live = LiveOffice(sucharit.store(), KEY)
    assert live.letters(LetterState.SENT) == []
    remarks = {letter.remark for letter in live.letters()}
    live.store.close()
    assert remarks
    assert all(remarks)
    assert f"{done.waiting} wait, 0 sent, {done.parked} parked" in sucharit.done("outbox")


def smtp_at(port: int) -> dict[str, str]:
    return {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port), "SMTP_TLS": "none", "SMTP_TIMEOUT_S": "1"}


def through(sucharit: Sucharit, port: int) -> Sucharit:
    return sucharit.having(**smtp_at(port))


def delivered(sucharit: Sucharit, port: int, **login: str) -> Delivered:
    told: dict[str, Any] = {name.lower(): value for name, value in smtp_at(port).items()} | login
    running = System(Settings(home=sucharit.home, **told))
    with running.reading(KEY) as desk:
        office = desk.office
    done = asyncio.run(deliver(running.store, KEY, running.mail_sender(office)))
    running.store.close()
    return done


# The start


def test_a_second_start_on_the_same_folder_is_refused(nowhere: Sucharit) -> None:
    with held(nowhere.home):
        answer = nowhere.run("up")
    assert answer.code == 2
    assert answer.err.startswith(f"The service runs already on {nowhere.home} (process ")
    assert answer.err.endswith("Stop that one first, or choose another folder.\n")


@pytest.mark.parametrize("setting", ["PREFECT_PORT", "MAILBOX_PORT"])
def test_a_busy_port_is_named_with_the_setting_that_moves_it(nowhere: Sucharit, setting: str) -> None:
    with silence() as port:
        answer = nowhere.having(**{setting: str(port)}).run("up")
    assert answer.code == 2
    assert f"Port {port}, wanted for " in answer.err
    assert answer.err.endswith(f"is in use by another program. End that program, or set SUCHARIT_{setting}.\n")
    assert not nowhere.database.exists()


def test_a_start_on_a_file_that_is_no_database_says_what_prepare_said(nowhere: Sucharit) -> None:
    nowhere.home.mkdir()
    nowhere.database.write_bytes(b"no database at all\n" * 100)
    answer = nowhere.run("up")
    assert answer.code == 2
    assert answer.err.startswith("prepare did not start: it ended with code 1.")
    assert "file is not a database. Nothing was changed." in answer.err
    assert "Traceback" not in answer.err


def test_a_copy_of_the_folder_without_its_files_exports_nothing_half(sucharit: Sucharit, tmp_path: Path) -> None:
    sucharit.done("report", "freeze", last_year().be, 1)
    shutil.rmtree(sucharit.home / "files")
    answer = sucharit.run("report", "export", tmp_path / "reports")
    assert answer.code == 1
    assert "No such file or directory" in answer.err
    assert list((tmp_path / "reports").iterdir()) == []
