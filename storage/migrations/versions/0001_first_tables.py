"""First tables."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "office",
        sa.Column("office_id", sa.String(length=120), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=120), nullable=False),
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False, comment="OfficeSettings as JSON"),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("ledger_seq", sa.Integer(), nullable=False, comment="number of the last ledger line"),
        sa.Column(
            "ledger_hash",
            sa.String(length=64),
            nullable=False,
            comment="its hash; updating it queues writers of one office",
        ),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_office")),
    )
    op.create_table(
        "assignment",
        sa.Column("office_id", sa.String(length=120), nullable=False),
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("fiscal_year_be", sa.Integer(), nullable=False),
        sa.Column("measure_key", sa.String(length=120), nullable=False),
        sa.Column("step_key", sa.String(length=120), nullable=False),
        sa.Column("division", sa.String(length=120), nullable=False),
        sa.Column("period_key", sa.String(length=120), nullable=False),
        sa.Column("period_label", sa.Text(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("ladder", sa.Text(), nullable=False, comment="Ladder as JSON, frozen when the assignment opened"),
        sa.Column("plan_revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deadline_version", sa.Integer(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.Column("handed_in_at", UtcDateTime(), nullable=True),
        sa.Column("handed_in_by", sa.String(length=120), nullable=False),
        sa.Column("late_workdays", sa.Integer(), nullable=False),
        sa.Column("submission", sa.Text(), nullable=True, comment="Submission as JSON"),
        sa.Column("cannot_do", sa.String(length=120), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("extension", sa.Text(), nullable=True, comment="ExtensionRequest as JSON"),
        sa.Column("acknowledged_until", sa.Date(), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.office_id"], name=op.f("fk_assignment_office_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("office_id", "id", name=op.f("pk_assignment")),
        sa.UniqueConstraint(
            "office_id", "fiscal_year_be", "step_key", "division", "period_key", name=op.f("uq_assignment_office_id")
        ),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index("ix_assignment_measure", ["office_id", "fiscal_year_be", "measure_key"], unique=False)
        batch_op.create_index("ix_assignment_quarter", ["office_id", "fiscal_year_be", "quarter"], unique=False)

    op.create_table(
        "division",
        sa.Column("office_id", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=120), nullable=False),
        sa.Column("aliases", sa.Text(), nullable=False, comment="JSON list"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.office_id"], name=op.f("fk_division_office_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("office_id", "key", name=op.f("pk_division")),
    )
    op.create_table(
        "evidence",
        sa.Column("office_id", sa.String(length=120), nullable=False),
        sa.Column("assignment", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("added_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.office_id"], name=op.f("fk_evidence_office_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("office_id", "assignment", "sha256", name=op.f("pk_evidence")),
    )
    op.create_table(
        "holding",
        sa.Column("office_id", sa.String(length=120), nullable=False),
        sa.Column("post", sa.String(length=120), nullable=False),
        sa.Column("person", sa.String(length=120), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("is_acting", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.office_id"], name=op.f("fk_holding_office_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("office_id", "post", "person", "start_on", name=op.f("pk_holding")),
    )
    op.create_table(
        "holiday_override",
        sa.Column("office_id", sa.String(length=120), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_holiday", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.office_id"], name=op.f("fk_holiday_override_office_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("office_id", "day", name=op.f("pk_holiday_override")),
    )
    op.create_table(
        "ledger",
        sa.Column("office_id", sa.String(length=120), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=120), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("data", sa.Text(), nullable=False, comment="JSON object"),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.office_id"], name=op.f("fk_ledger_office_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("office_id", "seq", name=op.f("pk_ledger")),
    )
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.create_index("ix_ledger_subject", ["office_id", "subject"], unique=False)

    op.create_table(
        "letter",
        sa.Column("office_id", sa.String(length=120), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=120), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("notices", sa.Text(), nullable=False, comment="JSON list of the notices' keys"),
        sa.Column("state", sa.String(length=120), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_tried_at", UtcDateTime(), nullable=True),
        sa.Column("next_try_at", UtcDateTime(), nullable=False),
        sa.Column("lease_owner", sa.String(length=120), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True, comment="when it was sent or parked"),
        sa.Column("remark", sa.Text(), nullable=False, comment="the server's reply, or why it waits or is parked"),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.office_id"], name=op.f("fk_letter_office_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("office_id", "id", name=op.f("pk_letter")),
        sa.UniqueConstraint("message_id", name=op.f("uq_letter_message_id")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index("ix_letter_waiting", ["state", "next_try_at"], unique=False)

    op.create_table(
        "notice",
        sa.Column("office_id", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=120), nullable=False),
        sa.Column("assignment", sa.String(length=120), nullable=False),
        sa.Column("division", sa.String(length=120), nullable=False),
        sa.Column("level", sa.String(length=120), nullable=False),
        sa.Column("rung_offset", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column(
            "composed_at", UtcDateTime(), nullable=True, comment="when it went into letters; null while it waits"
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.office_id"], name=op.f("fk_notice_office_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("office_id", "key", name=op.f("pk_notice")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_waiting", ["office_id", "composed_at"], unique=False)

    op.create_table(
        "person",
        sa.Column("office_id", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.office_id"], name=op.f("fk_person_office_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("office_id", "key", name=op.f("pk_person")),
    )
    op.create_table(
        "plan",
        sa.Column("office_id", sa.String(length=120), nullable=False),
        sa.Column("fiscal_year_be", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False, comment="Plan as JSON"),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.Column("imported_by", sa.String(length=120), nullable=False),
        sa.Column("in_force_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.office_id"], name=op.f("fk_plan_office_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("office_id", "fiscal_year_be", "revision", name=op.f("pk_plan")),
        sa.UniqueConstraint("office_id", "fiscal_year_be", "content_hash", name=op.f("uq_plan_office_id")),
    )
    op.create_table(
        "post",
        sa.Column("office_id", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("level", sa.String(length=120), nullable=False),
        sa.Column("division", sa.String(length=120), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.office_id"], name=op.f("fk_post_office_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("office_id", "key", name=op.f("pk_post")),
    )
    op.create_table(
        "report",
        sa.Column("office_id", sa.String(length=120), nullable=False),
        sa.Column("fiscal_year_be", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
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
        sa.PrimaryKeyConstraint("office_id", "fiscal_year_be", "quarter", "revision", name=op.f("pk_report")),
    )


def downgrade() -> None:
    op.drop_table("report")
    op.drop_table("post")
    op.drop_table("plan")
    op.drop_table("person")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_waiting")

    op.drop_table("notice")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index("ix_letter_waiting")

    op.drop_table("letter")
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_subject")

    op.drop_table("ledger")
    op.drop_table("holiday_override")
    op.drop_table("holding")
    op.drop_table("evidence")
    op.drop_table("division")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index("ix_assignment_quarter")
        batch_op.drop_index("ix_assignment_measure")

    op.drop_table("assignment")
    op.drop_table("office")
