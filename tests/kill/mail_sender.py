"""A mail_sender as a program of its own, to be killed: `python -m tests.kill.mail_sender URL OFFICE PORT NOW OWNER`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from services.outbox.deliver import deliver
from storage.store import Store
from tests.services.live_office import make_mail_sender


def main(url: str, office: str, port: str, now: str, owner: str) -> None:
    """Deliver everything that is due, on a clock that begins at `now`."""
    store = Store(url)
    mail_sender = make_mail_sender(int(port), _clock_from(datetime.fromisoformat(now)), owner=owner)
    asyncio.run(deliver(store, office, mail_sender))
    store.close()


def _clock_from(start: datetime) -> Callable[[], datetime]:
    began = monotonic()
    return lambda: start + timedelta(seconds=monotonic() - began)


if __name__ == "__main__":
    main(*sys.argv[1:])
