"""When the clockwork runs: moments of measures, waking it, the daily sweep."""
