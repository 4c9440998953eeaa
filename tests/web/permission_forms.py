"""What the forms and the bodies of the walk over the permissions say, by address or by its last word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

RESULT: Final = {"result": "ประชุมแล้ว", "no_problems": "yes", "no_suggestions": "yes"}

FORMS: Final[Mapping[str, Mapping[str, Any]]] = {
    "/sign-in": {"email": "nobody@office.example", "password": "x" * 12},
    "/sign-in/link": {"link_email": "nobody@office.example"},
    "/account/password": {"new": "ตะเกียงสีน้ำเงินข้างบ่อ"},
    "/account/language": {"language": "en"},
    "/account/tokens": {"name": "ปฏิทิน", "days": "90", "scope": "read"},
    "hand-in": RESULT,
    "cannot-do": {"kind": "no_budget"},
    "ask-extension": {"until": "31/07/2566", "reason": "รอเอกสาร"},
    "decide": {"decision": "accept"},
    "/review/confirm": {"confirm": "2566-m9.9-none-q1@1"},
    "/posts/{post}/holder": {"who": "khlang.officer", "first": "01/05/2566", "last": "05/05/2566", "kind": "acting"},
    "/posts/{post}/end": {"person": "chang.officer", "start": "01/10/2558", "until": "30/06/2566"},
    "/admin/holidays": {"day": "15/06/2566", "name": "วันหยุดพิเศษ", "kind": "off"},
    "/admin/holidays/preview": {"day": "15/06/2566", "name": "วันหยุดพิเศษ", "kind": "off"},
    "/admin/accounts/{person}/open": {"email": "palad@office.example"},
    "/admin/plans/drafts/{draft_id}/head": {"title": "แผน", "year": "2566", "version": "1"},
    "/admin/plans/drafts/{draft_id}/drop": {"version": "1"},
    "/admin/plans/drafts/{draft_id}/answers": {"version": "1"},
    "/admin/plans/drafts/{draft_id}/units": {"version": "1"},
    "/admin/plans/drafts/{draft_id}/rows/{row_id}": {"version": "1"},
    "/admin/plans/drafts/{draft_id}/import": {"version": "1", "year": "2566"},
    "/publishing/report/{year}/{quarter}/{revision}": {"checked": "yes"},
    "/calendar/renew": {"kind": "division", "subject": "chang", "sure": "yes"},
    "/publishing/withdraw": {"kind": "plan", "subject": "2566", "version": "1"},
    "/publishing/evidence/{assignment_id}/{sha256}": {"title": "ภาพกิจกรรมตัวอย่าง", "checked": "yes"},
}
"""What a form says."""

NONE: Final = {"none": True}
BODIES: Final[Mapping[str, Mapping[str, Any]]] = {
    "hand-in": {"result": "ประชุมแล้ว", "problems": NONE, "suggestions": NONE},
    "/api/v1/hand-ins": {"result": "ประชุมแล้ว", "problems": NONE, "suggestions": NONE},
    "/api/v1/plans/roll-over": {"source": 2566, "target": 2567},
    "cannot-do": {"kind": "no_budget"},
    "ask-extension": {"until": "2023-07-31", "reason": "รอเอกสาร"},
    "decide": {"decision": "accept"},
    "holdings": {"person": "khlang.officer", "start_on": "2023-05-01", "end_on": "2023-05-05", "is_acting": True},
    "/api/v1/accounts": {"person": "palad.officer", "email": "palad@office.example"},
    "/api/v1/holidays": {"day": "2023-06-15", "is_holiday": True, "name": "วันหยุดพิเศษ"},
    "deadline": {"due_on": "2023-07-31", "reason": "รอเอกสาร"},
    "read": {},
    "end": {"start_on": "2015-10-01", "end_on": "2023-06-30"},
}
"""The same for programs."""
