"""What every repository is: a session, bound to one office."""

from __future__ import annotations

from sqlalchemy.orm import Session


class Repository:
    """Rows of one office inside one unit of work; it cannot see another's."""

    def __init__(self, session: Session, office_id: str) -> None:
        """Bind to one office."""
        self._session = session
        self._office_id = office_id
