"""What can go wrong with a report's template, in sentences for the person who edits it."""

from __future__ import annotations

from domain.errors import SucharitError


class ReportTemplateError(SucharitError):
    """A template that cannot be filled.

    Facts:
        name: File name of the template.
        problem, problem_thai: What is wrong with it.
        lines: The lines of the template around the fault, each on a line of its own; empty when there is no one place.
    """

    english = (
        "The report template “{name}” cannot be used: {problem}{lines}\n"
        "Mend the marks in braces in Word, or go back to the template that came with the system."
    )
    thai = (
        "ใช้แม่แบบรายงาน “{name}” ไม่ได้: {problem_thai}{lines}\n"
        "โปรดเปิดแม่แบบใน Word แล้วแก้ข้อความในวงเล็บปีกกา หรือกลับไปใช้แม่แบบที่มากับระบบ"
    )
