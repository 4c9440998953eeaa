"""Tables of plans: revisions, documents on their way in, rehearsed years. Private to this room."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables import HASH, KEY, OwnedByOffice, of_office


class PlanRow(OwnedByOffice):
    """A revision of a plan; immutable, but for the day it came into force."""

    __tablename__ = "plan"
    __table_args__ = (of_office(), UniqueConstraint("office_id", "fiscal_year_be", "content_hash"))

    fiscal_year_be: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    content_hash: Mapped[str] = mapped_column(HASH)
    document: Mapped[str] = mapped_column(Text, comment="Plan as JSON")
    imported_at: Mapped[datetime]
    imported_by: Mapped[str] = mapped_column(KEY)
    in_force_on: Mapped[date | None]


class PlanDraftRow(OwnedByOffice):
    """A plan document on its way in; the bytes lie in the file store under their SHA-256."""

    __tablename__ = "plan_draft"
    __table_args__ = (of_office(),)

    id: Mapped[str] = mapped_column(KEY, primary_key=True)
    file_name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(HASH)
    reading: Mapped[str | None] = mapped_column(Text, comment="Draft as JSON; null where a review came in")
    review: Mapped[str] = mapped_column(Text, comment="Review as JSON, with the answers so far")
    version: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(KEY)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(KEY)
    fiscal_year_be: Mapped[int | None] = mapped_column(comment="of the revision it became")
    revision: Mapped[int | None]


class PlanTrialRow(OwnedByOffice):
    """A rehearsed year of a stored plan, for one choice of divisions that stay silent."""

    __tablename__ = "plan_trial"
    __table_args__ = (of_office(),)

    fiscal_year_be: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    silent: Mapped[str] = mapped_column(HASH, primary_key=True, comment="SHA-256 of the divisions' keys")
    result: Mapped[str] = mapped_column(Text, comment="what the page shows, as JSON")
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(KEY)
