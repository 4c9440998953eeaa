from __future__ import annotations

from datetime import timedelta

from tests.cli.command import Sucharit
from tests.cli.conftest import last_year


def test_a_holding_gets_its_last_day_and_the_ledger_says_so(sucharit: Sucharit) -> None:
    ended = sucharit.done(
        "post", "end", "chang-head", "the-chang-head", "--from", "2022-10-01", "--to", last_year().end.isoformat()
    )
    assert f"until {last_year().end}" in ended
    assert last_year().end.isoformat() in sucharit.done("office", "show")
    assert "post.ended" in sucharit.done("ledger", "show")


def test_a_last_day_before_the_first_one_is_refused(sucharit: Sucharit) -> None:
    before = (last_year().start - timedelta(days=9000)).isoformat()
    told = sucharit.refused("post", "end", "chang-head", "the-chang-head", "--from", "2022-10-01", "--to", before)
    assert "The last day is before the first one." in told
