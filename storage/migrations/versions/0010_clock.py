"""The last instant that is vouched for, beside the ledger's head; from which line on instants stand in order."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None

_LONGEST_PAUSE = timedelta(days=31)
_WORDS = ("clock.confirmed", "demo.made")
_OFFICE = sa.table(
    "office",
    sa.column("office_id", sa.String()),
    sa.column("ledger_seq", sa.Integer()),
    sa.column("vouched_at", UtcDateTime()),
    sa.column("ledger_timed_after", sa.Integer()),
)
_LEDGER = sa.table(
    "ledger",
    sa.column("office_id", sa.String()),
    sa.column("seq", sa.Integer()),
    sa.column("at", UtcDateTime()),
    sa.column("kind", sa.String()),
    sa.column("actor", sa.String()),
)


def upgrade() -> None:
    op.add_column(
        "office",
        sa.Column(
            "vouched_at",
            UtcDateTime(),
            nullable=True,
            comment="last instant that clockwork or administrator vouch for",
        ),
    )
    op.add_column(
        "office",
        sa.Column(
            "ledger_timed_after",
            sa.Integer(),
            nullable=False,
            server_default="0",
            comment="lines up to this one were written when nobody checked their instants",
        ),
    )
    # What is stored stays as it is: in lines of before, a clock that had been set back may show.
    op.execute(sa.update(_OFFICE).values(ledger_timed_after=_OFFICE.c.ledger_seq))
    connection = op.get_bind()
    for office in list(connection.scalars(sa.select(_OFFICE.c.office_id))):
        connection.execute(
            sa.update(_OFFICE).where(_OFFICE.c.office_id == office).values(vouched_at=_vouched(connection, office))
        )


def _vouched(connection: sa.Connection, office: str) -> datetime | None:
    """Last vouched instant, line by line as it would have been kept: a clockwork that jumped vouches for nothing."""
    known: datetime | None = None
    lines = (
        sa.select(_LEDGER.c.at, _LEDGER.c.kind)
        .where(_LEDGER.c.office_id == office)
        .where((_LEDGER.c.actor == "clock") | _LEDGER.c.kind.in_(_WORDS) | (_LEDGER.c.seq == 1))
        .order_by(_LEDGER.c.seq)
    )
    for at, kind in connection.execute(lines):
        if known is None or kind in _WORDS or at - known <= _LONGEST_PAUSE:
            known = at if known is None else max(known, at)
    return known


def downgrade() -> None:
    op.drop_column("office", "ledger_timed_after")
    op.drop_column("office", "vouched_at")
