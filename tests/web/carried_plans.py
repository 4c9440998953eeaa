"""Plans as an administrator carries them in, for the tests of those pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from httpx2 import Response
from starlette.testclient import TestClient

from plans.examples import plan_2566
from services.rehearsal.rehearse_apart import DayOfLetters, EscalationToPerson, LoadOfPerson, Played, ReportOfQuarter
from tests.plans.factories import as_of_test_office
from tests.web.conftest import Pages, token_of

ADMIN = "the-admin"
DOCUMENT = as_of_test_office(plan_2566().plan.read_bytes())
ANSWERED = as_of_test_office(plan_2566().review.read_bytes())
OPEN = re.sub(rb"(?m)^    answer: .*$", b"    answer:", ANSWERED)
"""The review of the same plan with every question open; it is read without a process of its own."""


PLAYED = Played(
    fiscal_year_be=2566,
    silent=("chang",),
    assignments=4,
    letters=16,
    states={"accepted": 3, "open": 1},
    days=(DayOfLetters(on=date(2022, 12, 1), letters=3), DayOfLetters(on=date(2023, 4, 11), letters=13)),
    loads=(LoadOfPerson(person="ผู้อำนวยการกองช่าง", letters=16, most_a_day=13, fullest_day=date(2023, 4, 11)),),
    escalations=(EscalationToPerson(on=date(2023, 4, 11), person="ปลัดเทศบาล", division="กองช่าง", assignments=1),),
    reports=(ReportOfQuarter(quarter=2, frozen_on=date(2023, 4, 20), is_final=False, unanswered=1),),
    faults=("ข้อขัดข้องหนึ่งเรื่อง",),
)
"""A rehearsed year with something to show in every part of its page."""


@dataclass
class Carrier:
    """An administrator's browser on the pages of plans."""

    browser: TestClient
    token: str = field(default="")

    def post(self, path: str, **given: object) -> Response:
        data = {"csrf": self.token, **given}
        return self.browser.post(path, data=data)

    def upload(self, name: str = "review.yaml", content: bytes = OPEN, **given: str) -> Response:
        files = {"document": (name, content)}
        return self.browser.post("/admin/plans/upload", data={"csrf": self.token, **given}, files=files)

    def draft(self, content: bytes = OPEN) -> str:
        """Address of a new draft."""
        answer = self.upload(content=content)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def stored(self, content: bytes = ANSWERED) -> str:
        """Address of a stored plan that is not in force."""
        draft = self.draft(content)
        answer = self.post(f"{draft}/import", version=1)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"]).partition("?")[0]

    def page(self, path: str) -> str:
        answer = self.browser.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text


def carrier(pages: Pages) -> Carrier:
    """An administrator who has signed in."""
    browser = pages.visitor(ADMIN)
    return Carrier(browser, token_of(browser, "/admin/plans"))
