"""A quarter of the real plan of fiscal year 2566, with the kinds of answers that offices give."""

from __future__ import annotations

from typing import Any

from domain.figures import Answer, DivisionResult, EvidenceLine, MeasureResult, Outcome, Signatory, Snapshot
from tests.reports.factories import DIVISIONS, NONE, make_measure, make_result, make_snapshot, make_step

BORROWING = (
    "สร้างการรับรู้และความเข้าใจขั้นตอน วิธีการ และแนวทางการขอยืม/ขอใช้/ขออนุญาต/ทรัพย์สินของทางราชการให้แก่บุคลากรภายใน"
    "และบุคลากรภายนอกผ่านวิธีการและจัดทำสื่อประชาสัมพันธ์รูปแบบต่าง ๆ ที่เข้าใจง่ายและน่าสนใจ รวมทั้งเผยแพร่ประชาสัมพันธ์"
    "ผ่านช่องทางที่หลากหลาย และผู้บังคับบัญชาหรือผู้เกี่ยวข้องที่ได้รับมอบหมายกำกับให้บุคลากรถือปฏิบัติอย่างเคร่งครัด"
)
CHANNELS = (
    "เพิ่มช่องทางเผยแพร่ประชาสัมพันธ์ผลงานต่าง ๆ และผลงานที่แสดงให้เห็นถึงการปรับปรุงและพัฒนาคุณภาพการดำเนินงานของหน่วยงาน"
    " ด้วยรูปแบบที่น่าสนใจ เข้าใจง่าย หลากหลายรูปแบบ และเป็นปัจจุบันอยู่เสมอ เช่นผ่านทาง Facebook/Line กลุ่มต่างๆ,"
    " เว็บไซต์ www.thachangklong.go.th"
)
PARTICIPATION = (
    "เปิดโอกาสให้ผู้รับบริการ หรือผู้มาติดต่องานมีส่วนร่วม ในการปรับปรุงวิธีการและลดขั้นตอน การดำเนินงานการให้บริการให้ดีขึ้น"
    "เพื่อเพิ่มประสิทธิภาพในการดำเนินงาน และให้มีความโปร่งใสมากขึ้น"
)
LONG_RESULT = (
    "จัดประชุมชี้แจงพนักงานเทศบาลและพนักงานจ้าง เมื่อวันที่ 14 กุมภาพันธ์ 2566 ณ ห้องประชุมสภาเทศบาล มีผู้เข้าร่วม 42 คน"
    " ชี้แจงขั้นตอนการขอยืมทรัพย์สินของทางราชการ แบบคำขอยืม และกำหนดส่งคืน พร้อมจัดทำทะเบียนคุมการยืม-คืนรายเดือน"
    " และเผยแพร่แผนผังขั้นตอนบนเว็บไซต์ www.thachangklong.go.th และกลุ่มไลน์ของเทศบาล"
)


def make_real_quarter(*, is_draft: bool = True, **changed: Any) -> Snapshot:
    """Make the second quarter; as a draft some divisions are late or silent, else every heading is answered."""
    silent: dict[str, Any] = {"result": "", "problems": Answer(), "suggestions": Answer(), "evidence": ()}
    late = (
        {"outcome": Outcome.OVERDUE, "late_workdays": 6, **silent}
        if is_draft
        else {"outcome": Outcome.ACCEPTED_LATE, "late_workdays": 6}
    )
    waiting = Outcome.AWAITING_REVIEW if is_draft else Outcome.ACCEPTED
    measures = (
        make_measure(
            make_step(*_borrowing(late), text=BORROWING),
            make_step(
                *(make_result(name, ref=f"3.2-{name}-ต2", result="ดำเนินการตามแผนงานแล้ว") for name in DIVISIONS),
                key="3.2",
                text="จัดกิจกรรม/โครงการตามแผนงานการป้องกันการทุจริต สร้างระบบการกำกับดูแลและติดตามตรวจสอบการทุจริตภายใน",
            ),
        ),
        make_measure(
            make_step(*_channels(waiting), key="4.1", text=CHANNELS, period_label="ก.พ.-ก.ย. ๒๕๖๖"),
            number=4,
            title="การเพิ่มประสิทธิภาพการสื่อสารเพื่ออำนวยความสะดวกแก่ผู้มารับบริการ หรือผู้มาติดต่อ หรือผู้มีส่วนได้ส่วนเสียอื่น",
            indicators=(7,),
        ),
        make_measure(
            make_step(*_participation(), key="5.1", text=PARTICIPATION, period_label="ก.พ.-ก.ย. ๒๕๖๖"),
            number=5,
            title="การปรับปรุงการทำงาน",
            indicators=(8,),
        ),
        make_measure(number=6, title="เปิดเผยข้อมูล ประเด็น รายงานผลการใช้จ่ายงบประมาณประจำปี", indicators=(9,)),
        _against_corruption(silent),
    )
    facts: dict[str, Any] = {
        "signatories": (
            Signatory(title="หัวหน้าสำนักปลัด", name="นายสมชาย มั่นคง"),
            Signatory(title="ปลัดเทศบาลตำบลท่าช้างคลอง", name="นางสาวกานดา ใจซื่อ"),
            Signatory(title="นายกเทศมนตรีตำบลท่าช้างคลอง"),
        ),
        "is_demo": is_draft,
        "unanswered": ("66-3.1-กองช่าง-ต2", "66-3.1-กองสวัสดิการสังคม-ต2") if is_draft else (),
    }
    return make_snapshot(*measures, **(facts | changed))


def _against_corruption(silent: dict[str, Any]) -> MeasureResult:
    return make_measure(
        make_step(
            make_result(
                "กองคลัง",
                outcome=Outcome.CANNOT_DO,
                result="",
                reason="ไม่ได้รับงบประมาณ: ข้อบัญญัติงบประมาณรายจ่ายประกาศใช้วันที่ 3 เมษายน 2566 จึงเลื่อนโครงการไปไตรมาสที่ 3",
                problems=Answer(text="งบประมาณมาล่าช้ากว่ากำหนด 2 เดือน"),
                suggestions=Answer(text="ขอให้ตั้งงบประมาณโครงการนี้ไว้ในแผนต้นปี"),
                evidence=(),
            ),
            make_result("กองช่าง", ref="66-7.1-กองช่าง-ต2", outcome=Outcome.CANCELLED, **silent),
            key="7.1",
            text="ฝึกอบรมหรือประชุมชี้แจงพนักงานเจ้าหน้าที่ เพื่อให้ความรู้เกี่ยวกับผลประโยชน์ทับซ้อน",
            responsible_label="กองคลัง/กองช่าง",
            period_label="ก.พ. - มี.ค. ๒๕๖๖",
        ),
        number=7,
        title="การป้องกันการทุจริต",
        indicators=(10,),
    )


def _borrowing(late: dict[str, Any]) -> tuple[DivisionResult, ...]:
    photos = tuple(
        EvidenceLine(name=name, sha256=sha * 8)
        for name, sha in (("ภาพถ่ายการประชุม 14 ก.พ. 2566.jpg", "9f3e21aa"), ("ทะเบียนคุมการยืม.xlsx", "77ab04c1"))
    )
    return (
        make_result("สำนักปลัด", result=LONG_RESULT, evidence=photos),
        make_result(
            "กองคลัง",
            result=LONG_RESULT + "\nจัดทำคู่มือการยืมพัสดุ จำนวน 50 เล่ม แจกจ่ายทุกส่วนราชการ",
            problems=Answer(text="ผู้ยืมบางรายส่งคืนพัสดุล่าช้ากว่ากำหนด และแบบฟอร์มเดิมมีหลายฉบับทำให้สับสน"),
            suggestions=Answer(text="ควรใช้แบบคำขอยืมฉบับเดียวกันทุกกอง และแจ้งเตือนก่อนครบกำหนดคืน 3 วัน"),
        ),
        make_result("กองช่าง", ref="66-3.1-กองช่าง-ต2", **late),
        make_result(
            "กองการศึกษา",
            result="ประชาสัมพันธ์ผ่านกลุ่มไลน์ศูนย์พัฒนาเด็กเล็ก 4 แห่ง",
            outcome=Outcome.ACCEPTED_LATE,
            late_workdays=2,
        ),
        make_result("กองสาธารณสุขและสิ่งแวดล้อม", result="ปิดประกาศแผนผังขั้นตอน ณ จุดบริการ"),
        make_result("กองสวัสดิการสังคม", ref="66-3.1-กองสวัสดิการสังคม-ต2", **late),
    )


def _channels(waiting: Outcome) -> tuple[DivisionResult, ...]:
    page = (
        EvidenceLine(name="ข่าวประชาสัมพันธ์เดือนมีนาคม", sha256="", url="https://www.thachangklong.go.th/news/2566/03/125"),
    )
    return (
        make_result("สำนักปลัด", result="เผยแพร่ข่าวบนเว็บไซต์ 36 เรื่อง เฟซบุ๊ก 58 โพสต์ และเสียงตามสายทุกวันจันทร์", evidence=page),
        *(
            make_result(name, outcome=waiting, result="ส่งข่าวกิจกรรมให้งานประชาสัมพันธ์เดือนละ 2 เรื่อง")
            for name in DIVISIONS[1:4]
        ),
        *(make_result(name, result="ส่งข่าวกิจกรรมให้งานประชาสัมพันธ์เดือนละ 2 เรื่อง", problems=NONE) for name in DIVISIONS[4:]),
    )


def _participation() -> tuple[DivisionResult, ...]:
    survey = "ให้ประชาชนกรอกแบบประเมินความพึงพอใจ ณ จุดบริการ และรวบรวมสรุปผลเสนอผู้บริหารแล้ว"
    same = [make_result(name, result=survey, evidence=()) for name in DIVISIONS[1:]]
    return (make_result("สำนักปลัด", result=f"{survey} ผู้ตอบ 312 คน พึงพอใจระดับมากที่สุดร้อยละ 87.5"), *same)
