"""What the database knows of its installation: an id, and by what the secret can be recognised."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "installation",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False, comment="always 1: there is one"),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False, comment="of the secret, which is not here"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_installation")),
    )


def downgrade() -> None:
    op.drop_table("installation")
