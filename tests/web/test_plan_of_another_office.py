"""On the pages and for programs, a plan of another authority stays out until somebody says that it is meant."""

from __future__ import annotations

import pytest

from plans.examples import plan_2566
from tests.api.conftest import Program, program
from tests.web.carried_plans import ADMIN, OPEN, Carrier, carrier
from tests.web.conftest import Pages

__all__ = ["program"]

THEIRS = plan_2566().review.read_bytes()


@pytest.fixture
def admin(pages: Pages) -> Carrier:
    return carrier(pages)


def revisions(pages: Pages) -> int:
    with pages.office.reading() as desk:
        return len(desk.uow.plans.all())


def test_it_is_asked_beside_its_name_and_only_its_own_answer_lets_it_in(pages: Pages, admin: Carrier) -> None:
    draft = admin.draft(THEIRS)
    page = admin.page(draft)
    assert "เหลือ ๑ ข้อ" in page
    assert "กำลังนำเข้าเป็นแผนของ “เทศบาลตำบลบ้านใหม่”" in page
    assert admin.post(f"{draft}/import", version=1).headers["location"] == f"{draft}#questions"
    admin.post(f"{draft}/answers", version=1, accept="all")
    assert admin.post(f"{draft}/import", version=1).headers["location"] == f"{draft}#questions"
    assert admin.post(f"{draft}/answers", version=1, a9="as_model").status_code == 303
    assert admin.post(f"{draft}/import", version=2).headers["location"] == "/admin/plans/2566/2?done=imported"


def test_the_answer_is_in_the_file_that_is_worked_on_elsewhere(pages: Pages, admin: Carrier) -> None:
    draft = admin.draft(THEIRS)
    file = admin.browser.get(f"{draft}/review.yaml").content
    assert b"plan.other_authority" in file
    again = admin.draft(file.replace(b"    answer:\n", b"    answer: ours\n", 1))
    assert admin.post(f"{again}/import", version=1).status_code == 303
    assert revisions(pages) == 2


def test_a_document_of_ours_is_not_asked_about(admin: Carrier) -> None:
    assert "กำลังนำเข้าเป็นแผนของ" not in admin.page(admin.draft(OPEN))


def test_a_program_is_told_how_to_answer(pages: Pages, program: Program) -> None:
    client, review = program(ADMIN), THEIRS.decode()
    for path in ("/plans/preview", "/plans/import"):
        refused = client.post(path, json={"review": review, "accept_proposals": True})
        assert refused.status_code in {400, 422}
        assert 'answers: {\\"other_authority\\": \\"ours | as_model\\"}' in refused.text
    assert revisions(pages) == 1
    given = {"review": review, "accept_proposals": True, "answers": {"other_authority": "as_model"}}
    assert client.post("/plans/import", json=given).status_code == 201


def test_a_program_that_reads_a_document_gets_the_question_in_the_review(program: Program) -> None:
    read = program(ADMIN).post("/plans/read", files={"file": ("แผน.txt", plan_2566().plan.read_bytes(), "text/plain")})
    assert read.json()["questions"][-1]["id"] == "plan.other_authority"
    assert "plan.other_authority" in read.json()["review"]
