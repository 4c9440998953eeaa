"""Why a file gives no plan, or a review gives none yet; each says what to do."""

from __future__ import annotations

from domain.errors import SucharitError


class PlanFileError(SucharitError):
    """A file that cannot be read as a plan; the subclasses say why."""

    english = "“{file}” cannot be read as a plan. Use the office's own document with the table of measures."
    thai = "อ่าน “{file}” เป็นแผนไม่ได้ โปรดใช้เอกสารของหน่วยงานที่มีตารางมาตรการ"


class MissingFileError(PlanFileError):
    """No file of that name, or one that may not be opened."""

    english = "“{file}” cannot be opened ({reason}). Check the path and that you may read the file."
    thai = "เปิดไฟล์ “{file}” ไม่ได้ ({reason}) โปรดตรวจสอบที่อยู่ไฟล์และสิทธิ์ในการอ่าน"


class EmptyFileError(PlanFileError):
    """Nothing but spaces."""

    english = "“{file}” is empty. Open it, check that the table is there, save it and read it again."
    thai = "ไฟล์ “{file}” ว่างเปล่า โปรดเปิดดูว่ามีตารางอยู่จริง บันทึกใหม่ แล้วอ่านอีกครั้ง"


class UndecodableFileError(PlanFileError):
    """Bytes that are no Thai text in any known encoding."""

    english = "“{file}” is not text in UTF-8, UTF-16 or TIS-620. Save it as text with encoding UTF-8 and read it again."
    thai = "ไฟล์ “{file}” ไม่ใช่ข้อความแบบ UTF-8, UTF-16 หรือ TIS-620 โปรดบันทึกเป็นข้อความแบบ UTF-8 แล้วอ่านอีกครั้ง"


class DamagedFileError(PlanFileError):
    """Bytes that are not, or not all of, what the ending of the file's name promises."""

    english = "“{file}” is damaged or is not {kind}. Open it in its own program, save it as {kind} and read it again."
    thai = "ไฟล์ “{file}” เสียหายหรือไม่ใช่ {kind} โปรดเปิดด้วยโปรแกรมเดิม บันทึกใหม่เป็น {kind} แล้วอ่านอีกครั้ง"


class ProtectedFileError(PlanFileError):
    """A file that opens with a password only."""

    english = "“{file}” is protected by a password. Open it, remove the password, save it and read it again."
    thai = "ไฟล์ “{file}” ตั้งรหัสผ่านไว้ โปรดเปิดไฟล์ ยกเลิกรหัสผ่าน บันทึกใหม่ แล้วอ่านอีกครั้ง"


class TooLargeFileError(PlanFileError):
    """More than any plan holds, perhaps packed to exhaust the memory."""

    english = (
        "“{file}” holds more than a plan can ({most}). Save the table of measures in a file of its own and read that."
    )
    thai = "ไฟล์ “{file}” มีขนาดใหญ่เกินไป (เกิน {most_thai}) โปรดบันทึกเฉพาะตารางมาตรการเป็นไฟล์ใหม่ แล้วอ่านไฟล์นั้น"


class UnknownFormatError(PlanFileError):
    """A kind of file for which there is no reader."""

    english = "“{file}” is of a kind that cannot be read. Save it as one of: {known}."
    thai = "ยังอ่านไฟล์ชนิดนี้ไม่ได้: “{file}” โปรดบันทึกเป็นชนิดใดชนิดหนึ่งต่อไปนี้: {known}"


class NoPlanTableError(PlanFileError):
    """Text, but no table whose headings name measures or steps and what belongs to them."""

    english = (
        "“{file}” has no table of measures. Give the document whose table has headings such as "
        "มาตรการ, ขั้นตอน, ผู้รับผิดชอบ and ระยะเวลา."
    )
    thai = "ไม่พบตารางมาตรการใน “{file}” โปรดใช้เอกสารที่หัวตารางมีคำว่า มาตรการ ขั้นตอน ผู้รับผิดชอบ ระยะเวลา"


class MisnamedFileError(DamagedFileError):
    """A file of one kind under the name of another."""

    english = "“{file}” is {kind}, but its name ends in {called}. Rename it to end in {better} and read it again."
    thai = "“{file}” เป็น{kind} แต่ชื่อลงท้ายด้วย {called} โปรดเปลี่ยนชื่อให้ลงท้ายด้วย {better} แล้วอ่านอีกครั้ง"


class ReviewError(SucharitError):
    """A review file that cannot be understood."""

    english = "Line {line} of the review ({field}): {problem} {remedy}"
    thai = "บรรทัดที่ {line} ของไฟล์ตรวจทาน ({field}): {problem_thai} {remedy_thai}"


class ReviewFaultsError(ReviewError):
    """Several things wrong in a review, all named at once; `line` and `field` are those of the first."""

    english = "{count} things are wrong in the review. {faults}"
    thai = "พบข้อผิดพลาด {count} แห่งในไฟล์ตรวจทาน {faults}"


class PlanNotReviewError(PlanFileError):
    """The plan's own document where its review is asked for."""

    english = (
        "“{file}” is the plan's document, not its review. First make the review and answer its questions: "
        "sucharit plan read {file} --review review.yaml"
    )
    thai = (
        "“{file}” เป็นเอกสารแผน ไม่ใช่ไฟล์ตรวจทาน โปรดสร้างไฟล์ตรวจทานและตอบข้อสงสัยก่อน: "
        "sucharit plan read {file} --review review.yaml"
    )


class OfficeNotReviewError(ReviewError):
    """The office's file, with its divisions and posts, where a review is asked for."""

    english = (
        "This is no review file but the office's ({keys}). Give the review that "
        "“sucharit plan read FILE --review review.yaml” wrote."
    )
    thai = (
        "ไฟล์นี้ไม่ใช่ไฟล์ตรวจทานแผน แต่เป็นไฟล์ของหน่วยงาน ({keys}) "
        "โปรดใช้ไฟล์ตรวจทานที่ได้จาก “sucharit plan read FILE --review review.yaml”"
    )


class CutReviewError(ReviewError):
    """A review whose end is missing, as after a copy or a download that broke off."""

    english = (
        "The review is incomplete: after line {line} its end is missing. Make it again from the plan: "
        "sucharit plan read FILE --review NEW.yaml, with --answers and an earlier whole copy to keep your answers. "
        "If only the last line was deleted, write it again: {end}"
    )
    thai = (
        "ไฟล์ตรวจทานไม่ครบ ส่วนท้ายหลังบรรทัดที่ {line} หายไป โปรดสร้างใหม่จากแผน: "
        "sucharit plan read FILE --review NEW.yaml และใช้ --answers กับสำเนาที่ครบของเดิมเพื่อคงคำตอบไว้ "
        "หากเพียงลบบรรทัดสุดท้ายไป ให้เขียนคืน: {end}"
    )


class OpenDoubtsError(SucharitError):
    """Doubts that nobody has answered; a plan with an open doubt cannot come into force."""

    english = (
        "{count} doubts are open: {doubts}. Write an answer for each in the review: one of its choices, "
        "“accept” for the proposal, or “corrected” after correcting the value by hand."
    )
    thai = (
        "ยังมีข้อสงสัย {count} ข้อที่ไม่มีคำตอบ: {doubts} โปรดตอบทุกข้อในไฟล์ตรวจทาน: ใช้ตัวเลือกที่ให้ไว้ "
        "“accept” เพื่อใช้ตามที่เสนอ หรือ “corrected” เมื่อแก้ค่าด้วยมือแล้ว"
    )


class IncompletePlanError(SucharitError):
    """A value that every plan must have is still missing after the review."""

    english = "The review lacks: {missing}. Fill each in under “measures” and try again."
    thai = "ไฟล์ตรวจทานยังขาด: {missing_thai} โปรดเติมให้ครบในส่วน measures แล้วลองใหม่"


class OldOfficeFileError(DamagedFileError):
    """A file of Word or Excel from before 2007, perhaps renamed."""

    english = "“{file}” is of the kind used before 2007. Open it in its own program, save it as {kind} and read that."
    thai = "“{file}” เป็นไฟล์รุ่นก่อนปี 2007 โปรดเปิดด้วยโปรแกรมเดิม บันทึกใหม่เป็น {kind} แล้วอ่านไฟล์นั้น"


class ScannedFileError(PlanFileError):
    """Pages that are pictures: there is nothing to read but ink."""

    english = (
        "“{file}” is a scan: its pages are pictures without text. Give the Word or Excel file that it was printed "
        "from, or run text recognition (OCR) on it and save it with a text layer."
    )
    thai = (
        "“{file}” เป็นไฟล์สแกน มีแต่ภาพ ไม่มีข้อความให้อ่าน โปรดใช้ไฟล์ Word หรือ Excel ต้นฉบับ "
        "หรือแปลงภาพเป็นข้อความ (OCR) แล้วบันทึกให้มีชั้นข้อความก่อนอ่านอีกครั้ง"
    )


class NoConverterError(PlanFileError):
    """An old format that only LibreOffice opens, on a machine without it."""

    english = "“{file}” is of an old kind ({kind}). Open it in Word or Excel, save it as {better} and read that."
    thai = "“{file}” เป็นไฟล์รูปแบบเก่า ({kind}) โปรดเปิดด้วย Word หรือ Excel แล้วบันทึกเป็น {better} ก่อนอ่านอีกครั้ง"


class SlowFileError(PlanFileError):
    """Reading took longer than any plan needs."""

    english = (
        "“{file}” could not be read within {seconds} seconds. Save only the table of measures in a file of its own "
        "and read that."
    )
    thai = "อ่าน “{file}” ไม่เสร็จภายใน {seconds} วินาที โปรดบันทึกเฉพาะตารางมาตรการเป็นไฟล์ใหม่ แล้วอ่านไฟล์นั้น"


class HeavyFileError(PlanFileError):
    """Reading needed more memory than any plan does, or broke the reader."""

    english = (
        "“{file}” needs more than {most} of memory to read. Save only the table of measures in a file of its own "
        "and read that."
    )
    thai = "การอ่าน “{file}” ต้องใช้หน่วยความจำเกิน {most} โปรดบันทึกเฉพาะตารางมาตรการเป็นไฟล์ใหม่ แล้วอ่านไฟล์นั้น"
