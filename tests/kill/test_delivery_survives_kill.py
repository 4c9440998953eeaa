from __future__ import annotations

import pytest

from domain.outbox import LetterState
from tests.kill.killing import deliver_under_fire

LETTERS, KILLS = 60, 5


@pytest.mark.parametrize("seed", [2566])
def test_no_letter_is_lost_and_none_doubled_beyond_the_kills(database_url: str, seed: int) -> None:
    outcome = deliver_under_fire(database_url, letters=LETTERS, kills=KILLS, seed=seed)
    assert outcome.kills == KILLS
    assert outcome.lost == 0
    assert outcome.doubled <= outcome.kills
    assert all(len(identities) == 1 for identities in outcome.ids.values()), "a double has another Message-ID"
    assert outcome.states == {LetterState.SENT: LETTERS}
    assert set(outcome.sent_lines.values()) == {1}
    assert len(outcome.sent_lines) == LETTERS
    assert outcome.faults == []
