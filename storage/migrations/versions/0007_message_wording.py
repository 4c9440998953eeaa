"""The office's own words in its letters."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "message_wording",
        sa.Column("office_id", sa.String(length=120), nullable=False),
        sa.Column("message", sa.String(length=120), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False, comment="JSON object: part to the office's own words"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=120), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.office_id"], name=op.f("fk_message_wording_office_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("office_id", "message", name=op.f("pk_message_wording")),
    )


def downgrade() -> None:
    op.drop_table("message_wording")
