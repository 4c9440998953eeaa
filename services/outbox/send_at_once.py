"""Send one letter at once, from this very process: for what somebody waits for at the screen, as a sign-in link.

The clockwork cannot do that: its only slot may be held by a sweep or by a mail server that hangs. The letter is
stored on lease to this process together with whatever it belongs to, and leaves over a connection of its own in one
of few threads, never in a request. If the process dies, or the letter cannot leave for a reason that passes, it waits
in the outbox as every letter does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import BoundedSemaphore, Lock, Thread, current_thread
from time import monotonic
from typing import Final

from domain.office import Office
from domain.outbox import Letter
from services.outbox.deliver import MailSender, deliver_held
from storage.locks import Held
from storage.store import Store
from storage.unit_of_work import UnitOfWork

AT_ONCE: Final = 4
"""Letters under way at a time; the next one is left to the outbox."""

PATIENCE: Final = timedelta(seconds=45)
"""For the whole of one letter; a mail server that takes longer gets it from the outbox, which has more patience."""

LEASE: Final = timedelta(seconds=90)
"""What the lease says of its end; it ends with the lock."""

_LOG: Final = logging.getLogger(__name__)


@dataclass
class SendAtOnce:
    """Sends letters of one process at once.

    Attributes:
        store: Opens the database, or gives the one that is open.
        mail_sender: How the letters of an office leave.
    """

    store: Callable[[], Store]
    mail_sender: Callable[[Office], MailSender]
    patience: timedelta = PATIENCE
    _free: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(AT_ONCE))
    _under_way: set[Thread] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def after(self, uow: UnitOfWork, letter_id: str) -> Iterator[None]:
        """Send a letter as soon as the block has committed the unit of work to which the letter was added.

        The block is to hold the commit and nothing else. Where no thread is free, the letter is left to the outbox.
        """
        if not self._free.acquire(blocking=False):
            yield
            return
        lock: Held | None = None
        try:
            lock = self.store().hold()  # the letter is another's as soon as this process is gone
            mail_sender = replace(self.mail_sender(uow.office), owner=lock.name)
            held = uow.letters.lease(mail_sender.owner, mail_sender.clock(), limit=1, for_=LEASE, only=letter_id)
            yield
        except BaseException:
            self._free.release()
            if lock is not None:
                lock.let_go()
            raise
        self._begin(uow.office_id, mail_sender, held, lock)

    def finish(self, within_s: float) -> bool:
        """Wait for the letters under way; False if some are not done in time, which the outbox will send."""
        until = monotonic() + within_s
        with self._lock:
            threads = list(self._under_way)
        for thread in threads:
            thread.join(max(0.0, until - monotonic()))
        return not any(thread.is_alive() for thread in threads)

    def _begin(self, office: str, mail_sender: MailSender, held: list[Letter], lock: Held) -> None:
        # A daemon: a mail server that hangs must not hold up the end of the process.
        thread = Thread(target=self._send, args=(office, mail_sender, held, lock), name="letter-at-once", daemon=True)
        with self._lock:
            self._under_way.add(thread)
        try:
            thread.start()
        except RuntimeError:  # the machine has no thread left; the lock is let go, and the outbox sends it
            self._done(thread, lock)

    def _send(self, office: str, mail_sender: MailSender, held: list[Letter], lock: Held) -> None:
        try:
            for letter in held:
                done = asyncio.run(deliver_held(self.store(), office, mail_sender, letter, patience=self.patience))
                for fault in done.faults:
                    _LOG.error("%s: %s", office, fault)
        except Exception:  # noqa: BLE001 -- the last place of this thread; nothing is lost, and the log says why
            _LOG.exception("A letter of %s could not be sent at once; the outbox sends it", office)
        finally:
            self._done(current_thread(), lock)

    def _done(self, thread: Thread, lock: Held) -> None:
        lock.let_go()
        with self._lock:
            self._under_way.discard(thread)
        self._free.release()
