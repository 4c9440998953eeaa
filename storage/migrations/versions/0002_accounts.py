"""Accounts, who is signed in, links that sign in once, and failed tries."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("office_id", sa.String(length=120), nullable=False),
        sa.Column("person", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False, comment="lower-cased; unique over the installation"),
        sa.Column("password_hash", sa.Text(), nullable=True, comment="null until one is set; links work without"),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.office_id"], name=op.f("fk_account_office_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("office_id", "person", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    op.create_table(
        "session",
        sa.Column("office_id", sa.String(length=120), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the token"),
        sa.Column("person", sa.String(length=120), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False, comment="written now and then, not for every page"),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False, comment="the browser's name for itself, shortened"),
        sa.ForeignKeyConstraint(
            ["office_id", "person"],
            ["account.office_id", "account.person"],
            name=op.f("fk_session_office_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("office_id", "token_hash", name=op.f("pk_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
    )
    op.create_table(
        "one_time_link",
        sa.Column("office_id", sa.String(length=120), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the token"),
        sa.Column("purpose", sa.String(length=120), nullable=False),
        sa.Column("person", sa.String(length=120), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["office_id", "person"],
            ["account.office_id", "account.person"],
            name=op.f("fk_one_time_link_office_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("office_id", "token_hash", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    op.create_table(
        "sign_in_try",
        sa.Column("email_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the lower-cased address"),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("locked_until", UtcDateTime(), nullable=True),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("email_hash", name=op.f("pk_sign_in_try")),
    )


def downgrade() -> None:
    op.drop_table("sign_in_try")
    op.drop_table("one_time_link")
    op.drop_table("session")
    op.drop_table("account")
