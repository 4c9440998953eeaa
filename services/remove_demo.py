"""Take the demonstration away, for good: later starts do not make it again."""

from __future__ import annotations

from services import offices
from services.usual_office import DEMO_KEY
from services.wake import wake_schedules
from services.wiring import System


def remove_demo(running: System) -> str | None:
    """Remove it with everything in it; an office of one's own is not touched.

    Returns:
        None, or the sentence that says why its schedules could not be taken away now; the sweep makes up for it.

    Raises:
        NotFoundError: There is none.
        BadInputError: A real office stands under its key.
    """
    with running.store.unit_of_work(DEMO_KEY) as uow:
        offices.remove_demo(uow)
        uow.commit()
    (running.settings.folder / "no-demo").touch()
    return wake_schedules(running.scheduler, DEMO_KEY, int(running.clock().timestamp()))
