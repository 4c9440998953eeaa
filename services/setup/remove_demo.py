"""Take the demonstration away, for good: later starts do not make it again."""

from __future__ import annotations

from services.office import offices
from services.office.usual_office import DEMO_KEY
from services.wiring import System


def remove_demo(running: System) -> int:
    """Remove the demonstration with everything in it; an office of one's own is not touched.

    Returns:
        A version for telling the clockwork, which has its schedules still.

    Raises:
        NotFoundError: There is no demonstration.
        BadInputError: A real office stands under its key.
    """
    with running.store.unit_of_work(DEMO_KEY) as uow:
        offices.remove_demo(uow)
        uow.commit()
    # After the commit: where the removal failed, this mark would claim that there is nothing left to remove.
    (running.settings.folder / "no-demo").touch()
    return int(running.clock().timestamp())
