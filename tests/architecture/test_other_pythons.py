"""The command that tries other Pythons: what it says to whom it cannot help, and that it names nobody's hosts."""

from __future__ import annotations

import os
import re
import subprocess
from typing import Final

import pytest

from tests.architecture.rooms import ROOT

SCRIPT: Final = (ROOT / "tools" / "other_pythons.sh").read_text("utf-8")
NOBODY: Final = 65534


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_who_is_not_root_is_told_so_in_one_sentence() -> None:
    done = subprocess.run(["sh", "-s"], input=SCRIPT, user=NOBODY, cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "Only root can make a chroot: run this as root, on a machine with Debian's apt.\n"
    assert done.stdout == ""


def test_the_mirror_is_the_machines_own() -> None:
    assert "apt-get indextargets" in SCRIPT
    assert re.findall(r"https?:|\w\.(?:org|com|net|io)\b", SCRIPT) == []


def test_only_the_default_folders_that_exist_are_run() -> None:
    (default,) = re.findall(r"^TESTS=\$\{TESTS:-(.*)\}$", SCRIPT, re.MULTILINE)
    assert [folder for folder in default.split() if not (ROOT / folder).is_dir()] == []
