"""What a start does before anything runs: bring the tables up to date and, on the first start, make the demonstration.

`python -m services.setup.prepare` is the first child of `sucharit up`. It may be killed at any point and run again.
"""

from __future__ import annotations

import sys

from domain.errors import SucharitError
from services.access.installation import settle
from services.office.usual_office import DEMO_KEY
from services.private import make_home
from services.scheduler_key import made_key
from services.setup.clean_published import clean_published
from services.setup.demo import is_complete, make
from services.setup.entry import enter
from services.wiring import System, system


def prepare(running: System) -> list[str]:
    """Prepare the folder and the database; say what was done.

    Raises:
        BadSecretError, SecretMissingError, OtherSecretError, SecretUnprovenError: The file that signs links and
            webhooks is not the one that the database knows.
        DatabaseDownError: The database cannot be used. Nothing is half-made; the next start goes on from here.
    """
    # Before the database is opened: SQLite gives the files beside it the rights that the database has.
    make_home(running.settings.folder, running.settings.home_group)
    made_key(running.settings.folder)
    if running.settings.ledger_file is not None:
        running.settings.ledger_file.touch()  # an empty file is an empty database
    sentences = []
    if not running.store.is_current():
        running.store.migrate()
        sentences.append("the tables are up to date")
    settle(running.store, running.settings.secret_place)
    if running.settings.home_group:
        running.store.close()  # closing a file of SQLite's by hand would let go of the locks of this process
        make_home(running.settings.folder, running.settings.home_group)  # what was made since, the secret too
    sentences += clean_published(running)
    if wants_demo(running):
        sentences.append(_demonstration(running))
    return sentences


def _demonstration(running: System) -> str:
    """Make the demonstration; a service that has none runs as well as one that has."""
    try:
        make(running.store, running.files, running.clock(), running.settings.folder / "demo-part")
    except (SucharitError, OSError) as error:
        return f"the demonstration is not made, and the service runs without it: {error}"
    return f"the demonstration “{DEMO_KEY}” is made"


def wants_demo(running: System) -> bool:
    """Tell whether a demonstration is to be made: wanted, not removed, not there, and no office of one's own."""
    if not running.settings.demo or (running.settings.folder / "no-demo").exists():
        return False
    has_own = any(not office.is_demo for office in running.store.offices())
    return not has_own and not is_complete(running.store)


def main() -> int:
    """Prepare; return the exit code."""
    enter()
    try:
        for line in prepare(system()):
            sys.stdout.write(line + "\n")
    except (SucharitError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
