"""Reading in a process of its own: the same draft, the same errors, and an end to what is slow or hungry."""

from __future__ import annotations

import os
import signal
import tempfile
import time
import zlib
from pathlib import Path

import pytest

from domain.fiscal import UnknownFiscalYearError
from plans import errors, guard
from plans.guard import guarded_read_plan
from plans.read import read_plan
from tests.plans.factories import SEED
from tests.plans.pdf_files import bare_pdf, stream


def test_the_draft_is_that_of_reading_in_this_process() -> None:
    assert guarded_read_plan(SEED) == read_plan(SEED)


def test_the_year_given_is_handed_on() -> None:
    assert guarded_read_plan(SEED, 2567) == read_plan(SEED, fiscal_year_be=2567)


def test_an_impossible_year_is_the_same_error() -> None:
    with pytest.raises(UnknownFiscalYearError) as ours:
        read_plan(SEED, fiscal_year_be=1)
    with pytest.raises(UnknownFiscalYearError) as theirs:
        guarded_read_plan(SEED, 1)
    assert theirs.value.facts == ours.value.facts


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"   "),
        ("a.txt", b"\xff\x00\x80" * 100),
        ("a.csv", "ก,ข\n".encode()),
        ("a.docx", b"PK\x03\x04"),
        ("a.pdf", b"%PDF-"),
        ("a.xyz", b"x"),
        ("แผน ปี.html", "<p>ไม่มีตาราง".encode()),
    ],
)
def test_an_error_arrives_with_its_class_and_facts(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(errors.PlanFileError) as ours:
        read_plan(path)
    with pytest.raises(errors.PlanFileError) as theirs:
        guarded_read_plan(path)
    assert (type(theirs.value), theirs.value.facts) == (type(ours.value), ours.value.facts)
    assert theirs.value.in_thai() == ours.value.in_thai()


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(errors.MissingFileError):
        guarded_read_plan(tmp_path / "none.txt")


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(50_000_001)
    began = time.monotonic()
    with pytest.raises(errors.TooLargeFileError):
        guarded_read_plan(path)
    assert time.monotonic() - began < 1


def test_what_needs_too_much_memory_ends_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    hidden = zlib.compress(b" " * 900_000_000, 1)  # called a picture, which the reader does not unpack to measure it
    path.write_bytes(bare_pdf(content=stream(hidden, "/Subtype/Image/Filter/FlateDecode")))
    with pytest.raises(errors.HeavyFileError) as caught:
        guarded_read_plan(path)
    assert "400 MB" in str(caught.value)
    assert "โปรดบันทึกเฉพาะตารางมาตรการ" in caught.value.in_thai()


def test_what_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_SECONDS", 1)
    path = tmp_path / "a.txt"
    os.mkfifo(path)  # opening it for reading waits for a writer that never comes
    began = time.monotonic()
    with pytest.raises(errors.SlowFileError) as caught:
        guarded_read_plan(path)
    assert time.monotonic() - began < 5
    assert "within 1 seconds" in str(caught.value)
    assert "โปรดบันทึกเฉพาะตารางมาตรการ" in caught.value.in_thai()


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    guarded_read_plan(SEED)
    assert list(tmp_path.iterdir()) == []


def test_the_reading_process_is_given_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUCHARIT_SECRET", "x")
    assert "SUCHARIT_SECRET" not in guard._environment(tmp_path)


@pytest.mark.parametrize("code", [-signal.SIGSEGV, -signal.SIGABRT])
def test_a_library_that_dies_of_the_file_is_an_error_of_the_file(code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_run", lambda *_: (code, "died"))
    with pytest.raises(errors.PlanFileError):
        guarded_read_plan(SEED)


def test_a_fault_of_our_own_is_not_blamed_on_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_run", lambda *_: (1, "Traceback …"))
    with pytest.raises(RuntimeError, match="Traceback"):
        guarded_read_plan(SEED)
