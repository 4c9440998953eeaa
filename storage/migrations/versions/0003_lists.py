"""An index that long lists are counted and cut by."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_LISTED = [
    *("office_id", "fiscal_year_be", "division", "state", "due_on"),
    *("quarter", "measure_key", "step_key", "id"),
]


def upgrade() -> None:
    op.create_index("ix_assignment_list", "assignment", _LISTED)


def downgrade() -> None:
    op.drop_index("ix_assignment_list", "assignment")
