"""The whole of it, as `make up` runs it: Prefect's server, the worker, the mailbox, the command line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bench.burst import OFFICE as BURST
from bench.burst import Burst, Load
from bench.burst import run as burst
from bench.live import Live, live
from flows.rest import BasicKey
from notifications.mailbox import read_mailbox
from services.scheduler_key import kept_key
from tests.services.other_user import open_modes, opened_by_another
from tests.waiting import wait_until

pytestmark = pytest.mark.prefect

DEMO = ("--office", "demo")

EXPECTED_DEPLOYMENTS = {
    *(f"{year}.demo.m{number}" for year in ("last", "this") for number in (3, 4, 5, 6, 7)),
    "deliver",
    "sweep",
    "quarter-report",
    "audit",
    "apply-schedules",
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The service with the demonstration; an office of its own comes beside it with the burst."""
    # This one makes Prefect's tables anew, as a first start does.
    with live(tmp_path_factory.mktemp("year") / "home", {"SUCHARIT_DEMO": "true"}) as running:
        yield running


def api(service: Live, path: str, body: object) -> list[dict[str, object]]:
    port = service.environment["SUCHARIT_PREFECT_PORT"]
    auth = BasicKey(kept_key(service.home))
    answer = httpx.post(f"http://127.0.0.1:{port}/api{path}", json=body, auth=auth, timeout=30)
    found: list[dict[str, object]] = answer.raise_for_status().json()
    return found


def test_prefect_lists_one_deployment_for_each_measure_and_the_housekeeping(service: Live) -> None:
    listed = [str(found["name"]) for found in api(service, "/deployments/filter", {"limit": 200})]
    names = [name for name in listed if f".{BURST}." not in name]
    years = sorted({name.partition(".")[0] for name in names if name[0].isdigit()})
    found = {
        name.replace(f"{years[0]}.", "last.", 1).replace(f"{years[1]}.", "this.", 1) if name[0].isdigit() else name
        for name in names
    }
    assert found == EXPECTED_DEPLOYMENTS
    assert len(names) == len(found)


def test_the_next_scheduled_runs_are_the_next_moments_that_the_schedule_shows(service: Live) -> None:
    # Prefect makes the runs of a schedule that was just resumed (by another test) within some seconds.
    assert wait_until(lambda: all(_marks(service)), within_s=40), service.command("schedule", "show", *DEMO).stdout


def _marks(service: Live) -> list[bool]:
    shown = service.command("schedule", "show", *DEMO).stdout
    # What waits for a decision since today has its first word in days, and schedules are made anew every morning.
    others = "\n".join(line for line in shown.splitlines() if " decision " not in line)
    marks = re.findall(r"^  \d{4}-\d\d-\d\d \d\d:\d\d  (scheduled)?", others, re.MULTILINE)
    return [mark == "scheduled" for mark in marks] or [False]


def test_what_should_be_open_is_open_and_the_divisions_were_told_by_mail(service: Live) -> None:
    listed = json.loads(service.command("assignments", "--json", *DEMO).stdout)
    assert {row["state"] for row in listed} <= {"open", "handed_in"}
    assert listed
    assert _told(service, "[ตัวอย่าง] เริ่มดำเนินการ", within_s=40)


def test_last_years_reports_come_out_as_word_files(service: Live, tmp_path: Path) -> None:
    done = service.command("report", "export", str(tmp_path / "reports"), *DEMO)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "reports").glob("report-*-q?-r1.docx"))) == 4


def test_a_hand_in_wakes_its_measure_and_the_supervisor_is_told(service: Live) -> None:
    row = json.loads(service.command("assignments", "--json", *DEMO).stdout)[0]
    by = f"{row['id'].split('-')[2]}.officer"
    words = ("hand-in", row["id"], "--by", by, "--result", "เสร็จแล้ว", "--no-problems", "--no-suggestions", *DEMO)
    done = service.command(*words)
    assert done.returncode == 0, done.stderr
    assert "handed_in" in done.stdout
    assert "Nobody is told" not in done.stdout
    assert _told(service, "โปรดตรวจรายงานผล", within_s=40)


def _told(service: Live, subject: str, within_s: float) -> bool:
    folder = service.home / "mailbox"
    wait_until(lambda: any(subject in mail.subject for mail in read_mailbox(folder)), within_s)
    return subject in service.command("mailbox").stdout


def test_pausing_takes_the_planned_runs_away_and_resuming_brings_them_back(service: Live) -> None:
    shown = service.command("schedule", "show", *DEMO).stdout
    measure = max(re.findall(r"^\d{4}/demo/m4", shown, re.MULTILINE))
    assert service.command("schedule", "pause", measure).returncode == 0
    assert f"{measure} (paused)" in service.command("schedule", "show", *DEMO).stdout
    assert service.command("schedule", "resume", measure).returncode == 0
    assert f"{measure} (paused)" not in service.command("schedule", "show", *DEMO).stdout


def test_running_a_measure_by_hand_says_what_became_of_it(service: Live) -> None:
    measure = max(re.findall(r"^\d{4}/demo/m6", service.command("schedule", "show", *DEMO).stdout, re.MULTILINE))
    done = service.command("schedule", "run-now", measure)
    assert done.returncode == 0, done.stderr
    assert re.match(r"(Nothing due|Completed|Overdue): \d+ opened", done.stdout)


def test_a_plan_put_into_force_on_the_pages_is_scheduled_by_prefect(service: Live) -> None:
    year = max(re.findall(r"^(\d{4})/demo/m6", service.command("schedule", "show", *DEMO).stdout, re.MULTILINE))
    with administrator(service) as browser:
        review = browser.get(f"/admin/plans/{year}/1/review.yaml").text
        named = review.replace('title: "เปิดเผยข้อมูล"', 'title: "เปิดเผยข้อมูลต่อสาธารณะ"')
        draft = post(browser, "/admin/plans/upload", document=("review.yaml", named)).headers["location"]
        plan = post(browser, f"{draft}/import", version="1").headers["location"].partition("?")[0]
        assert plan == f"/admin/plans/{year}/2"
        seen = field(browser.get(f"{plan}/activate").text, "seen")
        done = post(browser, f"{plan}/activate", seen=seen, late="yes")
        assert done.headers["location"] == f"{plan}?done=activated"
        assert wait_until(lambda: "ต่อสาธารณะ" in _description(service, f"{year}.demo.m6"), within_s=40)
        assert "ตั้งเวลาครบทั้ง ๕ มาตรการแล้ว" in browser.get(plan).text
        schedule = browser.get("/admin/schedule").text
        assert "เปิดเผยข้อมูลต่อสาธารณะ" in schedule
        assert "ตั้งเวลาแล้ว" in schedule
        assert "ยังไม่อยู่ในระบบตั้งเวลา" not in schedule


@contextmanager
def administrator(service: Live) -> Iterator[httpx.Client]:
    """A browser in which the demonstration's administrator has signed in by a one-time link."""
    service.command("account", "add", "admin", *DEMO)
    path = service.command("account", "link", "admin", *DEMO).stdout.strip()
    base = f"http://127.0.0.1:{service.environment['SUCHARIT_WEB_PORT']}"
    with httpx.Client(base_url=base, timeout=60) as browser:
        assert browser.post(path).status_code == 303
        yield browser


def post(browser: httpx.Client, path: str, document: tuple[str, str] | None = None, **given: str) -> httpx.Response:
    """Send one of the pages' forms."""
    data = {"csrf": field(browser.get("/admin/plans").text, "csrf"), **given}
    answer = browser.post(path, data=data, files={"document": document} if document else None)
    assert answer.status_code == 303, answer.text
    return answer


def field(page: str, name: str) -> str:
    """What a hidden field of a page holds."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page
    return found[1]


def _description(service: Live, deployment: str) -> str:
    body = {"deployments": {"name": {"any_": [deployment]}}}
    return " ".join(str(found["description"]) for found in api(service, "/deployments/filter", body))


def test_doctor_and_audit_find_nothing_wrong(service: Live) -> None:
    doctor, audit = service.command("doctor"), service.command("audit", *DEMO)
    assert doctor.returncode == 0, doctor.stdout
    assert audit.returncode == 0, audit.stderr


def test_no_other_user_of_the_machine_can_read_anything_in_the_home(service: Live) -> None:
    assert (service.home / "sucharit.db-wal").exists()
    assert open_modes(service.home) == {}
    assert opened_by_another(service.home) == []


def test_a_second_start_on_the_same_folder_is_refused_in_one_sentence(service: Live) -> None:
    second = service.command("up")
    assert second.returncode == 2
    assert "runs already on" in second.stderr


def test_a_burst_on_the_embedded_default_loses_and_doubles_nothing(service: Live) -> None:
    # As many as make its writers wait for each other; `make bench-burst` gives it three times as many.
    load = Load(measures=7, hand_ins=12, lead=timedelta(seconds=15))
    given: Burst = burst(service, load)
    assert set(given.runs) == {"COMPLETED"}, given
    assert given.runs["COMPLETED"] >= load.measures
    assert (given.lost, given.doubled, given.lock_errors) == (0, 0, 0), given
    assert given.notices == load.measures * 6 + load.hand_ins
