"""How many letters are lost or doubled when the delivering process is killed: `python -m bench.kill`."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path
from time import perf_counter

from storage.store import Store
from tests.kill.killing import Outcome, deliver_under_fire


def main() -> None:
    """Kill, count, print one line for each round and one for all."""
    parser = argparse.ArgumentParser(prog="python -m bench.kill", description=__doc__)
    parser.add_argument("--letters", type=int, default=300, help="letters of one round")
    parser.add_argument("--kills", type=int, default=30, help="kills of one round")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, each with moments of its own")
    parser.add_argument("--seed", type=int, default=1, help="draws the moments of the first round")
    parser.add_argument("--database", default="", help="URL of an empty database, for one round; else SQLite files")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="sucharit-kill-"))
    rounds = 1 if options.database else options.rounds
    print(f"{'round':>6} {'letters':>8} {'kills':>6} {'lost':>5} {'doubled':>8} {'seconds':>8}")
    outcomes = []
    try:
        for number in range(rounds):
            url = options.database or f"sqlite:///{folder / f'{number}.db'}"
            outcomes.append(_round(url, number, options.letters, options.kills, options.seed + number))
    finally:
        shutil.rmtree(folder)
    lost, doubled, kills = (sum(getattr(o, name) for o in outcomes) for name in ("lost", "doubled", "kills"))
    print(f"lost {lost}, doubled {doubled}, kills {kills}")
    if lost or doubled > kills or any(o.faults for o in outcomes):
        raise SystemExit("more than one double per kill, a loss, or a broken ledger")


def _round(url: str, number: int, letters: int, kills: int, seed: int) -> Outcome:
    began = perf_counter()
    store = Store(url)
    store.migrate()
    store.close()
    outcome = deliver_under_fire(url, letters=letters, kills=kills, seed=seed)
    seconds = perf_counter() - began
    print(f"{number + 1:>6} {letters:>8} {outcome.kills:>6} {outcome.lost:>5} {outcome.doubled:>8} {seconds:>8.1f}")
    return outcome


if __name__ == "__main__":
    main()
