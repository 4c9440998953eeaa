"""Makes anew what was published before copies were cleaned, at its own address (docs/decisions/0020)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from domain.errors import NotFoundError, SucharitError
from domain.ledger import Entry
from domain.publication import CLEAN, Publication, PublicKind
from domain.report_period import period_of_key
from services import clock
from services.desk import Desk
from services.record import CLOCK
from services.reporting.public_copy import NotCleanableError
from services.reporting.publish import document_for_all, evidence_for_all, subject_of, withdraw
from services.reporting.quarter_report import file_name
from services.wiring import System
from storage.errors import DatabaseDownError
from storage.unit_of_work import UnitOfWork

CLEANED = "publication.cleaned"
_CLEANABLE = frozenset({PublicKind.REPORT, PublicKind.EVIDENCE})


def clean_published(running: System) -> Iterator[str]:
    """Put a cleaned copy in the place of every public document that has none yet; say what was done.

    Each document is a transaction of its own: it may be killed at any point and run again. What cannot be cleaned is
    taken back, for the place of somebody's house must not stay public because an address was promised. One office's
    fault, a clock that does not fit its ledger too, is said and stops no other.

    Raises:
        DatabaseDownError: The database cannot be used; the next start goes on from here.
    """
    for office in running.store.offices():
        try:
            yield from _clean_office(running, office.key, running.clock())
        except DatabaseDownError:
            raise
        except (SucharitError, OSError) as error:
            yield f"{office.key}: what is public could not be looked through for names and places: {error}"


def _clean_office(running: System, office: str, now: datetime) -> Iterator[str]:
    with running.store.reader(office) as uow:
        waiting = [made for made in uow.publications.all() if is_unclean(uow, made)]
        if waiting:
            clock.check(uow, now)
    for made in waiting:
        yield _clean(running, office, made, now)


def is_unclean(uow: UnitOfWork, made: Publication) -> bool:
    """Tell whether a document is public in bytes that nobody cleaned."""
    if made.kind not in _CLEANABLE or not made.is_public:
        return False
    return all(line.entry.data.get("clean", 0) != CLEAN for line in uow.ledger.lines(made.key))


def former_hashes(uow: UnitOfWork, made: Publication) -> list[tuple[datetime, str]]:
    """When a document's bytes were replaced by cleaned ones, and the SHA-256 that it had until then."""
    lines = (line.entry for line in uow.ledger.lines(made.key) if line.entry.kind == CLEANED)
    return [(line.at, str(line.data["before"])) for line in lines if line.data["before"] != made.sha256]


def _clean(running: System, office: str, made: Publication, now: datetime) -> str:
    try:
        copy = _copy(running, office, made)
    except (NotCleanableError, NotFoundError):
        copy = None
    with running.store.unit_of_work(office) as uow:
        if copy is None:
            withdraw(Desk.open(uow), made, by=CLOCK, now=now)
            sentence = f"{office}: {made.key} cannot be cleaned of names and places and was taken back"
        else:
            # The bytes first: a publication that names a file which is not there would be a dead address.
            running.files.put(copy, what="The public copy", what_thai="สำเนาที่เผยแพร่")
            _put(uow, made, copy, now)
            sentence = f"{office}: {made.key} is published without names of files, places and devices now"
        uow.commit()
    return sentence


def _put(uow: UnitOfWork, made: Publication, copy: bytes, now: datetime) -> None:
    after = replace(made, sha256=hashlib.sha256(copy).hexdigest(), size_bytes=len(copy))
    if uow.publications.put_copy(made, after):
        facts = {"before": made.sha256, "sha256": after.sha256, "clean": CLEAN}
        uow.ledger.note(Entry(now, CLEANED, CLOCK, made.key, facts))


def _copy(running: System, office: str, made: Publication) -> bytes | None:
    """The cleaned bytes; None where what they are made from is not there."""
    with running.store.reader(office) as uow:
        if made.kind is PublicKind.REPORT:
            reports = uow.reports.of_period(period_of_key(made.subject))
            report = next((each for each in reports if file_name(each) == made.file_name), None)
            return document_for_all(report) if report else None
        assignment = made.subject.rpartition("-")[0]
        lines = uow.evidence.of(assignment)
        line = next((each for each in lines if subject_of(assignment, each.sha256) == made.subject), None)
    return evidence_for_all(running.files, line) if line else None
