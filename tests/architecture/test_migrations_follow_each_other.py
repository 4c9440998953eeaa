from __future__ import annotations

import re

from tests.architecture.rooms import ROOT

FOLDER = ROOT / "storage" / "migrations" / "versions"


def test_each_migration_follows_the_one_numbered_before_it() -> None:
    files = sorted(path for path in FOLDER.glob("*.py"))
    said = [re.findall(r'^(?:down_)?revision = (?:"(\d+)"|None)$', path.read_text(), re.MULTILINE) for path in files]
    wanted = [[f"{n:04d}", f"{n - 1:04d}" if n > 1 else ""] for n in range(1, len(files) + 1)]
    assert said == wanted, "two migrations have one number, or a number is missing: renumber the newer one"
    assert [path.name[:4] for path in files] == [number for number, _ in wanted]
