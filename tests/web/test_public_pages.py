"""What everybody may read, what is left out of it, and that it takes a person's act to get there."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from services.assignments.evidence import checked_link
from services.assignments.hand_in import Attachment, Result, hand_in, keep
from services.assignments.review import accept
from services.planning.plans import activate, import_plan
from services.reporting.publish import public_name
from services.settings import Settings
from tests.factories import NONE_CONFIRMED, at, make_measure, make_office, make_plan, make_step
from tests.services.live_office import ADMIN, LiveOffice
from tests.web.browsers import browser_of
from tests.web.conftest import Pages, PagesSystem, token_of

CLERK, HEAD, OFFICER, STRANGER = "the-clerk", "the-chang-head", "the-chang-officer", "the-khlang-head"
REPORT: Final = "/publishing/report/2566/1/1"
ID: Final = "2566-m1.1-chang-q1"
SECRET_NAME: Final = "สมชาย-ใจดี-1234567890123.txt"
FILE: Final = b"nothing personal"
SHA: Final = hashlib.sha256(FILE).hexdigest()


def told(pages: Pages, name: str = SECRET_NAME) -> None:
    """The first quarter's report is handed in with a file, and accepted."""
    now = pages.system.clock()
    kept = keep(pages.system.files, [Attachment(name, FILE)])
    with pages.office.desk() as desk:
        result = Result("ดำเนินการแล้ว", NONE_CONFIRMED, NONE_CONFIRMED)
        hand_in(desk, ID, result, kept, by=OFFICER, now=now)
        accept(desk, ID, by=HEAD, now=now)


def post(browser: TestClient, path: str, page: str = "/publishing", **fields: str) -> int:
    return browser.post(path, data={"csrf": token_of(browser, page), **fields}).status_code


def publish_all(pages: Pages) -> TestClient:
    """The plan, the first quarter's report and its evidence are public."""
    told(pages)
    browser = browser_of(pages, CLERK)
    assert post(browser, "/publishing/plan/2566", "/publishing/plan/2566") == 303
    assert post(browser, "/reports/2566/1/freeze", "/reports") == 303
    assert post(browser, REPORT, REPORT, checked="yes") == 303
    path = f"/publishing/evidence/{ID}/{SHA}"
    assert post(browser, path, path, title="ภาพกิจกรรม", checked="yes") == 303
    return browser


def walk(everybody: TestClient, start: str) -> dict[str, bytes]:
    """Every public page and file that links lead to, by address."""
    seen: dict[str, bytes] = {}
    todo = [start]
    while todo:
        path = todo.pop()
        if path in seen or not path.startswith("/public"):
            continue
        answer = everybody.get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        seen[path] = answer.content
        if "html" in answer.headers["content-type"]:
            todo += [urlsplit(unescape(link)).path for link in re.findall(r'href="([^"]+)"', answer.text)]
    return seen


def test_nothing_is_public_until_somebody_publishes_it(pages: Pages) -> None:
    told(pages)
    everybody = pages.visitor()
    assert everybody.get("/public/ban-mai").status_code == 404
    assert everybody.get("/public/ban-mai/progress/2566").status_code == 404
    assert "ยังไม่มีเอกสารที่เผยแพร่" in everybody.get("/public").text
    assert "/public" not in everybody.get("/sign-in").text


def test_no_person_is_named_on_any_public_page_or_in_open_data(pages: Pages) -> None:
    publish_all(pages)
    found = walk(pages.visitor(), "/public")
    assert len(found) >= 10
    with pages.office.reading() as desk:
        persons = desk.people.persons
    words = {word for p in persons for word in (p.key, p.name, p.email or "@")} | {"สมชาย", "1234567890123", "@"}
    for path, content in found.items():
        if not path.endswith("/file") or "/plan/" in path:
            text = content.decode()
            assert not {word for word in words if word in text}, path


def test_a_name_in_a_cell_of_the_plan_stays_in_the_office(office: Callable[..., LiveOffice], tmp_path: Path) -> None:
    step = make_step()
    raw = step.responsible.model_copy(update={"raw": "นายสมชาย ใจดี โทร 081-234-5678"})
    step = step.model_copy(update={"responsible": raw, "monitoring_raw": "แจ้ง somchai@office.example"})
    live = office(plan=make_plan(measures=(make_measure(steps=(step,)),)))
    live.advance(at("2023-01-04 09:00"))
    pages = Pages(PagesSystem(Settings(home=tmp_path), of=live, times=[at("2023-01-04 10:00")]), live)
    publish_all(pages)
    everything = b"".join(walk(pages.visitor(), "/public").values()).decode(errors="replace")
    assert "กองช่าง" in everything
    assert not {word for word in ("สมชาย", "081-234", "somchai") if word in everything}


def test_a_demonstration_is_not_taken_for_a_real_office(office: Callable[..., LiveOffice], tmp_path: Path) -> None:
    live = office(office=make_office(is_demo=True))
    live.advance(at("2023-01-04 09:00"))
    pages = Pages(PagesSystem(Settings(home=tmp_path), of=live, times=[at("2023-01-04 10:00")]), live)
    publish_all(pages)
    everybody = pages.visitor()
    for path in ("", "/plan/2566/1", "/report/2566-q1/1", "/progress/2566", "/progress/2566/progress.json"):
        assert "(ข้อมูลสาธิต)" in everybody.get(f"/public/ban-mai{path}").text, path


def test_a_name_that_says_demonstration_is_not_made_to_say_it_twice() -> None:
    named = make_office(is_demo=True, name="เทศบาลตำบลตัวอย่าง (สาธิต)")
    assert public_name(named) == "เทศบาลตำบลตัวอย่าง (สาธิต)"


def test_a_document_keeps_its_address_and_its_bytes(pages: Pages) -> None:
    browser = publish_all(pages)
    everybody = pages.visitor()
    first = everybody.get("/public/ban-mai/plan/2566/1/file")
    assert first.headers["content-disposition"].startswith("attachment")
    page = everybody.get("/public/ban-mai/plan/2566/1").text
    assert hashlib.sha256(first.content).hexdigest() in page
    assert first.json()["licence"] == "CC BY 4.0"
    plan = make_plan(measures=(make_measure(title="มาตรการที่แก้ไขแล้ว"),))
    with pages.office.desk() as desk:
        stored = import_plan(desk, plan, by=ADMIN, now=pages.system.clock()).stored
        activate(desk, stored, by=ADMIN, now=pages.system.clock())
    assert "มาตรการที่แก้ไขแล้ว" not in everybody.get("/public/ban-mai/progress/2566").text
    assert post(browser, "/publishing/plan/2566", "/publishing/plan/2566") == 303
    assert "มาตรการที่แก้ไขแล้ว" in everybody.get("/public/ban-mai/plan/2566/2").text
    assert everybody.get("/public/ban-mai/plan/2566/1/file").content == first.content


def test_publishing_the_same_again_makes_no_new_version(pages: Pages) -> None:
    browser = publish_all(pages)
    assert post(browser, "/publishing/plan/2566", "/publishing/plan/2566") == 303
    assert pages.visitor().get("/public/ban-mai/plan/2566/2").status_code == 404
    lines = [line.entry for line in pages.office.ledger("publication.made")]
    assert [(line.actor, line.subject) for line in lines] == [
        (CLERK, "plan 2566 v1"), (CLERK, "report 2566-q1 v1"), (CLERK, f"evidence {ID}-{SHA[:12]} v1"),
    ]  # fmt: skip
    assert not any("สมชาย" in json.dumps(dict(line.data), ensure_ascii=False) for line in lines)


def test_a_withdrawn_document_is_gone_and_says_so(pages: Pages) -> None:
    browser = publish_all(pages)
    subject = f"{ID}-{SHA[:12]}"
    assert post(browser, "/publishing/withdraw", kind="evidence", subject=subject, version="1") == 303
    everybody = pages.visitor()
    for path in (f"/public/ban-mai/evidence/{subject}/1", f"/public/ban-mai/evidence/{subject}/1/file"):
        answer = everybody.get(path)
        assert answer.status_code == 410
        assert "ถอนการเผยแพร่" in answer.text
        assert answer.headers["cache-control"] == "no-store"
    assert subject not in everybody.get("/public/ban-mai").text
    assert [line.entry.kind for line in pages.office.ledger("publication.w")] == ["publication.withdrawn"]
    again = f"/publishing/evidence/{ID}/{SHA}"
    assert post(browser, again, again, title="ภาพกิจกรรม", checked="yes") == 303
    assert everybody.get(f"/public/ban-mai/evidence/{subject}/2").status_code == 200
    assert everybody.get(f"/public/ban-mai/evidence/{subject}/1").status_code == 410


def test_published_evidence_is_an_attachment_that_nothing_runs(pages: Pages) -> None:
    publish_all(pages)
    answer = pages.visitor().get(f"/public/ban-mai/evidence/{ID}-{SHA[:12]}/1/file")
    assert answer.content == FILE
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == f'attachment; filename="evidence-2566-q1-{SHA[:12]}.txt"'
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_evidence_needs_a_look_and_a_title(pages: Pages) -> None:
    told(pages)
    browser = browser_of(pages, HEAD)
    path = f"/publishing/evidence/{ID}/{SHA}"
    answer = browser.post(path, data={"csrf": token_of(browser, path), "title": " "})
    assert answer.status_code == 422
    assert 'id="checked-fault"' in answer.text
    assert 'id="title-fault"' in answer.text
    assert pages.visitor().get("/public/ban-mai").status_code == 404


def test_evidence_about_complaints_is_never_published(pages: Pages) -> None:
    plan = make_plan(measures=(make_measure(indicators=(5,)),))
    with pages.office.desk() as desk:
        activate(
            desk, import_plan(desk, plan, by=ADMIN, now=pages.system.clock()).stored, by=ADMIN, now=pages.system.clock()
        )
    told(pages)
    browser = browser_of(pages, CLERK)
    assert SECRET_NAME not in browser.get("/publishing").text
    path = f"/publishing/evidence/{ID}/{SHA}"
    assert browser.get(path).status_code == 422
    assert post(browser, path, title="ภาพ", checked="yes") == 422
    assert pages.visitor().get("/public/ban-mai").status_code == 404


def test_a_link_is_no_file_to_publish(pages: Pages) -> None:
    link = checked_link("https://example.go.th/photos")
    now = pages.system.clock()
    with pages.office.desk() as desk:
        hand_in(desk, ID, Result("ดำเนินการแล้ว", NONE_CONFIRMED, NONE_CONFIRMED), [link], by=OFFICER, now=now)
        accept(desk, ID, by=HEAD, now=now)
    browser = browser_of(pages, CLERK)
    assert link.sha256 not in browser.get("/publishing").text
    assert post(browser, f"/publishing/evidence/{ID}/{link.sha256}", title="ภาพ", checked="yes") == 404


def test_evidence_of_a_result_that_is_not_accepted_is_not_published(pages: Pages) -> None:
    kept = keep(pages.system.files, [Attachment("a.txt", FILE)])
    with pages.office.desk() as desk:
        hand_in(desk, ID, Result("ทำแล้ว", NONE_CONFIRMED, NONE_CONFIRMED), kept, by=OFFICER, now=pages.system.clock())
    assert browser_of(pages, HEAD).get(f"/publishing/evidence/{ID}/{SHA}").status_code == 422


def test_a_report_is_read_before_it_is_published(pages: Pages) -> None:
    told(pages)
    browser = browser_of(pages, CLERK)
    assert post(browser, "/reports/2566/1/freeze", "/reports") == 303
    assert REPORT in browser.get("/publishing").text
    answer = browser.post(REPORT, data={"csrf": token_of(browser, REPORT)})
    assert answer.status_code == 422
    assert 'id="checked-fault"' in answer.text
    assert pages.visitor().get("/public/ban-mai").status_code == 404


def test_a_draft_report_is_not_published(pages: Pages) -> None:
    browser = browser_of(pages, CLERK)
    assert post(browser, "/reports/2566/1/freeze", "/reports") == 303
    assert REPORT not in browser.get("/publishing").text
    assert post(browser, REPORT, "/reports", checked="yes") == 422


@pytest.mark.parametrize(
    ("person", "status"), [(CLERK, 303), ("the-mayor", 303), (ADMIN, 303), (HEAD, 403), (OFFICER, 403)]
)
def test_the_plan_is_published_by_those_who_speak_for_the_office(pages: Pages, person: str, status: int) -> None:
    browser = browser_of(pages, person)
    assert post(browser, "/publishing/plan/2566", "/account/password") == status


@pytest.mark.parametrize(
    ("person", "status"), [(HEAD, 303), (CLERK, 303), (ADMIN, 303), (STRANGER, 403), (OFFICER, 403)]
)
def test_evidence_is_published_and_withdrawn_by_supervisors_of_its_division(
    pages: Pages, person: str, status: int
) -> None:
    publish_all(pages)
    subject = f"{ID}-{SHA[:12]}"
    browser, page = browser_of(pages, person), "/account/password"
    assert post(browser, "/publishing/withdraw", page, kind="evidence", subject=subject, version="1") == status
    path = f"/publishing/evidence/{ID}/{SHA}"
    assert post(browser, path, page, title="ภาพกิจกรรม", checked="yes") == status


def test_a_head_sees_files_of_the_own_division_only(pages: Pages) -> None:
    told(pages)
    assert SECRET_NAME in browser_of(pages, HEAD).get("/publishing").text
    assert SECRET_NAME not in browser_of(pages, STRANGER).get("/publishing").text


def test_open_data_opens_in_a_spreadsheet_and_runs_nothing(pages: Pages) -> None:
    plan = make_plan(measures=(make_measure(title="=HYPERLINK(1)"),))
    with pages.office.desk() as desk:
        activate(
            desk, import_plan(desk, plan, by=ADMIN, now=pages.system.clock()).stored, by=ADMIN, now=pages.system.clock()
        )
    publish_all(pages)
    everybody = pages.visitor()
    for path in ("plan/2566/1/plan.csv", "progress/2566/progress.csv"):
        answer = everybody.get(f"/public/ban-mai/{path}")
        assert answer.content.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert {row["measure"] for row in rows} == {"'=HYPERLINK(1)"}


def test_progress_says_how_far_each_measure_and_quarter_is(pages: Pages) -> None:
    publish_all(pages)
    found = pages.visitor().get("/public/ban-mai/progress/2566/progress.json").json()
    assert (found["licence"], found["as_of"]) == ("CC BY 4.0", "2023-01-04")
    assert [(row["quarter"], row["done"], row["total"]) for row in found["progress"]] == [
        (1, 1, 1), (2, 0, 1), (3, 0, 1), (4, 0, 1),
    ]  # fmt: skip
    text = pages.visitor().get("/public/ban-mai/progress/2566").text
    assert "๑/๑" in text
    assert "<svg" in text


@pytest.mark.parametrize("path", ["/public/ban-mai", "/public/ban-mai/progress/2566/progress.csv", "FILE"])
def test_caches_may_keep_it_for_a_while_and_ask_again(pages: Pages, path: str) -> None:
    publish_all(pages)
    everybody = pages.visitor()
    address = "/public/ban-mai/plan/2566/1/file" if path == "FILE" else path
    first = everybody.get(address)
    assert first.headers["cache-control"] == "public, max-age=20"
    assert everybody.get(address, headers={"if-none-match": first.headers["etag"]}).status_code == 304
    assert everybody.get(address, headers={"if-none-match": '"another"'}).status_code == 200


def test_visitors_find_the_way(pages: Pages) -> None:
    publish_all(pages)
    everybody = pages.visitor()
    assert 'href="/public"' in everybody.get("/sign-in").text
    assert everybody.get("/public").headers["location"] == "/public/ban-mai"
    assert "Disallow: /\n" in everybody.get("/robots.txt").text


@pytest.mark.parametrize(
    "path",
    [
        "/public/nowhere",
        "/public/nowhere/progress/2566",
        "/public/nowhere/plan/2566/1",
        "/public/ban-mai/plan/2566/99",
        "/public/ban-mai/plan/2599/1",
        "/public/ban-mai/progress/2599",
    ],
)
def test_what_is_not_there_is_not_found(pages: Pages, path: str) -> None:
    publish_all(pages)
    assert pages.visitor().get(path).status_code == 404


@pytest.mark.parametrize("path", ["/public/ban-mai/secrets/2566/1", "/public/ban-mai/plan/2566/x"])
def test_an_odd_address_is_refused(pages: Pages, path: str) -> None:
    assert pages.visitor().get(path).status_code == 422


def test_english_readers_get_it_in_english(pages: Pages) -> None:
    publish_all(pages)
    everybody = pages.visitor()
    everybody.cookies.set("sucharit_language", "en")
    assert "Public information of" in everybody.get("/public/ban-mai/plan/2566/1").text


def test_the_ledger_names_what_was_done_in_words(pages: Pages) -> None:
    browser = publish_all(pages)
    assert browser.get("/publishing").status_code == 200
    assert "เผยแพร่เอกสาร" in browser_of(pages, ADMIN).get("/admin/ledger").text


def test_a_lost_file_is_not_found_and_no_failure(pages: Pages) -> None:
    browser = publish_all(pages)
    for kept in list((pages.system.files.path(SHA).parents[1]).glob("*/*")):
        kept.unlink()
    lost = ["plan/2566/1", "plan/2566/1/plan.csv", "progress/2566", "progress/2566/progress.json", "plan/2566/1/file"]
    assert [browser.get(f"/public/{pages.office.key}/{path}").status_code for path in lost] == [404] * len(lost)
    assert browser.get("/reports/2566/1/1").status_code == 404
    assert browser.get("/reports").status_code == 200


@pytest.mark.parametrize("path", ["progress/2566", "progress/2566/progress.csv", "plan/2566/1", "plan/2566/1/file"])
def test_an_office_without_anything_public_is_not_told_from_none(pages: Pages, path: str) -> None:
    anybody = pages.visitor()
    here, nowhere = (anybody.get(f"/public/{key}/{path}") for key in (pages.office.key, "no-such-office"))
    assert (here.status_code, nowhere.status_code) == (404, 404)
    assert here.text.replace(pages.office.key, "no-such-office") == nowhere.text
