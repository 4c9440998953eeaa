from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy

from hypothesis import example, given
from hypothesis import strategies as st

from notifications.email import build
from notifications.message import Rendered
from notifications.wire import WIRE

THAI_WORDS = st.text(st.sampled_from("กขคเแโ่้าิี ำ๑๒a1()[]."), min_size=1, max_size=120).map(lambda t: " ".join(t.split()))


@given(THAI_WORDS.filter(bool))
@example("[ตัวอย่าง] เริ่มดำเนินการ ๓ รายการ ครบกำหนด ๘ ม.ค. ๗๐ (เหลือ ๓๐ วันทำการ)")
def test_a_subject_arrives_with_every_space(subject: str) -> None:
    mail = build(
        Rendered(subject, "ข้อความ\n", "<p>ข้อความ</p>"),
        sender="a@example.org",
        to="b@example.org",
        message_id="<1@example.org>",
        date=datetime(2026, 11, 23, tzinfo=UTC),
    )
    assert message_from_bytes(mail.as_bytes(policy=WIRE), policy=policy.default)["Subject"] == subject
