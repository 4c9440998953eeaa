"""Everything that could be due, over all offices: what the daily sweep and the start go through."""

from __future__ import annotations

from services.desk import Desk
from services.schedule import MeasureKey, measure_keys
from storage.store import Store


def every_measure(store: Store) -> list[MeasureKey]:
    """Every measure of every plan in force in every office."""
    keys: list[MeasureKey] = []
    for office in store.offices():
        with store.reader(office.key) as uow:
            keys += measure_keys(Desk.open(uow))
    return keys
