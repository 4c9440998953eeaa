"""The unit of work: one office, one transaction; leaving it without a commit rolls back."""

from __future__ import annotations

from types import TracebackType
from typing import Final, Self

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from domain.errors import NotFoundError, SucharitError
from domain.office import Office
from storage.accounts import Accounts
from storage.ahead_of_clock import AheadOfClock
from storage.assignments import Assignments
from storage.drafts import PlanDrafts, PlanTrials
from storage.engine import reading
from storage.errors import AlreadyThereError, DatabaseDownError
from storage.feeds import Feeds
from storage.hooks import Hooks
from storage.letters import Letters
from storage.lists import Lists
from storage.named_files import NamedFiles
from storage.notices import Notices
from storage.offices import Holidays, Offices, PeopleRepository, Plans
from storage.publications import Publications
from storage.records import Evidence, Ledger, Reports
from storage.report_drafts import ReportDrafts
from storage.surroundings import Surroundings, surroundings
from storage.tallies import Tallies
from storage.tokens import Tokens
from storage.wordings import Wordings


class UnitOfWork:
    """Repositories of one office inside one transaction. Only doors call `commit`."""

    def __init__(self, engine: Engine, office_id: str, *, reads_only: bool = False) -> None:
        """Prepare a transaction for one office; it begins with the `with` block."""
        self._engine = reading(engine) if reads_only else engine
        self.office_id = office_id

    def __enter__(self) -> Self:
        """Begin.

        Raises:
            DatabaseDownError: The database cannot be reached.
        """
        self._session = Session(self._engine, expire_on_commit=False)
        try:
            self._session.connection()
        except DBAPIError as error:
            self._session.close()
            raise in_words(error, self._engine) from error
        self._bind()
        return self

    def _bind(self) -> None:
        self.offices = Offices(self._session, self.office_id)
        self.people = PeopleRepository(self._session, self.office_id)
        self.holidays = Holidays(self._session, self.office_id)
        self.plans = Plans(self._session, self.office_id)
        self.plan_drafts = PlanDrafts(self._session, self.office_id)
        self.plan_trials = PlanTrials(self._session, self.office_id)
        self.assignments = Assignments(self._session, self.office_id)
        self.lists = Lists(self._session, self.office_id)
        self.report_drafts = ReportDrafts(self._session, self.office_id)
        self.evidence = Evidence(self._session, self.office_id)
        self.notices = Notices(self._session, self.office_id)
        self.letters = Letters(self._session, self.office_id)
        self.reports = Reports(self._session, self.office_id)
        self.publications = Publications(self._session, self.office_id)
        self.tallies = Tallies(self._session, self.office_id)
        self.ledger = Ledger(self._session, self.office_id)

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Roll back whatever was not committed, and put a database's refusal into words."""
        try:
            self._session.rollback()
        except DBAPIError:
            self._session.invalidate()
        finally:
            self._session.close()
        if isinstance(error, OperationalError):
            raise in_words(error, self._engine) from error
        if isinstance(error, IntegrityError) and "unique" in str(error.orig).lower():
            raise _already_there() from error

    def commit(self) -> None:
        """Store notices, chain the ledger's new lines and make everything of this unit permanent, or nothing of it."""
        self.notices.write()
        self.ledger.write()  # last, for from here on other writers of the office queue
        self._session.commit()

    @property
    def accounts(self) -> Accounts:
        """Who of the office may sign in, and who is signed in."""
        return Accounts(self._session, self.office_id)

    @property
    def ahead_of_clock(self) -> AheadOfClock:
        """What waits for a time that a wrong clock has named."""
        return AheadOfClock(self._session, self.office_id)

    @property
    def tokens(self) -> Tokens:
        """Programs that may act for the office's people."""
        return Tokens(self._session, self.office_id)

    @property
    def hooks(self) -> Hooks:
        """Programs that are told what happens."""
        return Hooks(self._session, self.office_id)

    @property
    def feeds(self) -> Feeds:
        """Addresses of the office's calendars."""
        return Feeds(self._session, self.office_id)

    @property
    def named_files(self) -> NamedFiles:
        """Files whose bytes lie in the file store."""
        return NamedFiles(self._session, self.office_id)

    @property
    def wordings(self) -> Wordings:
        """The office's own words in its letters."""
        return Wordings(self._session, self.office_id)

    @property
    def office(self) -> Office:
        """The office.

        Raises:
            NotFoundError: It was never created.
        """
        return self._there(self.offices.get())

    def surroundings(self) -> tuple[Office, Surroundings]:
        """The office with its people and holidays, in one reading.

        Raises:
            NotFoundError: It was never created.
        """
        around = surroundings(self._session, self.office_id)
        return self._there(around.office), around

    def _there(self, office: Office | None) -> Office:
        if office is None:
            raise NotFoundError(
                what="office",
                what_thai="หน่วยงาน",
                key=self.office_id,
                remedy="`sucharit office list` shows those there are.",
                remedy_thai="`sucharit office list` แสดงหน่วยงานที่มี",
            )
        return office


def _already_there() -> AlreadyThereError:
    return AlreadyThereError(
        what="The same entry",
        what_thai="รายการเดียวกัน",
        remedy="Somebody stored it meanwhile: look again before you repeat.",
        remedy_thai="มีผู้อื่นบันทึกไปแล้ว โปรดเปิดดูใหม่ก่อนทำรายการซ้ำ",
    )


_REMEDIES: Final = {
    "full": ("Free some space on its disk.", "โปรดเพิ่มพื้นที่ว่างในดิสก์"),
    "disk I/O error": ("See that its disk has space and works.", "โปรดตรวจว่าดิสก์มีพื้นที่และใช้งานได้"),
    "not a database": (
        "Another file has its name: move that one away, or restore a copy of the database.",
        "มีไฟล์อื่นใช้ชื่อนี้ โปรดย้ายไฟล์นั้นออก หรือกู้สำเนาของฐานข้อมูล",
    ),
    "malformed": ("Restore the last copy of the database.", "โปรดกู้สำเนาล่าสุดของฐานข้อมูล"),
}
_REMEDY: Final = ("See that it runs and that its folder can be written.", "โปรดตรวจว่าฐานข้อมูลทำงานและเขียนโฟลเดอร์ได้")


def in_words(error: DBAPIError, engine: Engine) -> SucharitError:
    """Sentence for what the database refused."""
    why = str(error.orig or error).strip().splitlines()[0]
    remedies = (remedy for sign, remedy in _REMEDIES.items() if sign in why)
    english, thai = next(remedies, _REMEDY)
    return DatabaseDownError(where=engine.url.render_as_string(), why=why, remedy=english, remedy_thai=thai)
