"""How a flow goes over many offices or measures: what one of them stumbles over is said, and never stops the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from domain.outside_text import words_of


class Faults:
    """What went wrong so far, one sentence each; a flow that has any ends red with all of them."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def add(self, *sentences: str) -> None:
        """Note what was found by other means; what was found before is said once."""
        self.sentences += [sentence for sentence in dict.fromkeys(sentences) if sentence not in self.sentences]

    @contextmanager
    def of(self, whose: str) -> Iterator[None]:
        """Go on after whatever the block raises, foreseen or not, and remember it under the name of whom it harmed."""
        try:
            yield
        except Exception as fault:  # noqa: BLE001 -- nothing is swallowed: the run is red, with the kind and the words
            self.add(f"{whose}: {words_of(fault)}")

    def __str__(self) -> str:
        """All of them on one line."""
        return "; ".join(self.sentences)
