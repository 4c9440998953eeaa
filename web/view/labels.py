"""Thai words of what the administration shows: lines of the ledger, states of runs and letters, checks, moments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from domain.moments import MomentKind
from domain.moves import Move
from domain.notice import NoticeKind
from domain.office import OfficeKind
from domain.outbox import LetterState
from domain.people import DivisionKind, Level
from notifications.own_words import DIGEST, LETTER, Part

LEDGER: Final[Mapping[str, str]] = {
    f"assignment.{Move.OPEN}": "มอบหมายงาน",
    f"assignment.{Move.HAND_IN}": "ส่งรายงาน",
    f"assignment.{Move.WITHDRAW}": "ดึงรายงานกลับมาแก้ไข",
    f"assignment.{Move.RETURN}": "ส่งกลับแก้ไข",
    f"assignment.{Move.ACCEPT}": "เห็นชอบ",
    f"assignment.{Move.CANNOT_DO}": "แจ้งว่าไม่สามารถดำเนินการได้",
    f"assignment.{Move.CONFIRM}": "เห็นชอบว่าไม่สามารถดำเนินการได้",
    f"assignment.{Move.CANCEL}": "ยกเลิกงาน",
    f"assignment.{Move.ASK_EXTENSION}": "ขอขยายเวลา",
    f"assignment.{Move.GRANT_EXTENSION}": "อนุมัติขยายเวลา",
    f"assignment.{Move.REFUSE_EXTENSION}": "ไม่อนุมัติขยายเวลา",
    f"assignment.{Move.CHANGE_DEADLINE}": "เปลี่ยนกำหนด",
    f"assignment.{Move.ACKNOWLEDGE}": "รับทราบการแจ้งเตือน",
    f"assignment.{Move.ESCALATE}": "แจ้งเตือนตามลำดับชั้น",
    "assignment.deadline_followed": "เลื่อนกำหนดตามปฏิทินหรือการตั้งค่า",
    "assignment.clock_mended": "ปรับนาฬิกา: มีรายการของงานนี้ที่เวลาล้ำหน้า",
    "assignment.replanned": "ปรับงานตามแผนที่แก้ไข",
    "account.made": "สร้างบัญชี",
    "account.disabled": "ปิดบัญชีแล้ว",
    "account.link_made": "ออกลิงก์เข้าใช้",
    "account.link_used": "เข้าใช้ด้วยลิงก์",
    "account.session_ended": "ให้ออกจากระบบ",
    "account.signed_in": "เข้าสู่ระบบ",
    "account.password_changed": "เปลี่ยนรหัสผ่านแล้ว",
    "clock.seen": "ตรวจนาฬิกาประจำวัน",
    "clock.confirmed": "ยืนยันว่านาฬิกาถูกต้อง",
    "clock.mended": "ปรับสมุดบันทึกที่ล้ำหน้านาฬิกา",
    "demo.made": "สร้างข้อมูลสาธิต",
    "division.added": "เพิ่มส่วนราชการแล้ว",
    "division.changed": "แก้ไขส่วนราชการ",
    "division.moved": "เปลี่ยนลำดับส่วนราชการ",
    "division.named": "จับคู่ชื่อกอง",
    "feed.renewed": "เปลี่ยนที่อยู่ปฏิทิน",
    "hook.made": "เพิ่มเว็บฮุกแล้ว",
    "hook.paused": "หยุดพักเว็บฮุก",
    "hook.resumed": "ให้เว็บฮุกทำงานต่อ",
    "hook.removed": "ลบเว็บฮุกแล้ว",
    "hook.given_up": "เลิกแจ้งเว็บฮุกที่ไม่ตอบ",
    "holiday.set": "กำหนดวันหยุด",
    "holiday.dropped": "ยกเลิกวันหยุด",
    "ladder.changed": "แก้ไขลำดับการแจ้งเตือน",
    "letter.composed": "จัดทำจดหมาย",
    "letter.sent": "ส่งจดหมายแล้ว",
    "letter.parked": "พักจดหมายที่ส่งไม่ได้",
    "letter.sent_again": "สั่งส่งจดหมายใหม่",
    "letter.tried": "ส่งจดหมายทดสอบถึงตนเอง",
    "letter.link_asked": "ขอลิงก์ใหม่ของงานทางอีเมล",
    "letter.to_print": "จัดทำจดหมายเพื่อพิมพ์",
    "notice.nobody": "ไม่มีผู้รับการแจ้งเตือน",
    "office.created": "สร้างหน่วยงาน",
    "office.changed": "แก้ไขข้อมูลหน่วยงาน",
    "plan.imported": "นำเข้าแผน",
    "plan.drafted": "รับเอกสารแผน",
    "plan.draft_changed": "ตรวจทานแผน",
    "plan.draft_dropped": "ลบเอกสารแผนที่กำลังตรวจทาน",
    "plan.activated": "เริ่มใช้แผน",
    "post.added": "เพิ่มตำแหน่งแล้ว",
    "post.renamed": "เปลี่ยนชื่อตำแหน่งแล้ว",
    "post.removed": "ลบตำแหน่งแล้ว",
    "person.added": "เพิ่มบุคคลแล้ว",
    "person.changed": "แก้ไขข้อมูลบุคคล",
    "post.held": "แต่งตั้งผู้ดำรงตำแหน่ง",
    "post.ended": "กำหนดวันสิ้นสุดของผู้ดำรงตำแหน่ง",
    "publication.made": "เผยแพร่เอกสาร",
    "publication.cleaned": "นำข้อมูลแฝงออกจากเอกสารที่เผยแพร่",
    "publication.withdrawn": "ถอนการเผยแพร่",
    "report.frozen": "สรุปยอดรายงานรายไตรมาส",
    "report.rendered": "จัดทำเอกสารรายงาน",
    "schedule.paused": "หยุดพักกำหนดการของมาตรการ",
    "schedule.resumed": "ให้กำหนดการของมาตรการทำงานต่อ",
    "schedule.applied": "ตั้งเวลาทุกมาตรการอีกครั้ง",
    "schedule.run": "สั่งให้มาตรการทำงานเดี๋ยวนี้",
    "wording.changed": "แก้ไขข้อความในจดหมาย",
    "token.made": "สร้างโทเคนแล้ว",
    "token.revoked": "ยกเลิกโทเคนแล้ว",
    "secret.renewed": "เปลี่ยนกุญแจลงนาม",
}
"""By kind of line; a kind that is not here is shown as it is written."""

RUNS: Final[Mapping[str, str]] = {
    "COMPLETED": "เสร็จแล้ว",
    "FAILED": "ไม่สำเร็จ",
    "CRASHED": "หยุดกลางคัน",
    "CANCELLED": "ถูกยกเลิก",
    "CANCELLING": "กำลังยกเลิก",
    "RUNNING": "กำลังทำงาน",
    "PENDING": "กำลังเริ่ม",
    "SCHEDULED": "รอเวลา",
    "PAUSED": "พักไว้",
}
"""By Prefect's type of state."""

LETTERS: Final[Mapping[LetterState, str]] = {
    LetterState.WAITING: "รอส่ง",
    LetterState.SENT: "ส่งแล้ว",
    LetterState.PARKED: "พักไว้ (ส่งไม่ได้)",
    LetterState.TO_PRINT: "ต้องพิมพ์",
    LetterState.REPLACED: "เขียนใหม่แทน",
}

CHECKS: Final[Mapping[str, str]] = {
    "settings": "การตั้งค่า",
    "home": "สิทธิของโฟลเดอร์ข้อมูล",
    "disk": "ดิสก์",
    "database": "ฐานข้อมูล",
    "secret": "กุญแจลงนาม",
    "files": "ไฟล์ที่เก็บ",
    "clock": "นาฬิกา",
    "Prefect": "ระบบตั้งเวลา (Prefect)",
    "mail": "อีเมล",
    "letters": "จดหมาย",
    "fonts": "แบบอักษร",
    "people": "ตำแหน่งและบุคลากร",
    "wording": "ข้อความในจดหมาย",
}

MOMENTS: Final[Mapping[MomentKind, str]] = {
    MomentKind.OPENING: "เปิดรอบรายงาน",
    MomentKind.REMINDER: "เตือนก่อนครบกำหนด",
    MomentKind.DEADLINE: "ครบกำหนด",
    MomentKind.ESCALATION: "แจ้งผู้บังคับบัญชา",
    MomentKind.ACKNOWLEDGMENT_LAPSES: "สิ้นสุดช่วงรับทราบ",
    MomentKind.DECISION: "เตือนผู้พิจารณา",
}

LEVELS: Final[Mapping[Level, str]] = {
    Level.OFFICER: "เจ้าหน้าที่",
    Level.HEAD: "หัวหน้าส่วนราชการ",
    Level.CLERK: "ปลัด",
    Level.MAYOR: "นายก",
    Level.ADMINISTRATOR: "ผู้ดูแลระบบ",
}

MESSAGES: Final[Mapping[str, str]] = {
    LETTER: "ทุกฉบับ: คำขึ้นต้น คำลงท้าย และลงชื่อ",
    DIGEST: "จดหมายที่รวมหลายเรื่อง",
    NoticeKind.OPENED: "เริ่มดำเนินการ",
    NoticeKind.REMINDER: "เตือนก่อนและในวันครบกำหนด",
    NoticeKind.OVERDUE: "เตือนเมื่อเลยกำหนด",
    NoticeKind.ESCALATION_HEAD: "แจ้งหัวหน้าส่วนราชการ",
    NoticeKind.ESCALATION_CLERK: "แจ้งปลัด",
    NoticeKind.ESCALATION_MAYOR: "แจ้งนายก",
    NoticeKind.HANDED_IN: "รายงานผลแล้ว ถึงผู้ตรวจ",
    NoticeKind.RETURNED: "ส่งกลับแก้ไข ถึงเจ้าหน้าที่",
    NoticeKind.ACCEPTED: "รับผลแล้ว",
    NoticeKind.CANNOT_DO: "ไม่สามารถดำเนินการได้ ถึงผู้ตรวจ",
    NoticeKind.CONFIRMED: "เห็นชอบว่าไม่สามารถดำเนินการได้ ถึงเจ้าหน้าที่",
    NoticeKind.DECIDE_REMINDER: "รอพิจารณา ถึงผู้พิจารณา",
    NoticeKind.DECIDE_ABOVE: "รอพิจารณานาน ถึงผู้บังคับบัญชาชั้นถัดไป",
    NoticeKind.NAME_UNKNOWN: "แผนระบุส่วนราชการที่หน่วยงานไม่มี ถึงผู้ดูแลระบบ",
    NoticeKind.UNDELIVERED: "จดหมายส่งไม่ถึง ถึงผู้ดูแลระบบ",
    NoticeKind.ORDERED: "ข้อสั่งการของผู้บังคับบัญชา",
    NoticeKind.HANDOVER: "งานที่รับช่วงต่อ",
    NoticeKind.WITHDRAWN: "ถอนเรื่องที่เสนอไว้",
    NoticeKind.CANCELLED: "ยกเลิกงาน ไม่ต้องดำเนินการต่อ",
    NoticeKind.EXTENSION_ASKED: "ขอขยายเวลา ถึงผู้พิจารณา",
    NoticeKind.EXTENSION_DECIDED: "ผลการขอขยายเวลา",
    NoticeKind.DEADLINE_CHANGED: "เปลี่ยนกำหนดเวลา",
}
"""Messages whose words an office can change, in the order of the list."""

PARTS: Final[Mapping[Part, str]] = {
    Part.SUBJECT: "ชื่อเรื่องของอีเมล",
    Part.HEADING: "หัวข้อในจดหมาย",
    Part.ASK: "ข้อความนำ",
    Part.STOP: "ข้อความท้าย",
    Part.OPENING: "คำขึ้นต้น (หลังคำว่า เรียน)",
    Part.CLOSING: "คำลงท้าย",
    Part.SIGNATURE: "ลงชื่อ",
}

DIVISIONS: Final[Mapping[DivisionKind, str]] = {
    DivisionKind.CLERKS_OFFICE: "สำนักปลัด",
    DivisionKind.DIVISION: "กองหรือสำนัก",
    DivisionKind.AUDIT_UNIT: "หน่วยตรวจสอบภายใน",
}

OFFICES: Final[Mapping[OfficeKind, str]] = {
    OfficeKind.SAO: "องค์การบริหารส่วนตำบล",
    OfficeKind.TAMBON_MUNICIPALITY: "เทศบาลตำบล",
    OfficeKind.TOWN_MUNICIPALITY: "เทศบาลเมือง",
    OfficeKind.CITY_MUNICIPALITY: "เทศบาลนคร",
    OfficeKind.PROVINCIAL: "องค์การบริหารส่วนจังหวัด",
}

PERIODS: Final[Mapping[str, str]] = {
    "q": "ไตรมาสที่ {n}",
    "m": "เดือนที่ {n} ของปีปฏิทิน",
    "h1": "รอบ ๖ เดือน",
    "h2": "รอบ ๑๒ เดือน",
    "y": "รอบ ๑๒ เดือน",
    "once": "ครั้งเดียว",
}
"""By a period's key, or its first letter where a number follows."""

DONE: Final[Mapping[str, str]] = {
    "paused": "หยุดพักแล้ว สิ่งที่ขาดไประหว่างนี้ระบบจะทำให้ในรอบตรวจประจำวัน",
    "resumed": "ทำงานตามเวลาต่อแล้ว",
    "run": "ทำงานเสร็จแล้ว ดูผลได้ด้านล่าง",
    "applied": "ตั้งเวลาทุกมาตรการอีกครั้งแล้ว",
    "queued": "สั่งให้ทำงานแล้ว แต่ยังไม่เสร็จ โปรดเปิดหน้านี้อีกครั้งในอีกสักครู่",
}
"""What an administrator has just done to a measure's flow."""

TABLES: Final[tuple[Mapping[Any, str], ...]] = (
    LEDGER,
    RUNS,
    LETTERS,
    CHECKS,
    MOMENTS,
    LEVELS,
    MESSAGES,
    PARTS,
    OFFICES,
    DIVISIONS,
    PERIODS,
    DONE,
)


def period(key: str) -> tuple[str, str]:
    """The words for a period, with their `{n}`."""
    return PERIODS.get(key) or PERIODS.get(key[:1], key), key[1:].lstrip("0")
