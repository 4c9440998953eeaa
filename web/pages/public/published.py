"""What everybody may read without signing in: plans, progress, reports and evidence, at addresses that stay."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from fastapi.responses import FileResponse, PlainTextResponse, RedirectResponse, Response

from domain.errors import NotFoundError
from domain.publication import LICENCE, LICENCE_ADDRESS, Publication, PublicKind, PublicPlan
from domain.report_period import period_of_key
from services.desk import Desk
from services.reporting import open_data
from services.reporting.publish import public_name, publication_of
from services.reporting.quarter_report import file_name
from services.setup.clean_published import former_hashes
from services.wiring import System
from web.door.visit import system_of
from web.view.failures import page_of
from web.view.render import Words, language_of, render

router = APIRouter()

KEPT_S: Final = 20
"""How long a cache may keep a page: a document that is taken back must be gone soon."""

ROBOTS: Final = "User-agent: *\nAllow: /public\nAllow: /static/\nDisallow: /\n"
_TYPES: Final = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".json": "application/json",
}
_SANDBOX: Final = {"content-security-policy": "default-src 'none'; sandbox"}
_FOR_ALL: Final = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}

OfficeKey = Annotated[str, Path(max_length=120)]
Subject = Annotated[str, Path(max_length=200)]
Version = Annotated[int, Path(ge=1, le=999_999)]
Year = Annotated[int, Path(ge=2500, le=2700)]


@router.get("/robots.txt")
def robots() -> Response:
    """Search engines may read what is public, and nothing else."""
    return PlainTextResponse(ROBOTS)


@router.get("/public")
def offices(request: Request) -> Response:
    """The offices that have something public; the only one's page where there is one."""
    public_offices = system_of(request).store.offices_in_public()
    if len(public_offices) == 1:
        return RedirectResponse(f"/public/{public_offices[0][0]}", status_code=307)
    return _kept(request, render(request, "public/offices.html", offices=public_offices))


@router.get("/public/{office}")
def office(request: Request, office: OfficeKey) -> Response:
    """Everything that an office has made public."""
    with system_of(request).store.reader(office) as uow:
        published = [publication for publication in uow.publications.all() if publication.is_public]
        name = public_name(uow.office) if published else ""
    if not published:
        raise _unknown(office)
    answer = render(
        request,
        "public/office.html",
        office=office,
        name=name,
        plans=list(open_data.latest_plans(published).values()),
        published={
            kind.value: [publication for publication in published if publication.kind is kind] for kind in PublicKind
        },
        licence=LICENCE,
        licence_address=LICENCE_ADDRESS,
    )
    return _kept(request, answer)


@router.get("/public/{office}/progress/{year}")
def progress(request: Request, office: OfficeKey, year: Year) -> Response:
    """How far each measure has come, by quarter."""
    plan, measures, day = _progress(system_of(request), office, year)
    answer = render(
        request, "public/progress.html", office=office, plan=plan, measures=measures, day=day, licence=LICENCE,
        licence_address=LICENCE_ADDRESS,
    )  # fmt: skip
    return _kept(request, answer)


@router.get("/public/{office}/progress/{year}/progress.csv")
def progress_csv(request: Request, office: OfficeKey, year: Year) -> Response:
    """The same figures for a spreadsheet."""
    _, measures, _ = _progress(system_of(request), office, year)
    return _data(request, open_data.progress_csv(measures), "text/csv; charset=utf-8", f"progress-{year}.csv")


@router.get("/public/{office}/progress/{year}/progress.json")
def progress_json(request: Request, office: OfficeKey, year: Year) -> Response:
    """The same figures for programs."""
    content = open_data.progress_json(*_progress(system_of(request), office, year))
    return _data(request, content, "application/json", f"progress-{year}.json")


@contextmanager
def _reading(system: System, office: str, key: str) -> Iterator[Desk]:
    """An office that has ever published something; any other one is not told from one that is not there."""
    with system.store.reader(office) as uow:
        if not uow.publications.all():
            raise _unknown(key)
        yield Desk.open(uow)


def _progress(system: System, office: str, year: int) -> tuple[PublicPlan, list[open_data.Progress], date]:
    now = system.clock()
    with _reading(system, office, str(year)) as desk:
        made = open_data.latest_plans(desk.uow.publications.all()).get(year)
        if made is None:
            raise _unknown(str(year))
        plan = open_data.plan_in(system.files, made)
        return plan, open_data.progress(desk, plan, now), desk.workdays.local_day(now)


@router.get("/public/{office}/{kind}/{subject}/{version}")
def document(request: Request, office: OfficeKey, kind: PublicKind, subject: Subject, version: Version) -> Response:
    """One version of a document: what it is, its SHA-256, and the file; a plan can be read here."""
    system = system_of(request)
    with _reading(system, office, subject) as desk:
        made = publication_of(desk, kind, subject, version)
        others = [
            publication
            for publication in desk.uow.publications.of(kind, subject)
            if publication.is_public and publication.version != version
        ]
        name = public_name(desk.office)
        figures = _figures(desk, made)
        former = former_hashes(desk.uow, made)
    if not made.is_public:
        return _gone(request, made)
    plan = open_data.plan_in(system.files, made) if kind is PublicKind.PLAN else None
    answer = render(
        request,
        "public/document.html",
        office=office,
        name=name,
        made=made,
        others=others,
        plan=plan,
        figures=figures,
        former=former,
        licence=LICENCE,
        licence_address=LICENCE_ADDRESS,
    )
    return _kept(request, answer)


def _figures(desk: Desk, made: Publication) -> list[tuple[int, str, int, int]]:
    """Measures of a published report with what was done of them: figures only, no person and no answer."""
    if made.kind is not PublicKind.REPORT:
        return []
    for report in desk.uow.reports.of_period(period_of_key(made.subject)):
        if file_name(report) == made.file_name:
            return [(m.number, m.title, m.totals.done, m.totals.total) for m in report.snapshot.measures]
    return []


@router.get("/public/{office}/{kind}/{subject}/{version}/file")
def file(request: Request, office: OfficeKey, kind: PublicKind, subject: Subject, version: Version) -> Response:
    """The document's own bytes, as an attachment that no browser runs."""
    system = system_of(request)
    with _reading(system, office, subject) as desk:
        made = publication_of(desk, kind, subject, version)
    if not made.is_public:
        return _gone(request, made)
    headers = {"etag": f'"{made.sha256}"', "cache-control": f"public, max-age={KEPT_S}"}
    if _is_known(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    if not system.files.path(made.sha256).exists():
        raise _unknown(made.file_name)
    ending = made.file_name[made.file_name.rfind(".") :]
    return FileResponse(
        system.files.path(made.sha256),
        media_type=_TYPES.get("" if kind is PublicKind.EVIDENCE else ending, "application/octet-stream"),
        filename=made.file_name,
        headers=headers | _SANDBOX,
    )


@router.get("/public/{office}/plan/{subject}/{version}/plan.csv")
def plan_csv(request: Request, office: OfficeKey, subject: Subject, version: Version) -> Response:
    """A published plan for a spreadsheet."""
    system = system_of(request)
    with _reading(system, office, subject) as desk:
        made = publication_of(desk, PublicKind.PLAN, subject, version)
    if not made.is_public:
        return _gone(request, made)
    content = open_data.plan_csv(open_data.plan_in(system.files, made))
    return _data(request, content, "text/csv; charset=utf-8", made.file_name.replace(".json", ".csv"))


def _unknown(key: str) -> NotFoundError:
    remedy, thai = "Nothing is public under this address.", "ไม่มีข้อมูลสาธารณะในที่อยู่นี้"
    return NotFoundError(what="page", what_thai="หน้าของ", key=key, remedy=remedy, remedy_thai=thai)


def _gone(request: Request, made: Publication) -> Response:
    """The page of a document that was taken back; its address is never used for another."""
    words = Words(language_of(request))
    sentence = words(
        "หน่วยงานถอนการเผยแพร่เอกสารนี้เมื่อ {moment} ที่อยู่นี้จะไม่ใช้กับเอกสารอื่น", moment=words.moment(made.withdrawn_at)
    )
    return page_of(request, 410, sentence, title="เอกสารนี้ถอนการเผยแพร่แล้ว")


def _is_known(request: Request, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    return etag.removeprefix("W/") in tags


def _kept(request: Request, answer: Response) -> Response:
    """The answer with what lets caches keep it for a while and ask whether it has changed."""
    etag = f'W/"{hashlib.sha256(bytes(answer.body)).hexdigest()[:32]}"'
    headers = {"etag": etag, "cache-control": f"public, max-age={KEPT_S}", "vary": "Cookie"}
    if _is_known(request, etag):
        return Response(status_code=304, headers=headers)
    answer.headers.update(headers)
    return answer


def _data(request: Request, content: bytes, kind: str, name: str) -> Response:
    """Open data: any page and program may fetch it."""
    answer = Response(content, media_type=kind, headers=_FOR_ALL | _SANDBOX)
    answer.headers["content-disposition"] = f'attachment; filename="{name}"'
    return _kept(request, answer)
