"""Which stored files the database names: evidence, reports, what is public, plans on their way."""

from __future__ import annotations

from sqlalchemy import select, union_all

from storage.plan_tables import PlanDraftRow
from storage.repository import Repository
from storage.work_tables import EvidenceRow, PublicationRow, ReportRow


class NamedFiles(Repository):
    """The files of an office by the SHA-256 under which their bytes lie."""

    def newest(self, at_most: int) -> list[str]:
        """SHA-256 of each file, those named last first."""
        kinds = (
            (EvidenceRow, EvidenceRow.sha256, EvidenceRow.added_at, EvidenceRow.url.is_(None)),
            (ReportRow, ReportRow.file_sha256, ReportRow.frozen_at, ReportRow.file_sha256.is_not(None)),
            (PublicationRow, PublicationRow.sha256, PublicationRow.published_at, PublicationRow.sha256 != ""),
            (PlanDraftRow, PlanDraftRow.sha256, PlanDraftRow.made_at, PlanDraftRow.sha256 != ""),
        )
        every = union_all(
            *(
                select(sha256.label("sha256"), moment.label("at")).where(table.office_id == self._office_id, is_file)
                for table, sha256, moment, is_file in kinds
            )
        ).subquery()
        rows = self._session.scalars(select(every.c.sha256).order_by(every.c.at.desc()).limit(at_most))
        return list(dict.fromkeys(rows))
