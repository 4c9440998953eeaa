"""Everything that could be due: what the daily sweep and the start go through."""

from __future__ import annotations

from services.desk import Desk
from services.schedule import MeasureKey, measure_keys
from storage.store import Store


def every_measure(store: Store, office: str) -> list[MeasureKey]:
    """Every measure of every plan in force in an office.

    Raises:
        DamagedOfficeError: Its rows cannot be read; those of others can.
    """
    with store.reader(office) as uow:
        return measure_keys(Desk.open(uow))
