"""Drafts of reports, links as evidence, and the ledger's lines of a subject in their order."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_draft",
        sa.Column("office_id", sa.String(length=120), nullable=False),
        sa.Column("assignment", sa.String(length=120), nullable=False),
        sa.Column("person", sa.String(length=120), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False, comment="JSON object of the form's fields"),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.office_id"], name=op.f("fk_report_draft_office_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("office_id", "assignment", "person", name=op.f("pk_report_draft")),
    )
    op.add_column("evidence", sa.Column("url", sa.Text(), nullable=True, comment="address of a link; null for a file"))
    op.drop_index("ix_ledger_subject", "ledger")
    op.create_index("ix_ledger_subject", "ledger", ["office_id", "subject", "seq"])


def downgrade() -> None:
    op.drop_index("ix_ledger_subject", "ledger")
    op.create_index("ix_ledger_subject", "ledger", ["office_id", "subject"])
    op.drop_column("evidence", "url")
    op.drop_table("report_draft")
