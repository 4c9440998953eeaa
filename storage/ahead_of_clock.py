"""Rows that a clock which ran ahead has put off: tokens by instants that have not come yet, and brought back to now."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, delete, literal, or_, select, update

from domain.outbox import LetterState
from storage.access_tables import HookRow, OneTimeLinkRow, SessionRow, SignInTryRow, TokenRow
from storage.outbox_tables import LetterRow, NoticeRow
from storage.repository import Repository
from storage.tables import Base
from storage.types import UtcDateTime
from storage.work_tables import ReportDraftRow


@dataclass(frozen=True, slots=True)
class Waits:
    """The longest time for which each thing may honestly stand in the future."""

    slack: timedelta
    letter: timedelta
    hook: timedelta
    lease: timedelta
    session: timedelta
    lock: timedelta


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """How many rows were brought back."""

    letters: int = 0
    leases: int = 0
    webhooks: int = 0
    notices: int = 0
    drafts: int = 0
    sessions: int = 0
    links: int = 0
    tokens: int = 0
    tries: int = 0

    @property
    def is_any(self) -> bool:
        """Tell whether there was one."""
        return any(getattr(self, count.name) for count in fields(self))


class AheadOfClock(Repository):
    """What of an office waits for a time that a wrong clock has named."""

    def bring_back(self, now: datetime, waits: Waits) -> BroughtBack:
        """Let nothing wait for longer than it would at a clock that was always right; again, nothing changes."""
        edge = now + waits.slack
        return BroughtBack(
            letters=self._letters(now, edge, waits),
            leases=self._leases(LetterRow, now, waits) + self._leases(HookRow, now, waits),
            webhooks=self._webhooks(now, edge, waits),
            notices=self._set(NoticeRow, NoticeRow.composed_at.is_(None), NoticeRow.created_at > edge, created_at=now),
            drafts=self._set(ReportDraftRow, ReportDraftRow.saved_at > edge, saved_at=now),
            sessions=self._sessions(now, edge, waits),
            links=self._links(edge),
            tokens=self._tokens(now, edge),
            tries=self._tries(now, edge, waits),
        )

    def _letters(self, now: datetime, edge: datetime, waits: Waits) -> int:
        is_late = or_(
            LetterRow.created_at > edge, LetterRow.first_tried_at > edge, LetterRow.next_try_at > now + waits.letter
        )
        return self._set(
            LetterRow,
            LetterRow.state == LetterState.WAITING.value,
            is_late,
            next_try_at=_at_most(LetterRow.next_try_at, now),
            created_at=_at_most(LetterRow.created_at, now),
            first_tried_at=_at_most(LetterRow.first_tried_at, now),
        )

    def _webhooks(self, now: datetime, edge: datetime, waits: Waits) -> int:
        is_late = or_(HookRow.failed_since > edge, HookRow.last_at > edge, HookRow.next_try_at > now + waits.hook)
        return self._set(
            HookRow,
            is_late,
            next_try_at=_at_most(HookRow.next_try_at, now),
            failed_since=_at_most(HookRow.failed_since, now),
            last_at=_at_most(HookRow.last_at, now),
        )

    def _leases(self, table: type[LetterRow | HookRow], now: datetime, waits: Waits) -> int:
        # A lease that a worker took at a right clock is left alone: the letter would be sent by two.
        return self._set(table, table.lease_until > now + waits.lease, lease_owner=None, lease_until=None)

    def _sessions(self, now: datetime, edge: datetime, waits: Waits) -> int:
        return self._set(
            SessionRow,
            or_(SessionRow.created_at > edge, SessionRow.seen_at > edge),
            created_at=_at_most(SessionRow.created_at, now),
            seen_at=_at_most(SessionRow.seen_at, now),
            expires_at=_at_most(SessionRow.expires_at, now + waits.session),
        )

    def _links(self, edge: datetime) -> int:
        """Links work for minutes; one of next year would work until then, and count among those of today."""
        gone = delete(OneTimeLinkRow).where(
            OneTimeLinkRow.office_id == self._office_id, OneTimeLinkRow.created_at > edge
        )
        return self._count(gone.returning(OneTimeLinkRow.token_hash))

    def _tokens(self, now: datetime, edge: datetime) -> int:
        mine = TokenRow.office_id == self._office_id
        tokens = self._session.scalars(select(TokenRow).where(mine, TokenRow.made_at > edge)).all()
        for token in tokens:  # each lasts as long as its owner wished, from now on
            token.made_at, token.expires_at = now, now + (token.expires_at - token.made_at)
        self._session.flush()
        self._set(TokenRow, TokenRow.seen_at > edge, seen_at=now)
        return len(tokens)

    def _tries(self, now: datetime, edge: datetime, waits: Waits) -> int:
        """Of the whole installation: a try tells of no office, and none can be of a time to come."""
        is_late = or_(SignInTryRow.last_at > edge, SignInTryRow.locked_until > now + waits.lock)
        return self._count(delete(SignInTryRow).where(is_late).returning(SignInTryRow.email_hash))

    def _set(self, table: type[Base], *conditions: ColumnElement[bool], **values: Any) -> int:
        columns = table.__table__.c
        statement = update(table).where(columns.office_id == self._office_id, *conditions).values(values)
        return self._count(statement.returning(columns.office_id))

    def _count(self, statement: Any) -> int:
        return len(self._session.execute(statement, execution_options={"synchronize_session": False}).all())


def _at_most(column: Any, latest: datetime) -> ColumnElement[datetime]:
    """The column's instant, or `latest` where it is later; null stays null."""
    limit = literal(latest, UtcDateTime())
    return case((column > limit, limit), else_=column)
