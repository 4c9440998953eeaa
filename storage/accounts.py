"""Who may sign in, who is signed in, and the links that sign in once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session as DatabaseSession

from storage.access_tables import AccountRow, OneTimeLinkRow, SessionRow, SignInTryRow
from storage.engine import insert_or_ignore
from storage.repository import Repository
from storage.tables import PersonRow

KEPT_TRIES: Final = timedelta(days=1)
"""Failed tries under an address are forgotten when nobody has tried for so long."""

KEPT_LINKS: Final = timedelta(days=1)
"""An expired link is kept for so long, that it can still be said why it does not work."""


class LinkPurpose(StrEnum):
    """What a link that signs in once was made for."""

    SIGN_IN = "sign_in"
    FIRST_ADMINISTRATOR = "first_administrator"
    SET_PASSWORD = "set_password"  # noqa: S105 -- a purpose, not a password


@dataclass(frozen=True, slots=True)
class Account:
    """A person of an office who may sign in; `password_hash` is None until one is set."""

    office: str
    person: str
    email: str
    made_at: datetime
    password_hash: str | None = field(default=None, repr=False)
    is_disabled: bool = False
    language: str = "th"


@dataclass(frozen=True, slots=True)
class SignedInAt:
    """A session as stored: `id` is the SHA-256 of its token."""

    office: str
    id: str
    person: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    agent: str = ""


@dataclass(frozen=True, slots=True)
class OneTimeLink:
    """A link as stored: `id` is the SHA-256 of its token."""

    office: str
    id: str
    purpose: LinkPurpose
    person: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class Accounts(Repository):
    """Accounts of one office, their sessions and links."""

    def all(self) -> list[Account]:
        """Every account by person."""
        rows = self._session.scalars(
            select(AccountRow).where(AccountRow.office_id == self._office_id).order_by(AccountRow.person)
        )
        return [_account(row) for row in rows]

    def get(self, person: str) -> Account | None:
        """Account of a person, disabled or not."""
        row = self._session.scalar(
            select(AccountRow).where(AccountRow.office_id == self._office_id, AccountRow.person == person)
        )
        return None if row is None else _account(row)

    def add(self, account: Account) -> bool:
        """Store a new account; False where the person has one or the address is another account's, of any office."""
        added = insert_or_ignore(self._session, AccountRow).values(self._columns(account)).returning(AccountRow.person)
        return self._session.scalar(added) is not None

    def is_free(self, email: str, person: str) -> bool:
        """Tell whether no account, of any office, but this person's has an address."""
        is_own = (AccountRow.office_id == self._office_id) & (AccountRow.person == person)
        return self._session.scalar(select(AccountRow.person).where(AccountRow.email == email, ~is_own)) is None

    def save(self, account: Account) -> None:
        """Change an account."""
        values = self._columns(account)
        self._session.execute(
            update(AccountRow)
            .where(AccountRow.office_id == self._office_id, AccountRow.person == account.person)
            .values(values)
        )

    def add_session(self, session: SignedInAt) -> None:
        """Store that somebody is signed in."""
        self._session.execute(insert(SessionRow).values(self._tokens(session)))

    def sessions(self, person: str, now: datetime) -> list[SignedInAt]:
        """Sessions of a person that have not ended at `now`, the newest first."""
        rows = self._session.scalars(
            select(SessionRow)
            .where(SessionRow.office_id == self._office_id, SessionRow.person == person, SessionRow.expires_at > now)
            .order_by(SessionRow.created_at.desc(), SessionRow.token_hash)
        )
        return [_session(row) for row in rows]

    def touch(self, session: str, *, seen_at: datetime, expires_at: datetime) -> None:
        """Note that a session was seen; an earlier instant changes nothing."""
        self._session.execute(
            update(SessionRow)
            .where(SessionRow.office_id == self._office_id, SessionRow.token_hash == session)
            .where(SessionRow.seen_at < seen_at)
            .values(seen_at=seen_at, expires_at=expires_at)
        )

    def end_session(self, session: str, person: str) -> bool:
        """End one session of a person; False where there is none."""
        gone = self._session.scalar(
            delete(SessionRow)
            .where(SessionRow.office_id == self._office_id, SessionRow.token_hash == session)
            .where(SessionRow.person == person)
            .returning(SessionRow.token_hash)
        )
        return gone is not None

    def end_sessions(self, person: str, *, keep: str = "") -> None:
        """End every session of a person but the one to keep."""
        self._session.execute(
            delete(SessionRow)
            .where(SessionRow.office_id == self._office_id, SessionRow.person == person)
            .where(SessionRow.token_hash != keep)
        )

    def add_link(self, link: OneTimeLink) -> None:
        """Store a link."""
        self._session.execute(insert(OneTimeLinkRow).values(self._tokens(link)))

    def links_since(self, person: str, purpose: LinkPurpose, since: datetime) -> int:
        """Number of links made for a person after `since`."""
        count = self._session.scalar(
            select(func.count())
            .select_from(OneTimeLinkRow)
            .where(OneTimeLinkRow.office_id == self._office_id, OneTimeLinkRow.person == person)
            .where(OneTimeLinkRow.purpose == purpose.value, OneTimeLinkRow.created_at > since)
        )
        return count or 0

    def spend_link(self, link: str, now: datetime) -> bool:
        """Use a link up; False where it was used, is expired at `now`, or is not there."""
        spent = self._session.scalar(
            update(OneTimeLinkRow)
            .where(OneTimeLinkRow.office_id == self._office_id, OneTimeLinkRow.token_hash == link)
            .where(OneTimeLinkRow.used_at.is_(None), OneTimeLinkRow.expires_at > now)
            .values(used_at=now)
            .returning(OneTimeLinkRow.token_hash)
        )
        return spent is not None

    def was_link_used(self, person: str, used_at: datetime) -> bool:
        """Tell whether a person used a link at an instant."""
        link = self._session.scalar(
            select(OneTimeLinkRow.token_hash)
            .where(OneTimeLinkRow.office_id == self._office_id, OneTimeLinkRow.person == person)
            .where(OneTimeLinkRow.used_at == used_at)
            .limit(1)
        )
        return link is not None

    def expire_links(self, person: str, now: datetime) -> None:
        """Let no unused link of a person work from `now` on."""
        self._session.execute(
            update(OneTimeLinkRow)
            .where(OneTimeLinkRow.office_id == self._office_id, OneTimeLinkRow.person == person)
            .where(OneTimeLinkRow.used_at.is_(None), OneTimeLinkRow.expires_at > now)
            .values(expires_at=now)
        )

    def forget_expired(self, now: datetime) -> None:
        """Remove sessions that have ended, and links that nobody will ask about any more."""
        self._session.execute(
            delete(SessionRow).where(SessionRow.office_id == self._office_id, SessionRow.expires_at <= now)
        )
        self._session.execute(
            delete(OneTimeLinkRow)
            .where(OneTimeLinkRow.office_id == self._office_id)
            .where(OneTimeLinkRow.expires_at <= now - KEPT_LINKS)
        )

    def _columns(self, account: Account) -> dict[str, object]:
        return self._checked(asdict(account))

    def _tokens(self, stored: SignedInAt | OneTimeLink) -> dict[str, object]:
        values = self._checked(asdict(stored))
        values["token_hash"] = values.pop("id")
        return values

    def _checked(self, values: dict[str, object]) -> dict[str, object]:
        office = values.pop("office")
        if office != self._office_id:
            raise ValueError(f"“{office}” in a unit of work of “{self._office_id}”")
        return {**values, "office_id": office}


def _account(row: AccountRow) -> Account:
    return Account(row.office_id, row.person, row.email, row.made_at, row.password_hash, row.is_disabled, row.language)


def _session(row: SessionRow) -> SignedInAt:
    return SignedInAt(row.office_id, row.token_hash, row.person, row.created_at, row.seen_at, row.expires_at, row.agent)


def _link(row: OneTimeLinkRow) -> OneTimeLink:
    purpose = LinkPurpose(row.purpose)
    return OneTimeLink(row.office_id, row.token_hash, purpose, row.person, row.created_at, row.expires_at, row.used_at)


Owned = TypeVar("Owned", SessionRow, OneTimeLinkRow)
Row = TypeVar("Row", AccountRow, SessionRow, OneTimeLinkRow)


class Connect(Protocol):
    """Opens a connection to the database."""

    def __call__(self, *, reads_only: bool = False) -> AbstractContextManager[Connection]:
        """A connection for the block."""


class Entrance:
    """Looks up addresses and tokens over all offices: whoever stands at the door has not said where they belong."""

    def __init__(self, connect: Connect) -> None:
        """Take the store's way to open a connection."""
        self._connect = connect

    def account(self, email: str) -> Account | None:
        """Account with this lower-cased address whose person is still in the office, disabled or not."""
        is_theirs = (PersonRow.office_id == AccountRow.office_id) & (PersonRow.key == AccountRow.person)
        row = self._one(select(AccountRow).join(PersonRow, is_theirs).where(AccountRow.email == email))
        return None if row is None else _account(row)

    def session(self, session: str) -> SignedInAt | None:
        """Session with this id, ended or not, of a person who may still sign in."""
        row = self._one(_SESSION, wanted=session)
        return None if row is None else _session(row)

    def link(self, link: str) -> OneTimeLink | None:
        """Link with this id, used or expired or not, of a person who may still sign in."""
        row = self._one(_allowed(OneTimeLinkRow).where(OneTimeLinkRow.token_hash == link))
        return None if row is None else _link(row)

    def _one(self, query: Select[tuple[Row]], **wanted: str) -> Row | None:
        with self._connect(reads_only=True) as connection, DatabaseSession(connection) as session:
            return session.scalar(query, wanted)

    def count_try(self, email_hash: str, now: datetime, wait: Callable[[int], timedelta]) -> datetime | None:
        """Count a try to sign in before it is judged, so that many at once are as many failures as one by one.

        Args:
            wait: For how long a number of failures locks the address.

        Returns:
            Instant until which the address is locked, in which case the try is not counted; None if it may go on.
        """
        with self._connect() as connection, DatabaseSession(connection) as session:
            first = {"email_hash": email_hash, "failed": 0, "last_at": now}
            session.execute(insert_or_ignore(session, SignInTryRow).values(first))
            row = session.scalars(
                select(SignInTryRow).where(SignInTryRow.email_hash == email_hash).with_for_update()
            ).one()
            if row.locked_until is not None and row.locked_until > now:
                return row.locked_until
            row.failed, row.last_at = row.failed + 1, now
            row.locked_until = now + wait(row.failed)
            session.commit()
            return None

    def forget_tries(self, email_hash: str, now: datetime) -> None:
        """Forget the failures of an address, after somebody showed that it is theirs, and those of long ago."""
        old = select(SignInTryRow.email_hash).where(
            (SignInTryRow.email_hash == email_hash) | (SignInTryRow.last_at <= now - KEPT_TRIES)
        )
        with self._connect() as connection, DatabaseSession(connection) as session:
            # Skipping what somebody else holds: two that tidy up at once must not wait for each other in a circle.
            session.execute(
                delete(SignInTryRow)
                .where(SignInTryRow.email_hash.in_(old.with_for_update(skip_locked=True)))
                .execution_options(synchronize_session=False)
            )
            session.commit()


def _allowed(table: type[Owned]) -> Select[tuple[Owned]]:
    """Rows of persons who are still in the office and whose account is not disabled."""
    is_theirs = (AccountRow.office_id == table.office_id) & (AccountRow.person == table.person)
    is_there = (PersonRow.office_id == table.office_id) & (PersonRow.key == table.person)
    return select(table).join(AccountRow, is_theirs).join(PersonRow, is_there).where(~AccountRow.is_disabled)


_SESSION: Final = _allowed(SessionRow).where(SessionRow.token_hash == bindparam("wanted"))  # asked for every page
