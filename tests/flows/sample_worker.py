"""The worker, with the sample flows among those that it runs."""

from __future__ import annotations

import sys

from flows.entrypoints import OURS
from flows.worker import main

SAMPLES = ("quick", "raising", "leaving", "slow", "brief", "sync", "missing")

if __name__ == "__main__":
    sys.exit(main(OURS | {f"tests.flows.sample_flows.{name}" for name in SAMPLES}))
