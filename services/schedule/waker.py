"""Tells the clockwork what people did, from one thread of its own: no request ever waits for it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Condition, Thread
from typing import Final

from services.schedule.schedule import MeasureKey
from services.schedule.wake import SCHEDULER_ERRORS, tell_measure, tell_schedules
from services.scheduler import Scheduler, SchedulerDownError

MOST_WAITING: Final = 1_000
"""Errands that wait at most; the daily sweep makes up for one that found no room, as for those of a dying process."""

REST_S: Final = 10.0
"""For how long a clockwork that did not answer is left alone."""

_LOG: Final = logging.getLogger("sucharit.waker")

_Errand = Callable[[Scheduler, datetime], None]


class Waker:
    """A queue of errands to the clockwork and the thread that runs them; both begin with the first errand.

    An errand that is still waiting stands for every later one about the same thing: it is run after their commit, too.

    Args:
        scheduler: Gives the clockwork; asked for in the thread, so that an odd installation harms nobody's request.
        clock: The clock of the errand's door.
    """

    def __init__(
        self, scheduler: Callable[[], Scheduler], clock: Callable[[], datetime], rest_s: float = REST_S
    ) -> None:
        self._scheduler = scheduler
        self._clock = clock
        self._rest_s = rest_s
        self._waiting: dict[object, _Errand] = {}
        self._changed = Condition()
        self._thread: Thread | None = None
        self._is_closing = False
        self._is_deaf = False

    def measure(self, key: MeasureKey) -> None:
        """Have a measure's flow run soon."""
        self._put(key, lambda scheduler, now: tell_measure(scheduler, key, now))

    def schedules(self, office: str, version: int) -> None:
        """Have the office's schedules applied, and what is due looked at, for the ledger's line `version`."""
        self._put(office, lambda scheduler, _now: tell_schedules(scheduler, office, version))

    def close(self, timeout_s: float) -> None:
        """Run what waits as long as somebody answers, for `timeout_s` at most; nothing is taken any more."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(timeout_s)

    def _put(self, what: object, errand: _Errand) -> None:
        with self._changed:
            if self._is_closing or (what not in self._waiting and len(self._waiting) >= MOST_WAITING):
                return
            self._waiting[what] = errand
            if self._thread is None:
                self._thread = Thread(target=self._work, name="waker", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def _work(self) -> None:
        while (waiting := self._next()) is not None:
            what, errand = waiting
            try:
                errand(self._scheduler(), self._clock())
            except SchedulerDownError as down:
                self._keep(what, errand)
                self._say_deaf(down)
                if self._rests():
                    return
            except SCHEDULER_ERRORS as error:
                _LOG.warning("%s", error)
            except Exception:  # noqa: BLE001 -- the thread serves every later change, too
                _LOG.exception("The clockwork could not be told of %s; the daily sweep makes up for it.", what)
            else:
                self._is_deaf = False

    def _next(self) -> tuple[object, _Errand] | None:
        """The errand that waited longest, taken out before it is run: a change that comes meanwhile needs a new one."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_closing)
            if not self._waiting:
                return None
            what = next(iter(self._waiting))
            return what, self._waiting.pop(what)

    def _keep(self, what: object, errand: _Errand) -> None:
        with self._changed:
            self._waiting.setdefault(what, errand)

    def _say_deaf(self, down: SchedulerDownError) -> None:
        if not self._is_deaf:
            _LOG.warning("%s What people do is kept and told later.", down)
        self._is_deaf = True

    def _rests(self) -> bool:
        """Leave the clockwork alone for a while; True if the process ends meanwhile."""
        with self._changed:
            return bool(self._changed.wait_for(lambda: self._is_closing, self._rest_s))
