"""Where a value stands, in words a person can follow to the cell."""

from __future__ import annotations

from domain.thai import thai_digits
from plans.draft import Source

_ALPHABET = 26


def place(source: Source) -> str:
    """The row: `บรรทัดที่ ๑๒`, `ตารางที่ ๑ แถวที่ ๒`, `แผ่นงาน “แผน” แถวที่ ๕`, with its page in a PDF."""
    page = f"หน้า {thai_digits(source.page + 1)} " if source.page is not None else ""
    if source.line is not None:
        return f"บรรทัดที่ {thai_digits(source.line + 1)}"
    if source.table is None or source.row is None:
        return f"{page}ไฟล์ {source.file}"
    row = f"แถวที่ {thai_digits(source.row + 1)}"
    return f"แผ่นงาน “{source.sheet}” {row}" if source.sheet else f"{page}ตารางที่ {thai_digits(source.table + 1)} {row}"


def cell_place(source: Source) -> str:
    """The cell: its row and which cell of it, or its address in a spreadsheet (`แผ่นงาน “แผน” ช่อง C5`)."""
    if source.column is None:
        return place(source)
    if source.sheet and source.row is not None:
        return f"แผ่นงาน “{source.sheet}” ช่อง {_letters(source.column)}{source.row + 1}"
    return f"{place(source)} ช่องที่ {thai_digits(source.column + 1)}"


def _letters(column: int) -> str:
    """Letters of a spreadsheet's column: 0 is A, 26 is AA."""
    before, last = divmod(column, _ALPHABET)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)
