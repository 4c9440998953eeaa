"""A report has a kind; its number in the year is the quarter only for a quarterly one."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_REST = "revision, snapshot, content_hash, is_final, frozen_at, file_sha256"


def upgrade() -> None:
    _set_aside()
    _create(
        sa.Column("kind", sa.String(length=120), nullable=False, comment="quarterly"),
        sa.Column("fiscal_year_be", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="in the year: of a quarterly one 1 to 4"),
        key=("office_id", "kind", "fiscal_year_be", "number", "revision"),
    )
    op.execute(
        f"INSERT INTO report (office_id, kind, fiscal_year_be, number, {_REST}) "  # noqa: S608 -- names of ours
        f"SELECT office_id, 'quarterly', fiscal_year_be, quarter, {_REST} FROM report_before"
    )
    op.drop_table("report_before")


def downgrade() -> None:
    _set_aside()
    _create(
        sa.Column("fiscal_year_be", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        key=("office_id", "fiscal_year_be", "quarter", "revision"),
    )
    op.execute(
        f"INSERT INTO report (office_id, fiscal_year_be, quarter, {_REST}) "  # noqa: S608 -- names of ours
        f"SELECT office_id, fiscal_year_be, number, {_REST} FROM report_before WHERE kind = 'quarterly'"
    )
    op.drop_table("report_before")


def _set_aside() -> None:
    """Keep the rows beside while the table is made anew: SQLite cannot change a primary key."""
    op.execute("CREATE TABLE report_before AS SELECT * FROM report")
    op.drop_table("report")


def _create(*period: sa.Column[Any], key: tuple[str, ...]) -> None:
    op.create_table(
        "report",
        sa.Column("office_id", sa.String(length=120), nullable=False),
        *period,
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False, comment="Snapshot as JSON"),
        sa.Column(
            "content_hash", sa.String(length=64), nullable=False, comment="of the figures, without date and revision"
        ),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("frozen_at", UtcDateTime(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.office_id"], name=op.f("fk_report_office_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_report")),
    )
