"""What the office has made public, and two indexes for counting assignments."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TALLIED = [
    "office_id",
    "fiscal_year_be",
    "measure_key",
    "step_key",
    "period_key",
    "quarter",
    "state",
    "due_on",
    "division",
]


def upgrade() -> None:
    op.create_table(
        "publication",
        sa.Column("office_id", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fiscal_year_be", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("published_by", sa.String(length=120), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.office_id"], name=op.f("fk_publication_office_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("office_id", "kind", "subject", "version", name=op.f("pk_publication")),
    )
    op.create_index("ix_assignment_tally", "assignment", TALLIED)
    op.create_index("ix_assignment_due", "assignment", ["office_id", "state", "due_on"])


def downgrade() -> None:
    op.drop_index("ix_assignment_due", "assignment")
    op.drop_index("ix_assignment_tally", "assignment")
    op.drop_table("publication")
