"""Snapshots for tests: a small one, one of the real plan's texts, and one of a whole year's size."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from domain.figures import (
    Answer,
    DivisionFigures,
    DivisionResult,
    EvidenceLine,
    MeasureResult,
    Outcome,
    Signatory,
    Snapshot,
    StepResult,
    Totals,
)

DIVISIONS = ("สำนักปลัด", "กองคลัง", "กองช่าง", "กองการศึกษา", "กองสาธารณสุขและสิ่งแวดล้อม", "กองสวัสดิการสังคม")
NONE = Answer(is_none_confirmed=True)


def make_result(division: str = "สำนักปลัด", **changed: Any) -> DivisionResult:
    facts: dict[str, Any] = {
        "ref": f"66-3.1-{division}-ต2",
        "division_name": division,
        "outcome": Outcome.ACCEPTED,
        "due_on": date(2023, 3, 31),
        "result": f"{division} ดำเนินการครบถ้วน",
        "problems": NONE,
        "suggestions": NONE,
        "evidence": (EvidenceLine(name="รายงานการประชุม-1.pdf", sha256="0a1b2c3d" * 8),),
    }
    return DivisionResult(**(facts | changed))


def make_step(*divisions: DivisionResult, **changed: Any) -> StepResult:
    facts: dict[str, Any] = {
        "key": "3.1",
        "text": "จัดกิจกรรมตามแผนงานการป้องกันการทุจริต",
        "responsible_label": "ทุกสำนัก/กอง",
        "period_label": "มี.ค.-ก.ย. ๒๕๖๖",
        "divisions": divisions,
    }
    return StepResult(**(facts | changed))


def make_measure(*steps: StepResult, **changed: Any) -> MeasureResult:
    facts: dict[str, Any] = {
        "key": "3",
        "number": 3,
        "title": "การแก้ปัญหาการทุจริต",
        "indicators": (5,),
        "totals": totals_of(result for step in steps for result in step.divisions),
        "steps": steps,
    }
    return MeasureResult(**(facts | changed))


def make_snapshot(*measures: MeasureResult, **changed: Any) -> Snapshot:
    measures = measures or (make_measure(make_step(make_result())),)
    results = [result for measure in measures for step in measure.steps for result in step.divisions]
    names = dict.fromkeys(result.division_name for result in results)
    facts: dict[str, Any] = {
        "office_name": "เทศบาลตำบลท่าช้างคลอง",
        "district": "ผาขาว",
        "province": "เลย",
        "fiscal_year_be": 2566,
        "quarter": 2,
        "start": date(2023, 1, 1),
        "end": date(2023, 3, 31),
        "frozen_on": date(2023, 4, 10),
        "revision": 1,
        "plan_title": "มาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. 2566",
        "prepared_by": "สำนักปลัด",
        "addressee": "นายกเทศมนตรีตำบลท่าช้างคลอง",
        "signatories": (
            Signatory(title="ปลัดเทศบาลตำบลท่าช้างคลอง", name="นางสาวกานดา ใจซื่อ"),
            Signatory(title="นายกเทศมนตรีตำบลท่าช้างคลอง"),
        ),
        "totals": totals_of(results),
        "divisions": tuple(
            DivisionFigures(name=name, totals=totals_of(r for r in results if r.division_name == name))
            for name in names
        ),
        "measures": measures,
    }
    return Snapshot(**(facts | changed))


def totals_of(results: Iterable[DivisionResult]) -> Totals:
    outcomes = [result.outcome.value for result in results]
    return Totals(total=len(outcomes), **{outcome: outcomes.count(outcome) for outcome in set(outcomes)})


def make_large_snapshot(quarter: int, measures: int = 5, rows: int = 90) -> Snapshot:
    """Make a quarter in which no two divisions tell the same, so that nothing is grouped."""
    steps = rows // len(DIVISIONS)
    return make_snapshot(
        *(
            make_measure(
                *(
                    make_step(
                        *(
                            make_result(name, result=f"{name} ดำเนินการขั้นตอนที่ {number} แล้ว " + "มีผู้เข้าร่วม " * 8)
                            for name in DIVISIONS
                        ),
                        text=f"ขั้นตอนที่ {number} " + "สร้างการรับรู้และความเข้าใจ " * 4,
                    )
                    for number in range(1, steps + 1)
                ),
                number=measure,
            )
            for measure in range(1, measures + 1)
        ),
        quarter=quarter,
        start=date(2022, 10, 1) + timedelta(days=91 * (quarter - 1)),
    )
