"""Repository of webhooks: leased by one worker at a time, each with the last ledger line it was told."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, delete, insert, or_, select, update

from storage.access_tables import HookRow
from storage.repository import Repository
from storage.tables import OfficeRow


class HookState(StrEnum):
    """Whether a webhook is told."""

    ON = "on"
    PAUSED = "paused"
    """By a person."""
    GIVEN_UP = "given_up"
    """After days without an answer; a person turns it on again."""


@dataclass(frozen=True, slots=True)
class Hook:
    """A program that is told of ledger lines.

    Attributes:
        seq: Number of the last line it was told or did not want.
        failed_since: First failure of those in a row; None where the last try went well.
        remark: What became of the last try.
    """

    id: str
    url: str
    events: tuple[str, ...]
    made_at: datetime
    made_by: str
    seq: int
    next_try_at: datetime
    state: HookState = HookState.ON
    attempts: int = 0
    failed_since: datetime | None = None
    last_at: datetime | None = None
    remark: str = ""


class Hooks(Repository):
    """Webhooks of one office."""

    def all(self) -> list[Hook]:
        """Every webhook, the oldest first."""
        rows = self._session.scalars(
            select(HookRow).where(HookRow.office_id == self._office_id).order_by(HookRow.made_at, HookRow.id)
        )
        return [_hook(row) for row in rows]

    def get(self, hook: str) -> Hook | None:
        """Webhook with this id."""
        row = self._session.scalar(select(HookRow).where(HookRow.office_id == self._office_id, HookRow.id == hook))
        return None if row is None else _hook(row)

    def add(self, hook: Hook) -> None:
        """Store a webhook."""
        values = asdict(hook) | {"state": hook.state.value, "events": " ".join(hook.events)}
        self._session.execute(insert(HookRow).values(office_id=self._office_id, **values))

    def change(self, hook: str, *, url: str, events: tuple[str, ...]) -> None:
        """Tell another address, or of other events, from the next line on."""
        self._set(hook, url=url, events=" ".join(events))

    def switch(self, hook: str, state: HookState, now: datetime) -> None:
        """Pause a webhook, or have it told again at `now` whatever failed before."""
        self._set(hook, state=state.value, attempts=0, failed_since=None, next_try_at=now)

    def drop(self, hook: str) -> None:
        """Remove a webhook."""
        self._session.execute(delete(HookRow).where(HookRow.office_id == self._office_id, HookRow.id == hook))

    def lease(self, owner: str, now: datetime, *, for_: timedelta) -> list[Hook]:
        """Take the webhooks that are due, behind the ledger and held by nobody, until `now` + `for_`."""
        due = (
            select(HookRow.id)
            .where(HookRow.office_id == self._office_id, *_is_due(now))
            .where(or_(HookRow.lease_until.is_(None), HookRow.lease_until <= now))
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        taken = self._session.scalars(
            update(HookRow)
            .where(HookRow.office_id == self._office_id, HookRow.id.in_(select(due.c.id)))
            .values(lease_owner=owner, lease_until=now + for_)
            .returning(HookRow)
            .execution_options(populate_existing=True)
        ).all()
        return sorted((_hook(row) for row in taken), key=lambda hook: (hook.made_at, hook.id))

    def settle(self, hook: Hook, owner: str, *, is_over: bool) -> bool:
        """Record how far a leased webhook was told; False, and nothing changes, if it is no longer `owner`'s.

        What a person changed meanwhile stays: only giving up touches the state, and only of one that is on.

        Args:
            is_over: Whether the lease is given back.
        """
        values: dict[str, object] = {
            "seq": hook.seq,
            "attempts": hook.attempts,
            "failed_since": hook.failed_since,
            "next_try_at": hook.next_try_at,
            "last_at": hook.last_at,
            "remark": hook.remark,
        }
        held = self._session.scalar(
            update(HookRow)
            .where(HookRow.office_id == self._office_id, HookRow.id == hook.id, HookRow.lease_owner == owner)
            .values(values | ({"lease_owner": None, "lease_until": None} if is_over else {}))
            .returning(HookRow.id)
        )
        if held is not None and hook.state is HookState.GIVEN_UP:
            self._session.execute(
                update(HookRow)
                .where(HookRow.office_id == self._office_id, HookRow.id == hook.id)
                .where(HookRow.state == HookState.ON.value)
                .values(state=hook.state.value)
            )
        return held is not None

    def _set(self, hook: str, **values: object) -> None:
        self._session.execute(
            update(HookRow).where(HookRow.office_id == self._office_id, HookRow.id == hook).values(values)
        )


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Conditions on a webhook joined with nothing: on, not waiting, and behind its office's ledger."""
    last = select(OfficeRow.ledger_seq).where(OfficeRow.office_id == HookRow.office_id).scalar_subquery()
    return HookRow.state == HookState.ON.value, HookRow.next_try_at <= now, HookRow.seq < last


def offices_behind(now: datetime) -> Select[tuple[str]]:
    """Query for the offices with a webhook that is due."""
    return select(HookRow.office_id).where(*_is_due(now)).distinct()


def _hook(row: HookRow) -> Hook:
    return Hook(
        id=row.id,
        url=row.url,
        events=tuple(row.events.split()),
        made_at=row.made_at,
        made_by=row.made_by,
        seq=row.seq,
        next_try_at=row.next_try_at,
        state=HookState(row.state),
        attempts=row.attempts,
        failed_since=row.failed_since,
        last_at=row.last_at,
        remark=row.remark,
    )
