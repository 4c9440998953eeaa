"""When a failed letter is tried again, and which addresses may be written to at all."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from notifications.faults import BadAddressError, CentralMailboxError

FIRST_WAITS: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
LATER_WAIT: Final = timedelta(hours=4)
GIVE_UP_AFTER: Final = 3
"""Working days after the first try on which a letter may still be tried: a weekend or long holidays use up nobody's
patience. Later the deadline itself has moved on."""
MOST_TRIES: Final = 120
"""More than the longest holidays hold; a stop of its own, in case the clock is wrong."""

CENTRAL_PREFIX: Final = "saraban"
"""Saraban rule no. 4 (2564): each office's central address for official letters begins with this word."""

_LONGEST: Final = 254  # RFC 5321, 4.5.3.1.3: 256 with the angle brackets
_LONGEST_LOCAL_PART: Final = 64  # RFC 5321, 4.5.3.1.1
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS: Final = re.compile(rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@{_LABEL}(?:\.{_LABEL})*")


def wait_after(attempt: int) -> timedelta:
    """How long to wait after the try number `attempt`, counted from 1; never shorter than the wait before."""
    return FIRST_WAITS[attempt - 1] if attempt <= len(FIRST_WAITS) else LATER_WAIT


def next_try(attempt: int, now: datetime, until: datetime) -> datetime | None:
    """When to send again after the try number `attempt` (from 1) failed at `now`; None means: park it.

    No chance is in it: one process sends an office's mail, so there is no crowd to spread, and the same facts
    give the same plan in a rehearsal. A letter is parked, never dropped: a person can send it again.

    Args:
        until: End of the last day on which it may be tried, GIVE_UP_AFTER working days after the first try.
    """
    next_try_at = now + wait_after(attempt)
    return None if attempt >= MOST_TRIES or next_try_at >= until else next_try_at


def check_form(text: str) -> None:
    """Accept a plain ASCII address.

    Quoted and non-ASCII ones are lawful, but many servers on the way refuse them, and a typing error is far more
    likely. The whole text must match, so no header can be smuggled in.

    Raises:
        BadAddressError: It is not an e-mail address.
    """
    match = _ADDRESS.fullmatch(text)
    if match is None or len(text) > _LONGEST or len(match["local"]) > _LONGEST_LOCAL_PART:
        raise BadAddressError(address=text)


def check_address(text: str) -> None:
    """Accept an address that mail may be sent to.

    Raises:
        BadAddressError: It is not an e-mail address.
        CentralMailboxError: It begins with `saraban`: what arrives there must be registered as an official letter.
    """
    check_form(text)
    if text.lower().startswith(CENTRAL_PREFIX):
        raise CentralMailboxError(address=text)
