"""What the fuzzer starts from: the files of the test corpus, their cells, and the words plans are made of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from plans.errors import PlanFileError
from plans.raw import RawDocument, RawTable
from plans.readers import READERS, read_raw
from tests.plans.formats import csv_text, html_file, html_table
from tools.fuzz.targets import Target, encoded

ROOT: Final = Path(__file__).parents[2]
FINDINGS: Final = ROOT / "tests" / "plans" / "fuzz_findings"
_FIRST_ROWS: Final = 3
_FOLDERS: Final = (ROOT / "tests" / "plans" / "corpus", ROOT / "plans" / "examples")
WORDS: Final = (
    *("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา", "การติดตาม", "หมายเหตุ", "ตัวชี้วัดที่", "ที่", "ลำดับ", "งบประมาณ"),
    *("ทุก", "และ", "กอง", "สำนัก", "สำนักปลัด", "กองคลัง", "งาน", "ฝ่าย", "หน่วยตรวจสอบภายใน", "ผู้อำนวยการ", "ส่วนราชการ"),
    *("หน่วยงานหลัก:", "(สนับสนุน)", "ร่วมกับ", "หัวหน้า", "ที่เกี่ยวข้อง", "เป็น", "ปลัด", "ต.ค.", "ก.ย.", "ม.ค.", "มีนาคม"),
    *("ตุลาคม", "ไตรมาส", "ไตรมาสที่", "เดือน", "ปีงบประมาณ", "พ.ศ.", "๒๕๖๖", "2566", "ภายใน", "ถึง", "ตลอด", "ทุกวันที่", "ของ"),
    *("เป็นต้นไป", "รอบ", "ครั้ง", "ครั้งที่", "ปีละ", "วันที่", "ครึ่งปี", "แรก", "หลัง", "รายงาน", "เผยแพร่", "ทุกเดือน", "ราย"),
    *("ปัญหา", "ข้อเสนอแนะ:", "ไม่มี", "ดำเนินการแล้วเสร็จ", "ประจำเดือน", "(รับผิดชอบโดย", "ลงชื่อ", "แผน", "เทศบาลตำบล"),
    *(
        "\t",
        "\n",
        "\n\n",
        " - ",
        "- ",
        "๑. ",
        "1) ",
        "(1) ",
        "๑.๑ ",
        "ก. ",
        "|",
        "|---|",
        '"',
        ",",
        ";",
        "<p>",
        "<ol>",
        "<li>",
    ),
    *("<table>", "<tr>", "<td>", "<td rowspan=2>", "<td colspan=3>", "</td>", "</tr>", "</table>", "<br>", "&nbsp;"),
)


def write_dictionary(path: Path) -> None:
    """Write the words in the form the fuzzer reads."""
    lines = ('"' + "".join(f"\\x{byte:02x}" for byte in encoded(word)) + '"' for word in WORDS)
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


def write_seeds(target: Target, folder: Path) -> int:
    """Write a file for each seed of a target; how many."""
    folder.mkdir(parents=True, exist_ok=True)
    seeds = {target.data_of(text, suffix) for text, suffix in _seeds(target)}
    for number, seed in enumerate(sorted(seeds)):
        (folder / f"seed-{number:04}").write_bytes(seed)
    return len(seeds)


def _seeds(target: Target) -> Iterator[tuple[str, str]]:
    documents = list(_documents())
    if target.name not in {"text", "html"}:
        texts = (cell.text for document in documents for table in document.tables for row in table.rows for cell in row)
        yield from ((text, ".txt") for text in {*texts, *WORDS})
        return
    for document in [*documents, *(short for whole in documents for short in _short(whole))]:
        yield from ((text, suffix) for text, suffix in _whole(document) if suffix in target.suffixes)


def _documents() -> Iterator[RawDocument]:
    for path in sorted(path for folder in _FOLDERS for path in folder.iterdir() if path.suffix in READERS):
        try:
            yield read_raw(path)
        except PlanFileError:
            continue  # an old file on a machine without its converter


def _short(document: RawDocument) -> Iterator[RawDocument]:
    """Each table's first rows alone: what is short runs more often."""
    for table in document.tables:
        yield RawDocument(document.file, [], [RawTable(table.rows[:_FIRST_ROWS])])


def _whole(document: RawDocument) -> Iterator[tuple[str, str]]:
    """The document as the kinds of file that are text."""
    before = "\n".join(p.text for p in document.paragraphs if p.is_before_tables)
    after = "\n".join(p.text for p in document.paragraphs if not p.is_before_tables)
    tables = [[[cell.text for cell in row] for row in table.rows] for table in document.tables]
    flat = [[[" ".join(cell.split()) for cell in row] for row in table] for table in tables]
    tabbed = ["\n".join("\t".join(row) for row in table) for table in flat]
    piped = ["\n".join(f"| {' | '.join(row)} |" for row in table) for table in flat]
    yield "\n\n".join([before, *tabbed, after]), ".txt"
    yield "\n\n".join([before, *piped, after]), ".txt"
    yield "\n".join([before, *(csv_text(table) for table in tables), after]), ".csv"
    yield html_file(before + "".join(map(html_table, tables)) + after).decode(), ".html"
