"""What each of our programs does before anything else: the first line of every `main`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from domain.errors import SucharitError
from services.private import ONLY_OWNER, umask_for
from services.settings import SettingsError, read_settings


def enter(*, signs: bool = False) -> None:
    """Let other users of the machine read nothing that this process writes.

    Args:
        signs: Whether it signs links and webhooks: it ends here, with the reason, where it has not the secret that
            the database knows.
    """
    os.umask(ONLY_OWNER)
    with suppress(SettingsError):  # told in words by whatever needs them; some commands need none
        os.umask(umask_for(read_settings().home_group))
    if signs:
        _end_without_secret()


def _end_without_secret() -> None:
    from services.wiring import system  # noqa: PLC0415 -- Prefect's server needs none of what it brings

    try:
        system().secret  # noqa: B018 -- looking is the check
    except (SucharitError, OSError) as fault:
        sys.stderr.write(f"{fault}\n")
        raise SystemExit(1) from None
