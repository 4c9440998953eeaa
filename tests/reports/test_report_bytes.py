"""The same snapshot gives the same bytes, here and in another process."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document

from reports.build_template import TARGET, build
from reports.quarter import render_quarter
from tests.reports.factories import make_snapshot
from tests.reports.real_plan import make_real_quarter

ROOT = Path(__file__).parents[2]
HASH_IN_ANOTHER_PROCESS = """
import hashlib
from reports.quarter import render_quarter
from tests.reports.real_plan import make_real_quarter
print(hashlib.sha256(render_quarter(make_real_quarter())).hexdigest())
"""


def test_the_same_snapshot_gives_the_same_bytes() -> None:
    assert render_quarter(make_real_quarter()) == render_quarter(make_real_quarter())


@pytest.mark.parametrize("seed", ["1", "4242"])
def test_another_process_gives_the_same_bytes(seed: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", HASH_IN_ANOTHER_PROCESS],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == hashlib.sha256(render_quarter(make_real_quarter())).hexdigest()


def test_another_revision_gives_other_bytes() -> None:
    assert render_quarter(make_snapshot(revision=2)) != render_quarter(make_snapshot(revision=1))


def test_no_part_bears_the_time_of_writing() -> None:
    with zipfile.ZipFile(io.BytesIO(render_quarter(make_snapshot()))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_file_says_it_was_written_on_the_day_of_freezing() -> None:
    core = Document(io.BytesIO(render_quarter(make_snapshot()))).core_properties
    frozen = datetime(2023, 4, 10, tzinfo=UTC)
    assert [at.replace(tzinfo=UTC) for at in (core.created, core.modified) if at] == [frozen, frozen]
    assert (core.language, core.revision) == ("th-TH", 1)


def test_the_template_is_what_its_script_builds() -> None:
    assert TARGET.read_bytes() == build()
