"""Builds `templates/quarter.docx`, the template that comes with the system; an office may edit a copy of it in Word.

Run `python -m reports.build_template` after a change here. The same script gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from reports.package import pack
from reports.template_parts import (
    DECLARATION,
    NAMESPACES,
    Cell,
    Page,
    R,
    Style,
    cm,
    field,
    paragraph,
    row,
    run,
    section,
    style_xml,
    table,
)

TARGET: Final = Path(__file__).parent / "templates" / "quarter.docx"
FONT: Final = "TH SarabunPSK"
SUBJECT: Final = "รายงานผลการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน"
A4_SHORT, A4_LONG = 11906, 16838
MEMO_PAGE: Final = Page(A4_SHORT, A4_LONG, (cm(2.5), cm(2), cm(2), cm(3)), cm(1.2), cm(0.8))
"""The margins of official memos: 3 cm left, 2 cm right, 2.5 cm top, 2 cm bottom."""
TABLE_PAGE: Final = Page(A4_LONG, A4_SHORT, (cm(2), cm(1.5), cm(2), cm(1.5)), cm(1), cm(0.8))
MEMO_WIDTH: Final = A4_SHORT - cm(3) - cm(2)
TABLE_WIDTH: Final = A4_LONG - 2 * cm(1.5)

PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
CORE_LINK: Final = f"{PACKAGE}/relationships/metadata/core-properties"
LINKED: Final = {
    "styles": "styles",
    "settings": "settings",
    "fontTable": "fontTable",
    "header1": "header",
    "footer1": "footer",
}
"""Parts beside the document itself, with the name of their kind; the document names them rId1, rId2 and so on."""

FIGURE_COLUMNS: Final = (
    ("ทั้งหมด", 1.1, "total"),
    ("แล้วเสร็จ\nตามกำหนด", 1.6, "in_time"),
    ("แล้วเสร็จ\nหลังกำหนด", 1.6, "late"),
    ("รอตรวจ", 1.2, "awaiting_review"),
    ("อยู่ระหว่าง\nดำเนินการ", 1.5, "open"),
    ("เกิน\nกำหนด", 1.1, "overdue"),
    ("ไม่สามารถ\nดำเนินการได้", 1.75, "cannot_do"),
    ("ยกเลิก", 0.95, "cancelled"),
    ("ร้อยละที่\nแล้วเสร็จ", 1.4, "percent"),
)
"""Head, width in centimetres and name of each count in the table of totals."""
SIGNATURE_LINES: Final = (("MemoSigned", "caption"), ("MemoName", "name"), ("MemoPost", "title"))

_KEEP: Final = "<w:keepNext/><w:keepLines/>"
STYLES: Final = (
    Style("Normal", "Normal", 16),
    Style("MemoTitle", "บันทึก - ชื่อแบบ", 29, is_bold=True, align="center", spacing='w:line="700" w:lineRule="exact"'),
    Style("MemoLabel", "บันทึก - หัวเรื่อง", 20, is_bold=True, spacing='w:line="440" w:lineRule="exact"'),
    # Less high and 1.8 pt raised, so that its letters stand on one line with the label's.
    Style("MemoField", "บันทึก - ช่องกรอก", 16, spacing='w:after="36" w:line="404" w:lineRule="exact"'),
    Style("MemoTo", "บันทึก - เรียน", 16, spacing='w:before="120"'),
    Style(
        "MemoBody",
        "บันทึก - เนื้อความ",
        16,
        align="thaiDistribute",
        spacing='w:before="100"',
        indent=f'w:firstLine="{cm(2.5)}"',
    ),
    # Signatures never stand on a page without the wish above them.
    Style(
        "MemoWish",
        "บันทึก - ความประสงค์",
        16,
        paragraph=_KEEP,
        spacing='w:before="100"',
        indent=f'w:firstLine="{cm(2.5)}"',
    ),
    Style("MemoSigned", "บันทึก - คำลงนาม", 16, align="center", paragraph=_KEEP, spacing='w:before="60"'),
    Style("MemoName", "บันทึก - ชื่อผู้ลงนาม", 16, align="center", paragraph=_KEEP, spacing='w:before="460"'),
    Style("MemoPost", "บันทึก - ตำแหน่ง", 16, align="center", paragraph="<w:keepLines/>"),
    Style("Draft", "ฉบับร่าง", 20, is_bold=True, align="right"),
    Style("DraftNote", "ฉบับร่าง - เหตุผล", 14, is_bold=True, align="center", spacing='w:before="60"'),
    Style("TableTitle", "ตาราง - ชื่อ", 18, is_bold=True, align="center", paragraph="<w:keepNext/>"),
    Style("TableHead", "ตาราง - หัวคอลัมน์", 14, is_bold=True, align="center"),
    Style("TableText", "ตาราง - ข้อความ", 14),
    Style("TableStrong", "ตาราง - เน้น", 14, is_bold=True),
    Style("FigureHead", "สรุป - หัวคอลัมน์", 12, is_bold=True, align="center"),
    Style("FigureName", "สรุป - ส่วนราชการ", 12),
    Style("FigureCount", "สรุป - จำนวน", 12, align="center"),
    Style("Note", "หมายเหตุ", 13, spacing='w:before="80"'),
    Style("Tag", "คำสั่งแม่แบบ", 10),
    Style("Header", "header", 16, is_bold=True, align="right"),
    Style("Footer", "footer", 14, align="center"),
    Style("FooterNote", "footer - ฉบับที่", 11, align="right"),
    Style("Gap", "เว้นก่อนตาราง", 4, spacing='w:line="80" w:lineRule="exact"'),
    Style("SectionEnd", "จบส่วน", 1, spacing='w:line="20" w:lineRule="exact"'),
)

_GRID_STYLES: Final = (
    '<w:style w:type="table" w:default="1" w:styleId="Plain"><w:name w:val="Normal Table"/></w:style>'
    '<w:style w:type="table" w:styleId="Grid"><w:name w:val="Table Grid"/><w:basedOn w:val="Plain"/>'
    "<w:tblPr><w:tblBorders>"
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + "</w:tblBorders></w:tblPr></w:style>"
)


def build() -> bytes:
    """Return the template as a .docx."""
    return pack((name, (DECLARATION + xml).encode()) for name, xml in _parts())


def _parts() -> list[tuple[str, str]]:
    linked = {f"{part}.xml": f"{R}/{name}" for part, name in LINKED.items()}
    return [
        ("[Content_Types].xml", _content_types()),
        ("_rels/.rels", _relationships({"word/document.xml": f"{R}/officeDocument", "docProps/core.xml": CORE_LINK})),
        ("docProps/core.xml", _core()),
        ("word/document.xml", _document()),
        ("word/_rels/document.xml.rels", _relationships(linked)),
        ("word/styles.xml", _styles()),
        ("word/settings.xml", _settings()),
        ("word/fontTable.xml", _fonts()),
        ("word/header1.xml", f"<w:hdr {NAMESPACES}>{paragraph('Header', '{{ header_mark }}')}</w:hdr>"),
        ("word/footer1.xml", f"<w:ftr {NAMESPACES}>{_footer()}</w:ftr>"),
    ]


def _content_types() -> str:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    names = {"document": "document.main", **LINKED}
    parts = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{kind}.{name}+xml"/>' for part, name in names.items()
    )
    core = "application/vnd.openxmlformats-package.core-properties+xml"
    return (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'{parts}<Override PartName="/docProps/core.xml" ContentType="{core}"/></Types>'
    )


def _relationships(kinds: Mapping[str, str]) -> str:
    """Links to other parts by their paths, numbered from 1 in the order given."""
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (target, kind) in enumerate(kinds.items(), start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'


def _core() -> str:
    return (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title></dc:title><dc:language>th-TH</dc:language>'
        "</cp:coreProperties>"
    )


def _styles() -> str:
    fonts = "".join(f' w:{script}="{FONT}"' for script in ("ascii", "hAnsi", "eastAsia", "cs"))
    return (
        f"<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts{fonts}/>"
        '<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="th-TH" w:eastAsia="th-TH" w:bidi="th-TH"/>'
        '</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0" w:line="240"'
        f' w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>{"".join(map(style_xml, STYLES))}{_GRID_STYLES}'
        "</w:styles>"
    )


def _settings() -> str:
    return (
        f'<w:settings {NAMESPACES}><w:defaultTabStop w:val="720"/><w:compat><w:compatSetting'
        ' w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="th-TH" w:bidi="th-TH"/></w:settings>'
    )


def _fonts() -> str:
    """Name the newer font of the same shapes, for machines that lack the first."""
    return f'<w:fonts {NAMESPACES}><w:font w:name="{FONT}"><w:altName w:val="TH Sarabun New"/></w:font></w:fonts>'


def _footer() -> str:
    number = run("- ") + field("PAGE") + run(" -")
    return paragraph("Footer", inner=number) + paragraph("FooterNote", "รายงาน{{ quarter }} ฉบับที่ {{ revision }}")


def _document() -> str:
    references = '<w:headerReference w:type="default" r:id="rId4"/><w:footerReference w:type="default" r:id="rId5"/>'
    end_of_memo = paragraph("SectionEnd", section=section(MEMO_PAGE, references=references))
    body = f"{_memo()}{end_of_memo}{_results()}{section(TABLE_PAGE)}"
    return f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"


def _memo() -> str:
    detail = (
        "{{ prepared_by }} ได้รวบรวมผลการดำเนินการ{{ quarter }} ระหว่างวันที่ {{ start }}"
        " ถึงวันที่ {{ end }} แล้ว {{ figures_sentence }} รายละเอียดตามตารางที่แนบ สรุปได้ดังนี้"
    )
    return "".join(
        [
            _memo_head(),
            paragraph("Tag", "{%p if draft_note %}"),
            paragraph("DraftNote", "{{ draft_note }}"),
            paragraph("Tag", "{%p endif %}"),
            paragraph("MemoTo", "เรียน  {{ addressee }}"),
            paragraph(
                "MemoBody",
                "ตามที่{{ office }} ได้จัดทำ “{{ plan_title }}” และให้ส่วนราชการรายงานผลเป็นรายไตรมาส นั้น",
            ),
            paragraph("MemoBody", detail),
            paragraph("Gap"),
            _totals(),
            paragraph("MemoWish", "จึงเรียนมาเพื่อโปรดทราบ และพิจารณาให้เผยแพร่รายงานต่อไป"),
            _signatures(),
        ]
    )


def _memo_head() -> str:
    sides = cm(2.8)
    crest = table(
        [
            row(
                [
                    Cell(paragraph("Normal", "(ครุฑ)"), align="bottom"),
                    Cell(paragraph("MemoTitle", "บันทึกข้อความ"), align="bottom"),
                    Cell(paragraph("Draft", "{{ draft_mark }}"), align="bottom"),
                ],
                [sides, MEMO_WIDTH - 2 * sides, sides],
            )
        ],
        [sides, MEMO_WIDTH - 2 * sides, sides],
        style="Plain",
        caption="ครุฑและชื่อแบบ",
        margin=0,
    )
    # Word joins two tables that touch; a paragraph of no height keeps them apart.
    return crest + paragraph("SectionEnd") + _memo_fields()


def _memo_fields() -> str:
    edges = (0, cm(0.7), cm(1.35), cm(2.6), cm(7.6), cm(7.8), cm(9.1), MEMO_WIDTH)
    widths = [right - left for left, right in pairwise(edges)]

    def label(text: str, span: int) -> Cell:
        return Cell(paragraph("MemoLabel", text), span, align="bottom")

    def entry(text: str, span: int) -> Cell:
        return Cell(paragraph("MemoField", text), span, is_dotted=True, align="bottom")

    blank = Cell(paragraph("MemoField"))
    rows = [
        row([label("ส่วนราชการ", 3), entry("{{ office_line }}", 4)], widths),
        row([label("ที่", 1), entry("", 3), blank, label("วันที่", 1), entry("{{ date }}", 1)], widths),
        row([label("เรื่อง", 2), entry(SUBJECT, 5)], widths),
        row([Cell(paragraph("MemoField"), 2), entry("{{ quarter }}", 5)], widths),
    ]
    return table(rows, widths, style="Plain", caption="ส่วนหัวของบันทึกข้อความ", margin=0)


def _totals() -> str:
    widths = [cm(width) for _, width, _ in FIGURE_COLUMNS]
    widths.insert(0, MEMO_WIDTH - sum(widths))

    def line(of: str, name_style: str, count_style: str) -> str:
        counts = [Cell(paragraph(count_style, f"{{{{ {of}.{name} }}}}")) for *_, name in FIGURE_COLUMNS]
        return row([Cell(paragraph(name_style, f"{{{{ {of}.name }}}}")), *counts], widths, is_whole=True)

    heads = ["ส่วนราชการ", *(head for head, *_ in FIGURE_COLUMNS)]
    rows = [
        _head_row("FigureHead", heads, widths),
        _tag_row("{%tr for division in divisions %}", widths),
        line("division", "FigureName", "FigureCount"),
        _tag_row("{%tr endfor %}", widths),
        line("all", "FigureHead", "FigureHead"),
    ]
    return table(rows, widths, style="Grid", caption="สรุปผลตามส่วนราชการ", margin=cm(0.08))


def _head_row(style: str, heads: Sequence[str], widths: Sequence[int]) -> str:
    cells = [Cell(paragraph(style, head), align="center") for head in heads]
    return row(cells, widths, is_header=True, is_whole=True)


def _tag_row(tag: str, widths: Sequence[int]) -> str:
    """Build a row that only steers the filling and is not printed."""
    return row([Cell(paragraph("Tag", tag), len(widths))], widths)


def _signatures() -> str:
    widths = [MEMO_WIDTH // 2, MEMO_WIDTH - MEMO_WIDTH // 2]

    def block(of: str) -> Cell:
        caption, *lines = [paragraph(style, f"{{{{ {of}.{name} }}}}") for style, name in SIGNATURE_LINES]
        optional = [paragraph("Tag", f"{{%p if {of}.caption %}}"), caption, paragraph("Tag", "{%p endif %}")]
        return Cell("".join([*optional, *lines]))

    rows = [
        _tag_row("{%tr for line in signatures %}", widths),
        row([block("line.left"), block("line.right")], widths, is_whole=True),
        _tag_row("{%tr endfor %}", widths),
    ]
    return table(rows, widths, style="Plain", caption="ลงนาม", margin=0)


def _results() -> str:
    columns = (
        ("มาตรการ", 2.8, paragraph("TableText", "{{ row.measure }}")),
        ("ขั้นตอน", 4.5, paragraph("TableText", "{{ row.step }}")),
        ("ผู้รับผิดชอบ", 3.0, paragraph("TableText", "{{ row.responsible }}")),
        ("ระยะเวลา", 2.1, paragraph("TableText", "{{ row.period }}")),
        (
            "ผลการดำเนินการ",
            5.6,
            paragraph("TableStrong", "{{ row.told.outcome }}") + paragraph("TableText", "{{ row.told.result }}"),
        ),
        ("ปัญหา อุปสรรค", 2.9, paragraph("TableText", "{{ row.told.problems }}")),
        ("ข้อเสนอแนะ", 2.9, paragraph("TableText", "{{ row.told.suggestions }}")),
        ("หลักฐาน", 0.0, paragraph("TableText", "{{ row.told.evidence }}")),
    )
    widths = [cm(width) for _, width, _ in columns[:-1]]
    widths.append(TABLE_WIDTH - sum(widths))
    sentence = Cell(paragraph("TableText", "{{ row.sentence }}"), 4)
    cells = [Cell(content) for _, _, content in columns]
    rows = [
        _head_row("TableHead", [head for head, *_ in columns], widths),
        _tag_row("{%tr for row in rows %}", widths),
        _tag_row("{%tr if row.told %}", widths),
        row(cells, widths),
        _tag_row("{%tr elif row.step %}", widths),
        row([*cells[:4], sentence], widths, is_whole=True),
        _tag_row("{%tr else %}", widths),
        row([cells[0], Cell(paragraph("TableText", "{{ row.sentence }}"), 7)], widths, is_whole=True),
        _tag_row("{%tr endif %}", widths),
        _tag_row("{%tr endfor %}", widths),
    ]
    return "".join(
        [
            paragraph("TableTitle", SUBJECT),
            paragraph("TableTitle", "{{ quarter }} (ระหว่างวันที่ {{ start }} ถึงวันที่ {{ end }})"),
            paragraph("TableTitle", "{{ office }}"),
            paragraph("Gap"),
            table(rows, widths, style="Grid", caption="ตารางผลการดำเนินการตามมาตรการ", margin=cm(0.12)),
            _notes(),
        ]
    )


def _notes() -> str:
    return "".join(
        [
            paragraph("Tag", "{%p if has_hashes %}"),
            paragraph(
                "Note",
                "หมายเหตุ  อักขระแปดตัวในวงเล็บท้ายชื่อหลักฐาน คือส่วนต้นของค่า SHA-256 ของไฟล์นั้น"
                " ใช้ตรวจสอบว่าไฟล์ที่เก็บไว้เป็นไฟล์เดียวกับที่อ้างในรายงาน",
            ),
            paragraph("Tag", "{%p endif %}"),
            paragraph("Tag", "{%p if has_numbers %}"),
            paragraph("Note", "หมายเหตุ  หลักฐานระบุเป็นหมายเลข ไฟล์เก็บรักษาไว้ที่หน่วยงาน"),
            paragraph("Tag", "{%p endif %}"),
            paragraph("Tag", "{%p if unanswered_refs %}"),
            paragraph("Note", "รายการที่ยังตอบไม่ครบทุกหัวข้อ: {{ unanswered_refs }}"),
            paragraph("Tag", "{%p endif %}"),
        ]
    )


if __name__ == "__main__":
    TARGET.write_bytes(build())
