"""The process tree of `make up`, with small real children."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.operations.processes import Child, Finished, HttpReady, LineReady, Log, ProcessSpec, Restart
from services.operations.supervise import AlreadyRunningError, ChildFailedError, PortBusyError, Supervisor, held
from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]
SLEEP = "print('awake', flush=True); import time; time.sleep(600)"


def make_spec(name: str, code: str, **more: Any) -> ProcessSpec:
    return ProcessSpec(name, (sys.executable, "-c", code), **{"ready": LineReady("awake"), "kill_after_s": 5, **more})


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def run(home: Path, *specs: ProcessSpec, until: Callable[[list[str]], bool] = lambda _said: True) -> list[str]:
    """Run until all are ready and `until` holds, then stop; the lines that were said."""
    said: list[str] = []
    supervisor = Supervisor(home, specs, said.append)

    def watch() -> None:
        wait_until(lambda: until(said))
        supervisor.stop()

    watcher = threading.Thread(target=watch)
    try:
        assert supervisor.run(when_ready=watcher.start) == 0
    finally:
        if watcher.ident is not None:
            watcher.join()
    return said


def pids(said: list[str]) -> list[int]:
    return [int(line.rsplit(" ", 1)[1]) for line in said if " process " in line]


def test_children_start_in_order_and_none_is_left_after_the_stop(tmp_path: Path) -> None:
    said = run(tmp_path, make_spec("first", SLEEP, where="here"), make_spec("second", SLEEP))
    assert [line.split()[0] for line in said] == ["first", "second", "stopping"]
    assert [exists(pid) for pid in pids(said)] == [False, False]


def test_a_child_that_dies_is_started_again_with_growing_waits(tmp_path: Path) -> None:
    dying = "print('awake', flush=True); import time; time.sleep(0.3); print('the disk is full', flush=True); exit(7)"
    said = run(tmp_path, make_spec("dying", dying), until=lambda said: sum("started again" in s for s in said) == 2)
    assert [line for line in said if "ended" in line] == [
        "dying        ended with code 7, starts again in 1 s. Its last words:",
        "dying        ended with code 7, starts again in 2 s. Its last words:",
    ]
    assert "    the disk is full" in said
    assert (tmp_path / "logs" / "dying.log").read_text().count("the disk is full") >= 2


def test_a_child_that_does_not_start_is_told_with_its_last_words(tmp_path: Path) -> None:
    before = make_spec("before", SLEEP)
    said: list[str] = []
    with pytest.raises(ChildFailedError, match=r"ended with code 3.*\n.*no such table"):
        Supervisor(tmp_path, [before, make_spec("failing", "print('no such table'); exit(3)")], said.append).run()
    assert not exists(pids(said)[0])


def test_a_child_that_is_never_ready_is_told(tmp_path: Path) -> None:
    mute = make_spec("mute", "import time; time.sleep(600)", ready_within_s=0.5)
    with pytest.raises(ChildFailedError, match=r"not ready within 0\.5 s"):
        Supervisor(tmp_path, [mute], lambda _line: None).run()


def test_a_job_of_the_start_is_waited_for_and_not_repeated(tmp_path: Path) -> None:
    job = make_spec("job", "print('applied')", ready=Finished())
    said = run(tmp_path, job, make_spec("after", SLEEP))
    assert [line.split()[0] for line in said] == ["job", "after", "stopping"]


def test_a_child_may_be_left_ended(tmp_path: Path) -> None:
    once = make_spec("once", "print('awake', flush=True)", restart=Restart.NEVER)
    assert [line.split()[0] for line in run(tmp_path, once, make_spec("after", SLEEP))] == ["once", "after", "stopping"]


def test_a_server_is_ready_when_it_answers(tmp_path: Path) -> None:
    port = free_port()
    asked = HttpReady(f"http://127.0.0.1:{port}/")
    argv = (sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port))
    said = run(tmp_path, ProcessSpec("web", argv, ready=asked, port=port, cwd=tmp_path))
    assert said[0].startswith("web")


def test_a_child_that_ignores_the_stop_is_killed_with_its_own_children(tmp_path: Path) -> None:
    stubborn = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
        "print('awake', flush=True); print(f'child process {child.pid}', flush=True); time.sleep(600)"
    )
    log = tmp_path / "logs" / "stubborn.log"
    said = run(
        tmp_path,
        make_spec("stubborn", stubborn, kill_after_s=0.5),
        until=lambda _said: log.exists() and "child process" in log.read_text(),
    )
    inner = int(log.read_text().split()[-1])
    assert wait_until(lambda: not exists(inner) and not exists(pids(said)[0]))


def test_a_second_start_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with held(tmp_path), pytest.raises(AlreadyRunningError, match=f"{tmp_path} .process {os.getpid()}.") as refused:
        Supervisor(tmp_path, [], lambda _line: None).run()
    assert refused.value.exit_code == 2
    with held(tmp_path):
        pass


def test_a_port_in_use_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port: int = taken.getsockname()[1]
        spec = make_spec("clockwork", SLEEP, port=port, port_setting="SUCHARIT_PREFECT_PORT")
        with pytest.raises(PortBusyError, match=f"Port {port}.*SUCHARIT_PREFECT_PORT"):
            Supervisor(tmp_path, [spec], lambda _line: None).run()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_child_outlives_its_supervisor(tmp_path: Path, number: int) -> None:
    program = (
        "import sys; from pathlib import Path;"
        "from services.operations.processes import *; from services.operations.supervise import *;"
        f"spec = ProcessSpec('child', (sys.executable, '-c', {SLEEP!r}), ready=LineReady('awake'));"
        f"sys.exit(Supervisor(Path({str(tmp_path)!r}), [spec], lambda line: print(line, flush=True)).run())"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True) as up:
        assert up.stdout is not None
        child = pids([up.stdout.readline().strip()])[0]
        assert exists(child)
        up.send_signal(number)
        assert up.wait(15) == (0 if number != signal.SIGKILL else -signal.SIGKILL)
    assert wait_until(lambda: not exists(child))
    run(tmp_path, make_spec("next", SLEEP))  # the folder is free again


def test_children_write_bytecode_even_where_it_is_switched_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    told = "import os; print('awake', os.environ.get('PYTHONDONTWRITEBYTECODE'), os.environ['OURS'], flush=True)"
    run(tmp_path, make_spec("told", told, env={"OURS": "yes"}, restart=Restart.NEVER))
    assert (tmp_path / "logs" / "told.log").read_text() == "awake None yes\n"


def test_a_log_is_moved_aside_when_full_and_keeps_its_last_lines(tmp_path: Path) -> None:
    log = Log(tmp_path / "a.log", limit=100)
    for number in range(30):
        log.write(f"line {number:4}\n".encode())
    log.close()
    sizes = [path.stat().st_size for path in sorted(tmp_path.iterdir())]
    assert len(sizes) == 2
    assert max(sizes) <= 100
    assert list(log.last)[-1] == "line   29"
    assert len(log.last) == 20


def test_a_child_that_has_ended_can_be_stopped(tmp_path: Path) -> None:
    ended = threading.Event()
    child = Child(make_spec("short", "print('awake')"), tmp_path, lambda _child: ended.set())
    assert ended.wait(15)
    child.stop()
    assert (child.exit_code, child.last_lines) == (0, ["awake"])
