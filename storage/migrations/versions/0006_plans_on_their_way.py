"""Plans on their way in: drafts under review and rehearsed years."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_draft",
        sa.Column("office_id", sa.String(length=120), nullable=False),
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reading", sa.Text(), nullable=True, comment="Draft as JSON; null where a review came in"),
        sa.Column("review", sa.Text(), nullable=False, comment="Review as JSON, with the answers so far"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(length=120), nullable=False),
        sa.Column("fiscal_year_be", sa.Integer(), nullable=True, comment="of the revision it became"),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.office_id"], name=op.f("fk_plan_draft_office_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("office_id", "id", name=op.f("pk_plan_draft")),
    )
    op.create_table(
        "plan_trial",
        sa.Column("office_id", sa.String(length=120), nullable=False),
        sa.Column("fiscal_year_be", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("silent", sa.String(length=64), nullable=False, comment="SHA-256 of the divisions' keys"),
        sa.Column("result", sa.Text(), nullable=False, comment="what the page shows, as JSON"),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.office_id"], name=op.f("fk_plan_trial_office_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("office_id", "fiscal_year_be", "revision", "silent", name=op.f("pk_plan_trial")),
    )


def downgrade() -> None:
    op.drop_table("plan_trial")
    op.drop_table("plan_draft")
