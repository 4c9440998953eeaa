"""Names of divisions that nearly every local authority has, for noticing misspelt ones."""

from __future__ import annotations

from typing import Final

from domain.matching import edit_distance, letters

_USUAL: Final = (
    "สำนักปลัด", "สำนักปลัดเทศบาล", "สำนักงานปลัด", "สำนักคลัง", "สำนักช่าง", "สำนักการช่าง", "สำนักการคลัง", "สำนักการศึกษา",
    "กองคลัง", "กองการคลัง", "กองช่าง", "กองการช่าง", "กองการศึกษา", "กองการศึกษาศาสนาและวัฒนธรรม", "กองสาธารณสุข",
    "กองสาธารณสุขและสิ่งแวดล้อม", "กองสวัสดิการสังคม", "กองสวัสดิการและสังคม", "กองยุทธศาสตร์และงบประมาณ", "กองวิชาการและแผนงาน",
    "กองแผนและงบประมาณ", "กองการเจ้าหน้าที่", "กองการประปา", "กองส่งเสริมการเกษตร", "กองกิจการพาณิชย์", "กองพัสดุและทรัพย์สิน",
    "กองการแพทย์", "กองผังเมือง", "กองกิจการสภา", "กองช่างสุขาภิบาล", "กองสารสนเทศภาษีและทะเบียนทรัพย์สิน", "กองนิติการ",
    "กองการท่องเที่ยวและกีฬา", "หน่วยตรวจสอบภายใน",
)  # fmt: skip
"""Research, thai-domain 1.7."""

_LETTERS_PER_SLIP: Final = 9
_SHORTEST: Final = 6


def usual_name(unit: str) -> str | None:
    """The usual name that `unit` is a misspelling of; None where it is right, cut short, or something else."""
    word = letters(unit)
    if len(word) < _SHORTEST or any(
        word.startswith(letters(name)) or letters(name).startswith(word) for name in _USUAL
    ):
        return None
    slips = {name: edit_distance(word, letters(name)) for name in _USUAL if abs(len(letters(name)) - len(word)) <= 2}  # noqa: PLR2004 -- two slips of the pen
    best = min(slips, key=lambda name: slips[name], default=None)
    return best if best and slips[best] <= 1 + len(word) // _LETTERS_PER_SLIP else None
