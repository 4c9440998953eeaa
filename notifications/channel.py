"""What every channel takes and gives back: letters in, one outcome for each."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol

from notifications.faults import Blame, DeliveryError


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail ready to go. `key` is the outbox row's and comes back with the outcome.

    Attributes:
        tries: How often it was tried before; what failed once is waited for with more patience.
    """

    key: str
    to: str
    mail: EmailMessage
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side took the responsibility; `reply` is what it said."""

    reply: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The letter did not leave, or nobody knows whether it did; `error` says why and what to do."""

    error: DeliveryError

    @property
    def blame(self) -> Blame:
        """What the fault lies with."""
        return self.error.blame

    @property
    def permanent(self) -> bool:
        """Tell whether another try cannot help."""
        return self.error.permanent

    @property
    def is_server_fault(self) -> bool:
        """Tell whether the server or its settings are to blame, not this letter."""
        return self.error.is_server_fault


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one letter."""

    letter: Letter
    outcome: Sent | Failed


class Channel(Protocol):
    """A way for letters to leave."""

    def send(self, letters: Sequence[Letter]) -> AsyncGenerator[Delivery, None]:
        """Yield one delivery for each letter, in order, as soon as it is known.

        The caller records each before it asks for the next. A crash between the other side's acceptance and
        the record sends the letter again, with the same Message-ID: at least once, never lost.
        """
        ...
