"""An administrator takes a plan document in and answers its questions."""

from __future__ import annotations

import pytest

from plans.draft import DoubtKind
from plans.review import read_review
from services.one_at_a_time import BusyError, alone
from services.planning.uploads import safe_name
from tests.web.carried_plans import ANSWERED, DOCUMENT, OPEN, Carrier, carrier
from tests.web.conftest import Pages
from web.pages.plans import changes as plan_changes
from web.pages.plans import labels as plan_words
from web.view.catalogue import ENGLISH
from web.view.failures import status_of


@pytest.fixture
def admin(pages: Pages) -> Carrier:
    return carrier(pages)


def review_of(admin: Carrier, draft: str) -> list[str | None]:
    return [doubt.answer for doubt in read_review(admin.page(f"{draft}/review.yaml")).doubts]


def test_a_document_is_read_and_every_question_stands_beside_its_cell(admin: Carrier) -> None:
    answer = admin.upload("แผน ๒๕๖๖.txt", DOCUMENT)
    page = admin.page(answer.headers["location"])
    assert "เหลือ ๙ ข้อ" in page
    assert "ไม่ได้ระบุว่าต้องรายงานผลเมื่อใด" in page
    assert 'class="asked"' in page
    assert "บรรทัดที่ ๑๗ ช่องที่ ๕" in page
    assert "ดำเนินการอย่างต่อเนื่อง" in page
    assert "แผน ๒๕๖๖.txt" in page


def test_the_document_is_given_back_as_it_came(admin: Carrier) -> None:
    draft = admin.upload("แผน.txt", DOCUMENT).headers["location"]
    answer = admin.browser.get(f"{draft}/document")
    assert answer.content == DOCUMENT
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/octet-stream"


def test_a_draft_waits_in_the_list_for_whoever_goes_on(admin: Carrier) -> None:
    draft = admin.draft()
    page = admin.page("/admin/plans")
    assert f'href="{draft}"' in page
    assert "เหลือ ๙ ข้อ" in page


def test_answers_are_saved_one_by_one(admin: Carrier) -> None:
    draft = admin.draft()
    assert admin.post(f"{draft}/answers", version=1, a0="not_in_plan").status_code == 303
    assert admin.post(f"{draft}/answers", version=2, a1="keep_here", a5="once_at_end").status_code == 303
    assert "เหลือ ๖ ข้อ" in admin.page(draft)
    assert review_of(admin, draft)[:2] == ["not_in_plan", "keep_here"]


def test_the_proposals_of_one_kind_or_of_all_are_taken_at_once(admin: Carrier) -> None:
    draft = admin.draft()
    admin.post(f"{draft}/answers", version=1, a5="once_at_end", accept="reporting_not_stated")
    answers = review_of(admin, draft)
    assert (answers[5], answers[7]) == ("once_at_end", "accept")
    assert answers.count(None) == 7
    admin.post(f"{draft}/answers", version=2, accept="all", a6="as_printed")
    assert None not in review_of(admin, draft)
    page = admin.page(f"{draft}?done=answered")
    assert page.index('id="questions"') < page.index("บันทึกคำตอบแล้ว") < page.index("ไปขั้นต่อไป: ดูผลก่อนนำเข้า")


@pytest.mark.parametrize("accept", ["all", "letter_spaced_text"])
def test_letters_torn_apart_are_never_accepted_unseen(admin: Carrier, accept: str) -> None:
    draft = admin.draft()
    admin.post(f"{draft}/answers", version=1, accept="all")
    admin.post(f"{draft}/answers", version=2, accept=accept)
    answers = review_of(admin, draft)
    assert [at for at, answer in enumerate(answers) if answer is None] == [6]
    page = admin.page(draft)
    assert "อีก ๑ ข้อต้องดูทีละข้อ" in page
    assert "ระบบเสนอ" not in page.split('id="a6"')[1].split("</section>")[0]
    assert "ใช้ตามที่เสนอทุกข้อที่เหลือ" not in page


def test_the_button_for_all_proposals_stands_above_the_questions_too(admin: Carrier) -> None:
    page = admin.page(admin.draft())
    assert page.index("ใช้ตามที่เสนอทุกข้อที่เหลือ") < page.index('id="a0"')
    assert page.index("บันทึกคำตอบที่เลือก") < page.index("ใช้ตามที่เสนอทุกข้อที่เหลือ")  # Enter saves


def test_of_two_who_answer_at_once_the_second_is_told_and_keeps_what_was_chosen(admin: Carrier) -> None:
    draft = admin.draft()
    admin.post(f"{draft}/answers", version=1, a1="leave_out")
    answer = admin.post(f"{draft}/answers", version=1, a1="keep_here", a0="not_in_plan")
    assert answer.status_code == 409
    assert "มีผู้อื่นแก้ไขแผนนี้ไปแล้ว" in answer.text
    assert 'name="a0" value="not_in_plan" checked' in answer.text
    assert review_of(admin, draft)[:2] == [None, "leave_out"]


def test_an_answer_that_is_none_is_refused_at_its_question(admin: Carrier) -> None:
    draft = admin.draft()
    answer = admin.post(f"{draft}/answers", version=1, a0="whatever", a1="keep_here")
    assert answer.status_code == 422
    assert 'id="a0-fault"' in answer.text
    assert review_of(admin, draft) == [None] * 9


@pytest.mark.parametrize("version", ["", "0", "-1", "x", "9" * 30])
def test_a_form_without_its_version_changes_nothing(admin: Carrier, version: str) -> None:
    draft = admin.draft()
    assert admin.post(f"{draft}/answers", version=version, a0="not_in_plan", a999="x").status_code == 409
    assert review_of(admin, draft) == [None] * 9


def row_form(**given: str) -> dict[str, str]:
    usual = {
        "number": "๖",
        "title": "เปิดเผยข้อมูล",
        "indicators": "๙",
        "steps": "เผยแพร่ข้อมูล\n- ทางเว็บไซต์\nรายงานผล",
        "responsible": "สำนักปลัด, กองคลัง",
        "start": "๑/๒/๒๕๖๖",
        "end": "31/3/2566",
        "cadence": "specified_quarters",
        "q2": "yes",
        "channel-website": "yes",
        "duties": "ติดตามทุกเดือน",
        "settled": "6",
    }
    return usual | given


def test_every_value_of_a_row_is_put_right_and_answers_its_question(admin: Carrier) -> None:
    draft = admin.draft()
    page = admin.page(f"{draft}/rows/t2r2")
    assert "อาจอ่านผิดจากการสแกน" in page
    assert admin.post(f"{draft}/rows/t2r2", version=1, **row_form()).status_code == 303
    review = read_review(admin.page(f"{draft}/review.yaml"))
    found = review.find("t2r2")
    assert found is not None
    row = found[1]
    assert [(step.text, step.sub_steps) for step in row.steps] == [
        ("เผยแพร่ข้อมูล", ["ทางเว็บไซต์"]),
        ("รายงานผล", []),
    ]
    assert [party.unit for party in row.responsible.parties] == ["สำนักปลัด", "กองคลัง"]
    assert (str(row.period.start), str(row.period.end)) == ("2023-02-01", "2023-03-31")
    assert (row.reporting.quarters_due, row.publication_channels) == ([2], ["website"])
    assert review.doubts[6].answer == "corrected"


def test_what_the_document_does_not_say_may_stay_asked_for(admin: Carrier) -> None:
    draft = admin.draft()
    given = row_form(number="๕", steps="ประชุม", cadence="none_stated", q2="", settled="")
    assert admin.post(f"{draft}/rows/t1r2", version=1, **given).status_code == 303
    assert review_of(admin, draft) == [None] * 9
    answer = admin.post(f"{draft}/rows/t1r2", version=2, **given | {"settled": "5"})
    assert answer.status_code == 422
    assert "แต่ยังไม่ได้แก้การรายงาน" in answer.text


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"number": "x"}, "number"),
        ({"title": "  "}, "title"),
        ({"steps": "ก" * 20_001}, "steps"),
        ({"indicators": "๑๑"}, "indicators"),
        ({"steps": "\n"}, "steps"),
        ({"responsible": ""}, "responsible"),
        ({"start": "พรุ่งนี้"}, "start"),
        ({"end": ""}, "end"),
        ({"cadence": "sometimes"}, "cadence"),
        ({"q2": ""}, "q1"),
        ({"start": "1/4/2566", "end": "31/3/2566"}, "start"),
        ({"start": "1/4/2576", "end": "30/4/2576"}, "start"),
    ],
)
def test_a_value_that_cannot_be_is_refused_at_its_field(admin: Carrier, given: dict[str, str], field: str) -> None:
    draft = admin.draft()
    answer = admin.post(f"{draft}/rows/t2r2", version=1, **row_form(**given))
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert "เผยแพร่ข้อมูล" in answer.text or field == "steps"
    assert "t2r2" in admin.page(f"{draft}/review.yaml")
    assert "ติดตามทุกเดือน" not in admin.page(f"{draft}/review.yaml")


def test_title_and_year_are_put_right(admin: Carrier) -> None:
    draft = admin.draft()
    assert admin.post(f"{draft}/head", version=1, title="แผนใหม่", year="๒๕๖๗", settled="0").status_code == 303
    review = read_review(admin.page(f"{draft}/review.yaml"))
    assert (review.title, review.fiscal_year_be, review.doubts[0].answer) == ("แผนใหม่", 2567, "corrected")
    found = review.find("t1r1")
    assert found is not None
    assert str(found[1].period.start) == "2024-02-01"


def test_a_year_put_right_moves_the_title_and_is_not_asked_again(admin: Carrier) -> None:
    draft = admin.draft()
    before = read_review(admin.page(f"{draft}/review.yaml"))
    assert "2566" in before.title or "๒๕๖๖" in before.title
    assert admin.post(f"{draft}/head", version=1, title=before.title, year="๒๕๗๑").status_code == 303
    after = read_review(admin.page(f"{draft}/review.yaml"))
    assert after.title == before.title.replace("2566", "2571").replace("๒๕๖๖", "๒๕๗๑")
    (choices,) = [doubt.choices for doubt in after.doubts if doubt.kind is DoubtKind.VALUES_DO_NOT_PAIR]
    assert "๒๕๗๑" in choices["after_step_2"]
    assert "แต่แผนนี้เป็นของปีงบประมาณ" not in admin.page(draft)


def test_a_title_of_another_year_is_pointed_out(admin: Carrier) -> None:
    draft = admin.draft()
    admin.post(f"{draft}/head", version=1, title="แผนฯ พ.ศ. ๒๕๖๖ ของเรา", year="๒๕๗๑")
    assert "ชื่อแผนระบุปี ๒๕๖๖ แต่แผนนี้เป็นของปีงบประมาณ ๒๕๗๑" in admin.page(draft)


@pytest.mark.parametrize(("title", "year"), [("", "2566"), ("แผน", ""), ("แผน", "25"), ("แผน", "9999")])
def test_a_head_that_cannot_be_is_refused(admin: Carrier, title: str, year: str) -> None:
    draft = admin.draft()
    assert admin.post(f"{draft}/head", version=1, title=title, year=year).status_code == 422
    assert read_review(admin.page(f"{draft}/review.yaml")).fiscal_year_be == 2566


def test_an_earlier_review_answers_what_has_not_changed(admin: Carrier) -> None:
    files = {"document": ("แผน.txt", DOCUMENT), "earlier": ("review.yaml", ANSWERED)}
    answer = admin.browser.post("/admin/plans/upload", data={"csrf": admin.token}, files=files)
    assert "ตอบครบทุกข้อแล้ว" in admin.page(answer.headers["location"])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("", b"", "โปรดเลือกไฟล์แผนก่อน"),
        ("แผน.docx", b"", "ว่างเปล่า"),
        ("แผน.docx", b"PK\x03\x04 not a document", "เสียหาย"),
        ("แผน.exe", b"MZ" * 100, "ยังอ่านไฟล์ชนิดนี้ไม่ได้"),
        ("แผน.txt", "เรียน นายกเทศมนตรี\n".encode(), "ไม่พบตารางมาตรการ"),
        ("แผน.pdf", b"\x89PNG\r\n\x1a\n" + b"0" * 90, "ไฟล์สแกน"),
        ("review.yaml", OPEN[:4000], "ไฟล์ตรวจทานไม่ครบ"),
        ("review.yaml", b"\x00\x81\xff\xfe" * 100, "ไม่ใช่ข้อความ"),
        ("../../etc/แผน.txt", b"", "ไฟล์ “แผน.txt” ว่างเปล่า"),
        ("แผน.txt", b"0" * 20_000_001, "ใหญ่เกินไป"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_in_one_sentence_at_its_field(
    admin: Carrier, name: str, content: bytes, said: str
) -> None:
    answer = admin.upload(name, content)
    assert answer.status_code == 422, answer.text
    assert 'id="document-fault"' in answer.text
    assert said in answer.text
    assert "กำลังตรวจทาน" not in admin.page("/admin/plans")


@pytest.mark.parametrize(("year", "said"), [("สองพัน", "ไม่ใช่ปีงบประมาณ"), ("1", "ไม่ใช่ปีงบประมาณ"), ("9999", "๙๙๙๙")])
def test_a_year_that_is_none_is_refused(admin: Carrier, year: str, said: str) -> None:
    answer = admin.upload("แผน.txt", DOCUMENT, year=year)
    assert answer.status_code == 422
    assert said in answer.text or year in answer.text


def test_of_two_heavy_works_at_once_one_is_told_to_come_back() -> None:
    with alone(), pytest.raises(BusyError) as refused, alone(patience_s=0):
        pass
    assert status_of(refused.value) == 503
    with alone(patience_s=0):
        """The place is free again."""


def test_a_draft_is_removed_only_as_it_was_seen(admin: Carrier) -> None:
    draft = admin.draft()
    admin.post(f"{draft}/answers", version=1, a0="not_in_plan")
    assert admin.post(f"{draft}/drop", version=1).status_code == 409
    assert admin.post(f"{draft}/drop", version=2).status_code == 303
    assert admin.browser.get(draft).status_code == 404


def test_what_happens_to_a_draft_is_in_the_ledger_without_its_words(pages: Pages, admin: Carrier) -> None:
    draft = admin.draft()
    admin.post(f"{draft}/answers", version=1, a0="not_in_plan")
    admin.post(f"{draft}/drop", version=2)
    lines = pages.office.ledger("plan.draft")
    assert [line.entry.kind for line in lines] == ["plan.drafted", "plan.draft_changed", "plan.draft_dropped"]
    assert lines[1].entry.data == {"changed": ["plan.measures_missing"], "open": 8}


@pytest.mark.parametrize(
    "path", ["", "/drafts/no", "/drafts/no/rows/x", "/drafts/no/head", "/drafts/no/import", "/drafts/no/review.yaml"]
)
def test_an_officer_sees_none_of_it(pages: Pages, path: str) -> None:
    assert pages.visitor("the-chang-officer").get(f"/admin/plans{path}").status_code == 403


@pytest.mark.parametrize(
    "path", ["/drafts/no", "/drafts/no/rows/x", "/drafts/no/import", "/2566/9", "/2566/9/activate"]
)
def test_what_is_not_there_is_not_found(admin: Carrier, path: str) -> None:
    assert admin.browser.get(f"/admin/plans{path}").status_code == 404


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\ก\\แผน.docx", "แผน.docx"),
        ("../../แผน.txt", "แผน.txt"),
        ("แผน\u202etxt.exe", "แผนtxt.exe"),
        ("", "plan"),
        ("..", "plan"),
        ("ก" * 300 + ".docx", "ก" * 70 + ".docx"),
    ],
)
def test_a_files_name_leads_nowhere(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_every_word_of_these_pages_has_its_english() -> None:
    words = {word for table in plan_words.TABLES for word in table.values()} | set(plan_changes.TITLES)
    assert {word for word in words if not word.isascii() and word not in ENGLISH} == set()
