from __future__ import annotations

import html
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

import notifications
from domain.notice import NoticeItem, NoticeKind
from notifications.message import EmptyMessageError, render
from tests.notifications.factories import TODAY, make_item, make_message

MESSAGES = Path(notifications.__path__[0]) / "messages"
ESCALATIONS = [kind for kind in NoticeKind if kind.value.startswith("escalation")]
WHY = re.compile(r"^เหตุที่แจ้ง: .+$", re.MULTILINE)
NEXT = re.compile(r"^ขั้นต่อไป: .+$", re.MULTILINE)
WITHOUT_DEADLINE = {
    NoticeKind.HANDED_IN,  # the deadline is the officer's, and they have met it
    NoticeKind.DECIDE_REMINDER,
    NoticeKind.DECIDE_ABOVE,
    NoticeKind.WITHDRAWN,
    NoticeKind.CANCELLED,
    NoticeKind.CONFIRMED,
    NoticeKind.NAME_UNKNOWN,
    NoticeKind.UNDELIVERED,
}
"""Kinds to those who need not report by the deadline, or of which nothing is asked any more."""
every_kind = pytest.mark.parametrize("kind", list(NoticeKind))


def words_of(page: str) -> str:
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", "", page)))


def many(count: int) -> list[NoticeItem]:
    steps = [f"ขั้นตอนที่ {n} " + "ประชาสัมพันธ์ช่องทางการเปิดเผยข้อมูลข่าวสารให้ประชาชนเข้าถึงได้ง่าย " * 5 for n in range(12)]
    return [
        make_item(
            ref=f"70-3.{n // 5}-ก{n % 5}",
            step_text=steps[n // 5],
            division_name=f"กองที่ {n % 5}",
            next_to=(f"ผู้อำนวยการกองที่ {n % 5}",),
            link=f"https://ita.example.go.th/a/{n}",
        )
        for n in range(count)
    ]


def test_every_kind_has_exactly_its_three_templates() -> None:
    folders = {path.name for path in MESSAGES.iterdir()} - {"shared", "digest"}
    assert folders == {kind.value for kind in NoticeKind}
    assert all(
        {file.name for file in (MESSAGES / kind).iterdir()} == {"subject.j2", "text.j2", "html.j2"} for kind in folders
    )


@every_kind
def test_every_kind_says_what_where_when_why_and_next(kind: NoticeKind) -> None:
    text = render(make_message(make_item(kind))).text
    for fact in ("มาตรการที่ ๓ การแก้ปัญหาการทุจริต", "จัดกิจกรรม", "กองคลัง", "ไตรมาสที่ ๓", "วันศุกร์ที่ ๑๕ พฤษภาคม ๒๕๖๙"):
        assert fact in text
    assert "ท่านได้รับแจ้งในฐานะนักวิชาการเงินและบัญชี" in text
    assert len(WHY.findall(text)) == 1
    assert len(NEXT.findall(text)) == 1


@every_kind
def test_every_kind_but_the_last_says_how_to_stop_it_or_that_it_comes_once(kind: NoticeKind) -> None:
    text = render(make_message(make_item(kind))).text
    says_how = "การแจ้งเรื่องนี้จะหยุดเมื่อ" in text
    says_once = "ระบบแจ้งเรื่องนี้ครั้งเดียว" in text
    once = kind in (
        NoticeKind.WITHDRAWN,
        NoticeKind.CANCELLED,
        NoticeKind.CONFIRMED,
        NoticeKind.NAME_UNKNOWN,
        NoticeKind.UNDELIVERED,
    )
    assert (says_how, says_once) == (not once and kind is not NoticeKind.ACCEPTED, once)


@pytest.mark.parametrize("kind", [NoticeKind.REMINDER, NoticeKind.OVERDUE, NoticeKind.OPENED, NoticeKind.RETURNED])
def test_officers_are_given_all_three_ways_to_answer(kind: NoticeKind) -> None:
    text = render(make_message(make_item(kind))).text
    assert all(way in text for way in ("รายงานผลพร้อมหลักฐาน", "ขอขยายเวลา", "แจ้งว่าไม่สามารถดำเนินการได้พร้อมเหตุผล"))


@pytest.mark.parametrize("kind", ESCALATIONS)
def test_supervisors_may_acknowledge(kind: NoticeKind) -> None:
    assert "“รับทราบ”" in render(make_message(make_item(kind))).text


@every_kind
def test_html_says_all_that_the_text_says(kind: NoticeKind) -> None:
    mail = render(make_message(make_item(kind), stands_in_for=("หัวหน้าฝ่าย",)))
    page = words_of(mail.html)
    lines = [re.sub(r"^(==|>>|-|\[.*\] http.*$)|==$|\s+|\[.*\].*$", "", line) for line in mail.text.splitlines()]
    assert [line for line in lines if line not in page] == []


@every_kind
def test_subject_has_the_count_and_the_nearest_deadline(kind: NoticeKind) -> None:
    subject = render(make_message(make_item(kind), make_item(kind, ref="2", due_on=date(2026, 6, 1)))).subject
    assert "๒ รายการ" in subject
    assert ("๑๕ พ.ค. ๖๙" in subject) is (kind not in WITHOUT_DEADLINE)


@every_kind
def test_no_kind_shames(kind: NoticeKind) -> None:
    mail = render(make_message(make_item(kind, workdays_left=-3, due_on=TODAY - timedelta(days=3))))
    assert not re.search("ฟ้อง|ละเลย|เพิกเฉย|ล่าช้า|ไม่ยอม", mail.subject + mail.text)


@pytest.mark.parametrize("kind", ESCALATIONS)
def test_escalation_uses_the_official_words(kind: NoticeKind) -> None:
    assert "แจ้งผู้บังคับบัญชาตามลำดับชั้น" in render(make_message(make_item(kind))).text


@every_kind
def test_numbers_and_years_are_thai_outside_refs_and_links(kind: NoticeKind) -> None:
    mail = render(make_message(make_item(kind), make_item(kind, ref="70-2", measure_number=12)))
    outside = re.sub(r"\[70-[^\]]*\]|https?://\S+", "", mail.subject + mail.text)
    assert not re.search(r"[0-9]", outside)


@pytest.mark.parametrize(
    ("left", "due_on", "words"),
    [
        (7, date(2026, 5, 18), "เหลือ ๗ วันทำการ"),
        (0, TODAY, "ครบกำหนดวันนี้"),
        (-3, date(2026, 5, 4), "เลยกำหนด ๓ วันทำการ"),
        (0, date(2026, 5, 9), "เหลือไม่ถึง ๑ วันทำการ"),
        (0, date(2026, 5, 6), "เลยกำหนดไม่ถึง ๑ วันทำการ"),
    ],
)
def test_working_days_are_counted_in_words(left: int, due_on: date, words: str) -> None:
    assert words in render(make_message(make_item(workdays_left=left, due_on=due_on))).text


@pytest.mark.parametrize("kind", [NoticeKind.ACCEPTED, NoticeKind.HANDED_IN])
def test_late_days_are_not_counted_for_delivered_work(kind: NoticeKind) -> None:
    mail = render(make_message(make_item(kind, workdays_left=-3, due_on=date(2026, 5, 4))))
    assert "เลยกำหนด" not in mail.subject + mail.text


@pytest.mark.parametrize(
    ("offset", "words"),
    [(-7, "ก่อนครบกำหนด ๗ วันทำการ"), (0, "ในวันครบกำหนด"), (3, "เมื่อเลยกำหนด ๓ วันทำการ")],
)
def test_the_rule_that_fired_is_named(offset: int, words: str) -> None:
    text = render(make_message(make_item(rung_offset=offset))).text
    assert f"เหตุที่แจ้ง: ระบบแจ้ง{words} ตามที่หน่วยงานตั้งไว้" in text


def test_a_vacant_post_below_is_given_as_the_reason() -> None:
    text = render(make_message(stands_in_for=("ผู้อำนวยการกองคลัง",))).text
    assert "เนื่องจากตำแหน่งผู้อำนวยการกองคลัง ว่าง" in text


def test_the_next_notice_names_its_day_and_posts() -> None:
    text = render(make_message(make_item(next_to=("ปลัดเทศบาล", "นายกเทศมนตรี")))).text
    assert "วันที่ ๑๘ พ.ค. ๖๙ ถึงปลัดเทศบาล และนายกเทศมนตรี" in text


def test_a_demo_office_is_marked_in_subject_and_bodies() -> None:
    mail = render(make_message(is_demo=True))
    assert mail.subject.startswith("[ตัวอย่าง] ")
    assert mail.text.startswith("[ตัวอย่าง] ")
    assert "[ตัวอย่าง]" in mail.html


@every_kind
def test_everything_the_office_wrote_is_escaped(kind: NoticeKind) -> None:
    tag = "<u>&"
    fields = ("measure_title", "step_text", "division_name", "period_label", "by", "reason", "ref", "link")
    item = make_item(kind, **dict.fromkeys(fields, tag), next_to=(tag,))
    names = {"office_name": tag, "person_name": tag, "posts": (tag,), "stands_in_for": (tag,)}
    page = render(make_message(item, item, **names)).html
    assert "&lt;u&gt;&amp;" in page
    assert "<u>" not in page
    assert "&amp;lt;" not in page


def test_without_a_link_the_coordinator_is_named_and_no_link_printed() -> None:
    mail = render(make_message(make_item(link=None)))
    assert "ผู้ประสานงาน ITA" in mail.text
    assert "http" not in mail.text
    assert "href" not in mail.html


def test_kinds_come_most_urgent_first_with_a_digest_subject() -> None:
    mail = render(
        make_message(make_item(NoticeKind.ACCEPTED), make_item(NoticeKind.OVERDUE), make_item(NoticeKind.OPENED))
    )
    assert mail.subject.startswith("สรุปงาน")
    headings = re.findall("^== (.+): ", mail.text, re.MULTILINE)
    assert headings == ["เลยกำหนด รอรายงานผล", "เริ่มดำเนินการ", "รับผลแล้ว ดำเนินการแล้วเสร็จ"]


def test_items_come_by_deadline_then_by_ref() -> None:
    items = [make_item(ref="c", due_on=date(2026, 5, 20)), make_item(ref="b", step_text="ข"), make_item(ref="a")]
    text = render(make_message(*items)).text
    assert re.findall(r"\[(\w)\]", text) == ["a", "b", "c"]


def test_accepted_work_does_not_set_the_deadline_of_a_digest() -> None:
    accepted = make_item(NoticeKind.ACCEPTED, due_on=date(2026, 4, 1))
    assert "๑๕ พ.ค. ๖๙" in render(make_message(accepted, make_item())).subject


def test_a_lone_step_is_printed_whole() -> None:
    step = "ประชาสัมพันธ์ช่องทางการเปิดเผยข้อมูล " * 10
    assert step.strip() in render(make_message(make_item(step_text=step))).text


def test_one_step_of_many_divisions_is_said_once() -> None:
    text = render(make_message(*many(5))).text
    assert text.count("ขั้นตอนที่ ๐") == 1
    assert all(f"กองที่ {'๐๑๒๓๔'[n]} [70-3.0-ก{n}]" in text for n in range(5))


def test_sixty_items_fit_a_phone_and_say_why_once() -> None:
    mail = render(make_message(*many(60)))
    assert len(WHY.findall(mail.text)) == len(NEXT.findall(mail.text)) == 1
    assert len(mail.text.encode()) < 24_000
    assert len(mail.html.encode()) < 32_000
    assert mail.text.count("http") == 60


def test_sixty_deadlines_still_say_why_once() -> None:
    items = [make_item(ref=str(n), due_on=TODAY + timedelta(days=n)) for n in range(60)]
    assert len(WHY.findall(render(make_message(*items)).text)) == 1


def test_the_same_message_gives_the_same_mail() -> None:
    assert render(make_message(*many(9))) == render(make_message(*reversed(many(9))))


def test_a_message_without_items_is_refused() -> None:
    with pytest.raises(EmptyMessageError, match="has no items"):
        render(make_message(items=()))
