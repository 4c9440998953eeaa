"""What a database or a disk can refuse, in words."""

from __future__ import annotations

from domain.errors import SucharitError


class DatabaseDownError(SucharitError):
    """The database cannot be reached or written."""

    english = "The database at {where} cannot be used: {why}. Nothing was changed. {remedy}"
    thai = "ใช้ฐานข้อมูลที่ {where} ไม่ได้: {why} ไม่มีข้อมูลใดเปลี่ยนแปลง {remedy}"


class DamagedOfficeError(SucharitError):
    """A row of an office holds what this program never wrote."""

    english = (
        "What is stored of the office “{office}” is damaged: {why}. Other offices are not touched. "
        "Restore the last copy of the database, or ask whoever changed it by hand."
    )
    thai = (
        "ข้อมูลของหน่วยงาน “{office}” ในฐานข้อมูลเสียหาย: {why} หน่วยงานอื่นไม่ได้รับผล "
        "โปรดกู้สำเนาล่าสุดของฐานข้อมูล หรือสอบถามผู้ที่แก้ไขฐานข้อมูลโดยตรง"
    )


class DiskFullError(SucharitError):
    """A file could not be written whole."""

    english = "{what} could not be saved: {why}. Nothing is half-written. Free some space in {where} and repeat."
    thai = "บันทึก{what} ไม่ได้: {why} ไม่มีข้อมูลค้างครึ่ง โปรดเพิ่มพื้นที่ว่างใน {where} แล้วทำอีกครั้ง"


class AlreadyThereError(SucharitError):
    """The same thing was stored before."""

    english = "{what} is already there. {remedy}"
    thai = "มี{what} อยู่แล้ว {remedy}"
