"""The quarterly report as a Word file: the official memo, then the table of results of every measure."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from domain.figures import Snapshot
from reports.memo import memo_words

TEMPLATE: Final = Path(__file__).parent / "templates" / "quarter.docx"
NEEDED_IN_BODY: Final = (
    "draft_mark",
    "row.measure",
    "row.sentence",
    "row.step",
    "row.responsible",
    "row.period",
    "row.told.outcome",
    "row.told.result",
    "row.told.problems",
    "row.told.suggestions",
    "row.told.evidence",
)
NEEDED_IN_HEADER: Final = ("header_mark",)


def render_quarter(snapshot: Snapshot, template: Path | None = None) -> bytes:
    """Return the report as a .docx; the same snapshot and template give the same bytes.

    The last two signatories (as a rule the clerk and the mayor) sign that they know of it; those before them sign
    the report. A report with unanswered headings is marked as a draft on the memo and in every page's header.

    Args:
        template: The office's own .docx; the one that comes with the system when None. It must keep the marks
            named in `NEEDED_IN_BODY` and `NEEDED_IN_HEADER`, so that no heading is lost by editing.

    Raises:
        ReportTemplateError: The template is missing, no Word file, broken, or lacks a needed mark.
    """
    from reports.fill import Properties, fill  # noqa: PLC0415 -- Word's library is for those who write a report

    words = memo_words(snapshot)
    properties = Properties(
        title=f"รายงานผลการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใส {words['quarter']}",
        author=str(words["office"]),
        on=snapshot.frozen_on,
        revision=snapshot.revision,
    )
    return fill(template or TEMPLATE, words, properties, in_body=NEEDED_IN_BODY, in_header=NEEDED_IN_HEADER)
