"""What a letter says of names in a plan that are none of the office's divisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from domain.notice import NoticeIntent, NoticeItem, NoticeKind
from domain.opening import unknown_division, unknown_units
from domain.people import Level
from services.desk import Desk


def unknown_names(desk: Desk, notices: Iterable[NoticeIntent]) -> Iterator[tuple[NoticeIntent, NoticeItem]]:
    """Those notices whose name is still unknown, each with what its letter says."""
    for notice in notices:
        if notice.kind is not NoticeKind.NAME_UNKNOWN:
            continue
        year, measure_key, step_key = notice.assignment.split("/")
        wording = desk.wording(int(year), measure_key, step_key)
        if wording is None or notice.reason not in unknown_units(wording[1].responsible, desk.people):
            continue
        measure, step = wording
        yield (
            notice,
            NoticeItem(
                kind=notice.kind,
                ref=step.key,
                measure_number=measure.number,
                measure_title=measure.title,
                step_text=step.text,
                division_name=notice.reason,
                period_label=step.period_raw or str(desk.document(int(year)).fiscal_year),
                due_on=step.end,
                workdays_left=0,
                to_level=Level.ADMINISTRATOR,
                reason=unknown_division(notice.reason, desk.people, step.key).in_thai(),
            ),
        )
