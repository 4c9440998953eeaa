from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from domain.notice import Message, NoticeItem, NoticeKind
from domain.people import Level


def make_item(**override: object) -> NoticeItem:
    given: dict[str, object] = {
        "kind": NoticeKind.REMINDER,
        "ref": "66-1.1-ช่าง-ต2",
        "measure_number": 1,
        "measure_title": "มาตรการ",
        "step_text": "ขั้นตอน",
        "division_name": "กองช่าง",
        "period_label": "ไตรมาสที่ ๒",
        "due_on": date(2023, 4, 10),
        "workdays_left": 1,
        "to_level": Level.OFFICER,
    }
    return NoticeItem.model_validate(given | override)


def test_kinds_stand_in_order_of_urgency() -> None:
    order = list(NoticeKind)
    assert order[:4] == [
        NoticeKind.ESCALATION_MAYOR,
        NoticeKind.ESCALATION_CLERK,
        NoticeKind.ESCALATION_HEAD,
        NoticeKind.OVERDUE,
    ]


def test_a_message_read_back_from_its_document_is_the_same() -> None:
    message = Message(
        office_name="เทศบาล", person_name="สมศรี", posts=("นายช่าง",), written_on=date(2023, 4, 7), items=(make_item(),)
    )
    assert Message.model_validate_json(message.model_dump_json()) == message


def test_a_message_cannot_be_changed_once_written() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        make_item().workdays_left = 3  # type: ignore[misc]
