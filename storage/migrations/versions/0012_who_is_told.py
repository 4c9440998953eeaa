"""What the ladders remember: what was said of a deadline, what waits for a decision, why something is due."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_TEXTS = ("grounds", "waiting", "told", "acknowledgments")
_ASSIGNMENT = sa.table(
    "assignment",
    *(sa.column(name) for name in ("office_id", "id", "state", "rung", "ladder", "handed_in_by", "acknowledged_by")),
    *(sa.column(name) for name in ("extension", *_TEXTS)),
    sa.column("handed_in_at", UtcDateTime()),
    sa.column("opened_at", UtcDateTime()),
    sa.column("acknowledged_until", sa.Date()),
)
_OFFICE = sa.table("office", sa.column("office_id"), sa.column("settings"), sa.column("summary_left_on", sa.Date()))


def upgrade() -> None:
    for name, comment in (
        ("grounds", "Grounds as JSON: why it is due when it is"),
        ("waiting", "Wait as JSON"),
        ("told", "Told as JSON: what the ladder said of this deadline"),
        ("acknowledgments", "Acknowledgments of this deadline as JSON"),
    ):
        op.add_column("assignment", sa.Column(name, sa.Text(), nullable=True, comment=comment))
    op.add_column("assignment", sa.Column("withdrawals", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("assignment", sa.Column("returned_reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("assignment", sa.Column("ladder_from", UtcDateTime(), nullable=True))
    op.add_column(
        "division",
        sa.Column("founded_on", sa.Date(), nullable=True, comment="null where it was there from the beginning"),
    )
    op.add_column(
        "office",
        sa.Column("summary_left_on", sa.Date(), nullable=True, comment="local date of the last weekly summary"),
    )
    op.add_column(
        "office",
        sa.Column("seats", sa.Text(), nullable=True, comment="who had which post when it was last looked, as JSON"),
    )
    with op.batch_alter_table("notice") as notice:
        notice.alter_column(
            "key", existing_type=sa.String(length=200), type_=sa.String(length=400), existing_nullable=False
        )
        notice.add_column(
            sa.Column(
                "person",
                sa.String(length=120),
                nullable=False,
                server_default="",
                comment="empty: whoever is at the level then",
            )
        )
        notice.add_column(
            sa.Column("aimed", sa.String(length=120), nullable=True, comment="lowest level for which it was meant")
        )
        notice.add_column(
            sa.Column(
                "is_dropped",
                sa.Boolean(),
                nullable=False,
                server_default=sa.false(),
                comment="it had no point any more when letters were made",
            )
        )
    op.create_index("ix_notice_assignment", "notice", ["office_id", "assignment"])
    _take_over(op.get_bind())


def _take_over(connection: sa.Connection) -> None:
    """Note what was said already, so that nobody gets a letter because of the upgrade alone."""
    now = datetime.now(UTC)
    yesterday = now.date() - timedelta(days=1)
    # The summary of a week that has begun counts as left; its day itself is told as ever.
    connection.execute(sa.update(_OFFICE).values(summary_left_on=yesterday))
    for office, settings in list(connection.execute(sa.select(_OFFICE.c.office_id, _OFFICE.c.settings))):
        clamped = _with_days(json.loads(settings))
        connection.execute(
            sa.update(_OFFICE)
            .where(_OFFICE.c.office_id == office)
            .values(settings=json.dumps(clamped, ensure_ascii=False))
        )
    for row in list(connection.execute(sa.select(_ASSIGNMENT))):
        values = dict(_taken_over(row, now))
        if values:
            connection.execute(
                sa.update(_ASSIGNMENT)
                .where(_ASSIGNMENT.c.office_id == row.office_id, _ASSIGNMENT.c.id == row.id)
                .values(values)
            )


def _with_days(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings in which a rule that gives days gives one at least."""
    given = {name: max(1, settings[name]) for name in ("correction", "least_to_act") if name in settings}
    return settings | given


def _taken_over(row: Any, now: datetime) -> Iterator[tuple[str, str]]:
    """What an assignment remembers, as far as it can be known."""
    rungs = json.loads(row.ladder)["rungs"]
    levels = [level for rung in rungs[: row.rung + 1] if rung["offset"] > 0 for level in rung["to"]]
    if levels:
        told: dict[str, Any] = {"levels": list(dict.fromkeys(levels))}
        if row.rung >= len(rungs) - 1:
            told["summary_on"] = (now.date() - timedelta(days=1)).isoformat()
        yield "told", json.dumps(told)
    if row.acknowledged_until is not None:
        yield "acknowledgments", json.dumps([_acknowledgment(row, now)])
    if row.state == "handed_in":
        yield "waiting", json.dumps(_wait(row.handed_in_by, row.handed_in_at or now, now))
    if row.extension is not None:
        asked = json.loads(row.extension)
        yield (
            "extension",
            json.dumps(asked | {"wait": _wait(asked["by"], row.opened_at or now, now)}, ensure_ascii=False),
        )


def _acknowledgment(row: Any, now: datetime) -> dict[str, str]:
    """It used to silence everybody, and to lapse in the morning of its day."""
    last: date = row.acknowledged_until - timedelta(days=1)
    return {"person": row.acknowledged_by, "level": "mayor", "on": now.date().isoformat(), "until": last.isoformat()}


def _wait(by: str, began_at: datetime, now: datetime) -> dict[str, str]:
    """A wait whose days begin with the upgrade: nobody is reminded of what no rule had asked for."""
    return {"by": by, "level": "officer", "since": now.date().isoformat(), "began_at": began_at.isoformat()}


def downgrade() -> None:
    op.drop_index("ix_notice_assignment", "notice")
    with op.batch_alter_table("notice") as notice:
        notice.drop_column("is_dropped")
        notice.drop_column("aimed")
        notice.drop_column("person")
        notice.alter_column(
            "key", existing_type=sa.String(length=400), type_=sa.String(length=200), existing_nullable=False
        )
    op.drop_column("office", "seats")
    op.drop_column("office", "summary_left_on")
    op.drop_column("division", "founded_on")
    for name in ("ladder_from", "returned_reason", "withdrawals", *reversed(_TEXTS)):
        op.drop_column("assignment", name)
