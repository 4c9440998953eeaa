"""What everybody reads names no file and tells no complaint; what they download hides no place and no device."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from domain.ledger import Entry
from domain.publication import Publication, PublicKind
from services.assignments.hand_in import Attachment, Result, hand_in, keep
from services.assignments.review import accept
from services.planning.plans import activate, import_plan
from services.reporting.publish import subject_of
from services.setup.clean_published import clean_published
from services.setup.prepare import prepare
from tests.factories import NONE_CONFIRMED, make_measure, make_plan
from tests.services.hiding_files import SECRETS, jpeg
from tests.services.live_office import ADMIN
from tests.web.browsers import browser_of
from tests.web.conftest import Pages, pages, token_of

__all__ = ["pages"]  # an office behind its pages, found by its name

ID, CLERK = "2566-m1.1-chang-q1", "the-clerk"
REPORT = "/publishing/report/2566/1/1"
NAME = "บ้านนายสมชาย-1103700012345.jpg"
PHOTO = jpeg(6)
SHA = hashlib.sha256(PHOTO).hexdigest()
SECRET = "นางมาลีถูกเรียกเงิน"


def told(pages: Pages, content: bytes = PHOTO, name: str = NAME, result: str = "จัดกิจกรรมแล้ว") -> None:
    """The first quarter's report is handed in with a photograph, and accepted."""
    now = pages.system.clock()
    kept = keep(pages.system.files, [Attachment(name, content)])
    with pages.office.desk() as desk:
        hand_in(desk, ID, Result(result, NONE_CONFIRMED, NONE_CONFIRMED), kept, by="the-chang-officer", now=now)
        accept(desk, ID, by="the-chang-head", now=now)


def post(browser: TestClient, path: str, page: str, **fields: str) -> int:
    return browser.post(path, data={"csrf": token_of(browser, page), **fields}).status_code


def frozen(pages: Pages) -> TestClient:
    browser = browser_of(pages, CLERK)
    assert post(browser, "/reports/2566/1/freeze", "/reports") == 303
    return browser


def everything_in(document: bytes) -> str:
    """Text of every part of a Word file, also where Word breaks it into runs."""
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        parts = [package.read(name).decode("utf-8", "replace") for name in package.namelist()]
    return "\n".join([*parts, *(re.sub("<[^>]+>", "", part) for part in parts)])


def test_a_published_report_names_no_file_of_evidence(pages: Pages) -> None:
    told(pages)
    browser = frozen(pages)
    private = everything_in(browser.get("/reports/2566/1/1").content)
    assert NAME in private
    read = browser.get(f"{REPORT}/document").content
    assert post(browser, REPORT, REPORT, checked="yes") == 303
    public = pages.visitor().get("/public/ban-mai/report/2566-q1/1/file").content
    assert public == read
    text = everything_in(public)
    assert "หลักฐานที่ ๑ (ไฟล์)" in text
    assert not [word for word in (NAME, "สมชาย", SHA[:8]) if word in text]
    page = pages.visitor().get("/public/ban-mai/report/2566-q1/1").text
    assert hashlib.sha256(public).hexdigest() in page
    assert "๑/๑" in page
    assert REPORT not in browser.get("/publishing").text


def about_complaints(pages: Pages) -> None:
    plan = make_plan(measures=(make_measure(title="มาตรการจัดการเรื่องร้องเรียนการทุจริต"),))
    now = pages.system.clock()
    with pages.office.desk() as desk:
        activate(desk, import_plan(desk, plan, by=ADMIN, now=now).stored, by=ADMIN, now=now)


def test_complaints_are_only_counted_and_a_person_sees_which_steps_these_are(pages: Pages) -> None:
    about_complaints(pages)
    told(pages, result=SECRET)
    browser = frozen(pages)
    page = browser.get(REPORT).text
    assert "คำตอบของขั้นตอนต่อไปนี้เกี่ยวกับเรื่องร้องเรียน" in page
    assert "มาตรการที่ ๑: ประกาศเจตนารมณ์การป้องกันการทุจริต" in page
    assert post(browser, REPORT, REPORT, checked="yes") == 303
    text = everything_in(pages.visitor().get("/public/ban-mai/report/2566-q1/1/file").content)
    assert SECRET in everything_in(browser.get("/reports/2566/1/1").content)
    assert not [word for word in (SECRET, NAME, "หลักฐานที่") if word in text]
    assert "แล้วเสร็จ ๑ จาก ๑ รายการ" in text


def test_evidence_of_a_step_about_complaints_is_not_published(pages: Pages) -> None:
    about_complaints(pages)
    told(pages)
    browser = browser_of(pages, CLERK)
    assert NAME not in browser.get("/publishing").text
    assert browser.get(f"/publishing/evidence/{ID}/{SHA}").status_code == 422


def test_a_published_photograph_hides_nothing_and_the_original_stays(pages: Pages) -> None:
    told(pages)
    browser, path = browser_of(pages, CLERK), f"/publishing/evidence/{ID}/{SHA}"
    assert NAME in browser.get("/publishing").text
    assert post(browser, path, path, title="ภาพกิจกรรม", checked="yes") == 303
    address = f"/public/ban-mai/evidence/{ID}-{SHA[:12]}/1"
    served = pages.visitor().get(f"{address}/file")
    assert not [secret for secret in SECRETS if secret in served.content]
    assert served.headers["etag"] == f'"{hashlib.sha256(served.content).hexdigest()}"'
    assert hashlib.sha256(served.content).hexdigest() in pages.visitor().get(address).text
    assert pages.system.files.get(SHA) == PHOTO
    assert browser.get(f"/assignments/{ID}/evidence/{SHA}").content == PHOTO
    assert f"/publishing/evidence/{ID}/{SHA}" not in browser.get("/publishing").text
    assert post(browser, path, path, title="อีกครั้ง", checked="yes") == 303
    assert pages.visitor().get(f"/public/ban-mai/evidence/{ID}-{SHA[:12]}/2").status_code == 404


def test_what_cannot_be_cleaned_is_refused_with_a_remedy(pages: Pages) -> None:
    video = b"\0\0\0\x18ftypheic" + b"GPS house"
    told(pages, video, "ภาพ.heic")
    path = f"/publishing/evidence/{ID}/{hashlib.sha256(video).hexdigest()}"
    browser = browser_of(pages, CLERK)
    answer = browser.post(path, data={"csrf": token_of(browser, path), "title": "ภาพ", "checked": "yes"})
    assert answer.status_code == 422
    assert "JPEG" in answer.text
    assert pages.visitor().get("/public/ban-mai").status_code == 404


def published_before(pages: Pages, kind: PublicKind, subject: str, name: str, sha256: str) -> Publication:
    """A publication of the time before copies were cleaned: the private bytes themselves."""
    now = pages.system.clock()
    size = pages.system.files.path(sha256).stat().st_size
    made = Publication(kind, subject, 1, 2566, "เอกสาร", name, sha256, size, now, CLERK)
    with pages.office.desk() as desk:
        desk.uow.publications.add(made)
        desk.uow.ledger.note(Entry(now, "publication.made", CLERK, made.key, {"sha256": sha256, "file": name}))
    return made


def test_what_was_published_before_is_cleaned_at_its_own_address(pages: Pages) -> None:
    told(pages)
    frozen(pages)
    with pages.office.reading() as desk:
        (report,) = desk.uow.reports.all()
    photo = published_before(pages, PublicKind.EVIDENCE, subject_of(ID, SHA), "evidence-2566-q1.jpg", SHA)
    paper = published_before(pages, PublicKind.REPORT, "2566-q1", "report-2566-q1-r1.docx", str(report.file_sha256))
    everybody = pages.visitor()
    addresses = [f"/public/ban-mai/{made.kind}/{made.subject}/1" for made in (photo, paper)]
    assert everybody.get(f"{addresses[0]}/file").content == PHOTO

    said = list(clean_published(pages.system))

    assert len(said) == 2
    for made, address in zip((photo, paper), addresses, strict=True):
        content, page = everybody.get(f"{address}/file").content, everybody.get(address).text
        assert hashlib.sha256(content).hexdigest() in page
        assert made.sha256 in page  # what was given out is still named, with the day
        assert not [secret for secret in SECRETS if secret in content]
        assert pages.system.files.path(made.sha256).is_file()
    assert NAME not in everything_in(everybody.get(f"{addresses[1]}/file").content)
    lines = [line.entry.data for line in pages.office.ledger("publication.cleaned")]
    assert {line["before"] for line in lines} == {photo.sha256, paper.sha256}
    assert list(clean_published(pages.system)) == []
    assert everybody.get("/public/ban-mai/report/2566-q1/1").text.count("๑/๑") == 1


def test_every_start_cleans_what_is_not_clean(pages: Pages) -> None:
    told(pages)
    published_before(pages, PublicKind.EVIDENCE, subject_of(ID, SHA), "evidence-2566-q1.jpg", SHA)
    system = replace(pages.system, settings=pages.system.settings.model_copy(update={"demo": False}))
    assert any("evidence 2566-m1.1-chang-q1" in line for line in prepare(system))
    assert not any("evidence" in line for line in prepare(system))


@pytest.mark.parametrize("original", ["kept", "lost"])
def test_what_cannot_be_cleaned_is_taken_back_and_its_address_says_so(pages: Pages, original: str) -> None:
    video = b"\0\0\0\x18ftypheic" + b"GPS house"
    told(pages, video, "ภาพ.heic")
    sha256 = hashlib.sha256(video).hexdigest()
    made = published_before(pages, PublicKind.EVIDENCE, subject_of(ID, sha256), "evidence-2566-q1.heic", sha256)
    if original == "lost":
        pages.system.files.path(sha256).unlink()
    (said,) = clean_published(pages.system)
    assert "was taken back" in said
    answer = pages.visitor().get(f"/public/ban-mai/evidence/{made.subject}/1")
    assert answer.status_code == 410
    assert [line.entry.actor for line in pages.office.ledger("publication.withdrawn")] == ["clock"]
