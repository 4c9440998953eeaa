"""Long repeats of what cells are made of: no part of the reader may take more than its time on any of them."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any, Final

from domain.fiscal import FiscalYear
from plans.draft import Source
from plans.errors import PlanFileError
from plans.layout.assemble import assemble
from plans.layout.headings import is_sub_heading, wishes
from plans.layout.marks import quarters_named
from plans.layout.prose import read_prose
from plans.layout.records import is_indicator_heading, is_measure_heading, label_role, split_label
from plans.layout.title_page import read_title_page
from plans.raw import Paragraph
from plans.readers import READERS
from plans.readers.tabbed import read as read_text
from plans.show import wrapped
from plans.words.channels import publication_channels
from plans.words.duties import duties_of
from plans.words.fragments import paragraphs
from plans.words.items import split_items
from plans.words.letters import join_spaced_letters
from plans.words.measure_cell import named_indicators, read_measure
from plans.words.outcomes import chosen, read_outcomes
from plans.words.periods import printed_years, read_period, split_ranges
from plans.words.quarters import named_quarters
from plans.words.recurrence import recurrence_of
from plans.words.reporting import read_reporting
from plans.words.responsible import read_responsible
from plans.words.steps import read_steps
from plans.words.text import overlap, squeezed
from plans.words.usual_units import usual_name
from tests.plans.factories import make_row, make_text
from tools.fuzz.seeds import WORDS

MOST_SECONDS: Final = 1.0
MOST_BYTES: Final = 20_000
_SHORT: Final = 2_000  # bytes of a first look: what is quadratic takes a hundredth of its time
_SUSPECT: Final = MOST_SECONDS / 100
_GIVE_UP: Final = 10
_MOST_ALIKE: Final = 4
_YEAR: Final = FiscalYear(2566)
_SOURCE: Final = Source(file="plan.txt", line=1)
_SIGNS: Final = (
    *" .-/1๑()กะ,:;\"'|<>&*•☐☑…_[]=#@\t\n\r\x0b\u200b\u0e4d",
    *(
        "่",
        "า",
        "เ",
        "ํ ",
        "1.",
        "1)",
        "ก.",
        "- ",
        " -",
        "1 ",
        " 1",
        "ม.ค.",
        "<a ",
        "<p ",
        "</",
        "<!--",
        "&#1;",
        "&amp",
        ". .",
        "('",
    ),
)
"""Pieces to repeat, beside the words of plans."""
_BETWEEN: Final = (" ", "", "1", "-", "/", "(", "\n")


def _assembled(*, column: int) -> Callable[[str], object]:
    def whole(text: str) -> object:
        row = list(make_row())
        row[column] = text
        return assemble(read_text(make_text(make_row(), tuple(row)).encode(), "plan.txt"))

    return whole


def _file(suffix: str, before: str = "", after: str = "") -> Callable[[str], object]:
    return lambda text: assemble(READERS[suffix](f"{before}{text}{after}".encode(), f"plan{suffix}"))


def _outside(text: str) -> list[Paragraph]:
    return [Paragraph(line, _SOURCE, is_before_tables=True) for line in text.splitlines()]


def _outcomes(text: str) -> object:
    return [read_outcomes({role: text}) for role in ("status", "result", "problems", "problems_suggestions")]


CALLS: Final[Mapping[str, Callable[[str], Any]]] = {
    "read_period": lambda text: read_period(text, _YEAR),
    "split_ranges": split_ranges,
    "printed_years": printed_years,
    "read_responsible": read_responsible,
    "read_responsible (support)": lambda text: read_responsible("กองคลัง", text),
    "usual_name": usual_name,
    "read_reporting": lambda text: read_reporting([text], _YEAR, _YEAR.span),
    "named_quarters": named_quarters,
    "quarters_named": quarters_named,
    "recurrence_of": recurrence_of,
    "publication_channels": lambda text: publication_channels([text], [text]),
    "duties_of": lambda text: duties_of([text]),
    "split_items": lambda text: split_items([text]),
    "read_steps": lambda text: read_steps(text.splitlines(), _SOURCE),
    "read_measure": lambda text: read_measure([text]),
    "named_indicators": named_indicators,
    "read_outcomes": _outcomes,
    "chosen": lambda text: chosen([text]),
    "paragraphs": paragraphs,
    "squeezed": squeezed,
    "overlap": lambda text: overlap(text, text[1:] + "x"),
    "wishes": wishes.__wrapped__,
    "is_sub_heading": is_sub_heading,
    "split_label": split_label,
    "label_role": label_role,
    "is_measure_heading": is_measure_heading,
    "is_indicator_heading": is_indicator_heading,
    "join_spaced_letters": join_spaced_letters,
    "read_prose": lambda text: read_prose(_outside(f"มาตรการที่ 1 ก\nขั้นตอน\n{text}\nผู้รับผิดชอบ: กองคลัง")),
    "read_title_page": lambda text: read_title_page(_outside(text), "plan.txt"),
    "wrapped": lambda text: list(wrapped(text)),
    "a text file": _file(".txt"),
    "a quoted text file": _file(".txt", '\t"'),
    "a file of commas": _file(".csv"),
    "a web page": _file(".html", "<p>"),
    "a web page's cell": _file(".html", "<table><tr><td>", "</td></tr></table>"),
    **{f"column {column}": _assembled(column=column) for column in range(5)},
}
"""Parts of the reader that take a text, by name."""


@dataclass(frozen=True, slots=True)
class Slow:
    """An input that takes too long; `letters` says what was repeated and how."""

    letters: str
    seconds: float


class _TooSlowError(Exception):
    pass


def seconds_of(call: Callable[[str], object], text: str) -> float:
    """Processor time of a call, at most some more than `_GIVE_UP`."""
    begun = time.process_time()
    signal.signal(signal.SIGVTALRM, _give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, _GIVE_UP)
    try:
        call(text)
    except (PlanFileError, _TooSlowError):
        pass
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - begun


def _give_up(_number: int, _frame: object) -> None:
    raise _TooSlowError


def repeats(most: int, piece: str, other: str) -> Iterator[tuple[str, str]]:
    """Name and text of each way to repeat two pieces, up to a length in bytes."""
    alone, both = most // len(piece.encode()), most // len((piece + other).encode())
    yield f"{piece!r}, {other!r}, again and again", (piece + other) * both
    yield f"{piece!r} many times, then {other!r} as often", piece * both + other * both
    yield f"{other!r}, then {piece!r} many times, then a letter", f"{other}{piece * alone}ฮ"


def _slow_ones(call: Callable[[str], object], pairs: Sequence[tuple[str, str]]) -> Iterator[Slow]:
    """Inputs at a short length first, at full length where that raises suspicion."""
    for piece, other in pairs:
        ways = zip(repeats(_SHORT, piece, other), repeats(MOST_BYTES, piece, other), strict=True)
        for (_, text), (letters, whole) in ways:
            if seconds_of(call, text) < _SUSPECT or seconds_of(call, text) < _SUSPECT:
                continue
            taken = seconds_of(call, whole)
            if taken > MOST_SECONDS:
                yield Slow(letters, taken)


def pairs_of_pieces() -> list[tuple[str, str]]:
    """Every two signs, and every word with each of the signs that stand between words."""
    words = [pair for word in WORDS for sign in _BETWEEN for pair in ((word, sign), (sign or word, word))]
    return list(dict.fromkeys([*product(_SIGNS, _SIGNS), *words]))


def main(names: Iterable[str]) -> int:
    """Sweep the named calls, or all; 1 if any is too slow."""
    wanted = tuple(names)
    calls = {name: call for name, call in CALLS.items() if not wanted or name in wanted}
    pairs = pairs_of_pieces()
    count = 0
    for name, call in calls.items():
        slow_ones = list(islice(_slow_ones(call, pairs), _MOST_ALIKE))
        count += bool(slow_ones)
        print(f"repeats: {name}: {f'at least {len(slow_ones)} too slow' if slow_ones else 'quick'}", flush=True)
        for slow in slow_ones:
            print(f"  {slow.seconds:.1f} s on {slow.letters}")
    return int(count > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
