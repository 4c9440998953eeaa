"""Letters know whether a try of theirs may have arrived, and are kept as they left; an office knows why none leave."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "letter",
        sa.Column(
            "is_unsure",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="a try of it may have reached the server without our knowing",
        ),
    )
    op.add_column(
        "letter",
        sa.Column("mail", sa.LargeBinary(), nullable=True, comment="the mail as it was sent, compressed by zlib"),
    )
    # Whoever tried these knew a broken line and a refusal by their sentence alone: what was tried goes as it is.
    op.execute("UPDATE letter SET is_unsure = (1 = 1) WHERE state = 'waiting' AND attempts > 0")
    op.create_table(
        "mail_standstill",
        sa.Column("office_id", sa.String(length=120), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UtcDateTime(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.office_id"], name=op.f("fk_mail_standstill_office_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_mail_standstill")),
    )


def downgrade() -> None:
    op.drop_table("mail_standstill")
    op.execute("UPDATE letter SET state = 'parked' WHERE state = 'replaced'")
    op.drop_column("letter", "mail")
    op.drop_column("letter", "is_unsure")
