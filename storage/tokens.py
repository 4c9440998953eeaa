"""Repository of tokens: programs that may act for a person."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from storage.access_tables import AccountRow, TokenRow
from storage.accounts import Connect
from storage.repository import Repository
from storage.tables import PersonRow


@dataclass(frozen=True, slots=True)
class Token:
    """A token as stored: `id` is the SHA-256 of what its owner keeps."""

    office: str
    id: str
    person: str
    name: str
    scopes: tuple[str, ...]
    made_at: datetime
    expires_at: datetime
    seen_at: datetime | None = None
    revoked_at: datetime | None = None

    def works(self, now: datetime) -> bool:
        """Tell whether it opens anything at `now`."""
        return self.revoked_at is None and self.expires_at > now


class Tokens(Repository):
    """Tokens of one office."""

    def all(self, person: str | None = None) -> list[Token]:
        """Every token (of one person, if named), the newest first, whether it still works or not."""
        conditions = [TokenRow.office_id == self._office_id]
        conditions += [] if person is None else [TokenRow.person == person]
        rows = self._session.scalars(
            select(TokenRow).where(*conditions).order_by(TokenRow.made_at.desc(), TokenRow.token_hash)
        )
        return [_token(row) for row in rows]

    def add(self, token: Token) -> None:
        """Store a token.

        Raises:
            ValueError: It is another office's.
        """
        values = asdict(token)
        if values.pop("office") != self._office_id:
            raise ValueError(f"“{token.office}” in a unit of work of “{self._office_id}”")
        values |= {"office_id": self._office_id, "token_hash": values.pop("id"), "scopes": " ".join(token.scopes)}
        self._session.execute(insert(TokenRow).values(values))

    def touch(self, token: str, now: datetime) -> None:
        """Note that a token was used."""
        self._session.execute(
            update(TokenRow)
            .where(TokenRow.office_id == self._office_id, TokenRow.token_hash == token)
            .values(seen_at=now)
        )

    def revoke(self, token: str, now: datetime) -> bool:
        """Let a token open nothing any more; False where there is none that still might."""
        gone = self._session.scalar(
            update(TokenRow)
            .where(TokenRow.office_id == self._office_id, TokenRow.token_hash == token, TokenRow.revoked_at.is_(None))
            .values(revoked_at=now)
            .returning(TokenRow.token_hash)
        )
        return gone is not None

    def revoke_all(self, person: str, now: datetime) -> None:
        """Let no token of a person open anything any more."""
        self._session.execute(
            update(TokenRow)
            .where(TokenRow.office_id == self._office_id, TokenRow.person == person, TokenRow.revoked_at.is_(None))
            .values(revoked_at=now)
        )


def _token(row: TokenRow) -> Token:
    return Token(
        row.office_id,
        row.token_hash,
        row.person,
        row.name,
        tuple(row.scopes.split()),
        row.made_at,
        row.expires_at,
        row.seen_at,
        row.revoked_at,
    )


def token_anywhere(connect: Connect, token: str) -> Token | None:
    """Token with this id, of whatever office, whose person is still there and may sign in."""
    has_account = (AccountRow.office_id == TokenRow.office_id) & (AccountRow.person == TokenRow.person)
    is_there = (PersonRow.office_id == TokenRow.office_id) & (PersonRow.key == TokenRow.person)
    query = select(TokenRow).join(AccountRow, has_account).join(PersonRow, is_there)
    with connect(reads_only=True) as connection, Session(connection) as session:
        row = session.scalar(query.where(TokenRow.token_hash == token, ~AccountRow.is_disabled))
        return None if row is None else _token(row)
