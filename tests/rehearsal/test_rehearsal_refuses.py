from __future__ import annotations

from pathlib import Path

import pytest

from plans.examples import plan_2566
from tests.cli.command import Sucharit, files_of_at_most

PLAN = str(plan_2566().plan)


@pytest.fixture
def sucharit(tmp_path: Path) -> Sucharit:
    return Sucharit(tmp_path / "unused", is_forked=True)


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            (PLAN, "--silent", "กองอวกาศ"),
            "There is no division “กองอวกาศ” here. The office has: สำนักปลัด (palad), กองคลัง",
        ),
        ((PLAN, "--fiscal-year", "2023"), "“2023” is not a fiscal year. Write the Buddhist-era year in four digits"),
        (("letter.txt",), "“letter.txt” has no table of measures. Give the document"),
        (("binary.yaml",), "“binary.yaml” is not text"),
        (("binary.txt",), "“binary.txt” is not text"),
        (("missing.yaml",), "“missing.yaml” cannot be opened (No such file or directory). Check the path"),
    ],
    ids=["silent division", "fiscal year", "no plan", "binary review", "binary plan", "missing"],
)
def test_what_cannot_be_rehearsed_is_said_in_one_sentence_and_leaves_nothing(
    sucharit: Sucharit, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    (tmp_path / "letter.txt").write_text("เรียน นายกเทศมนตรี\n", encoding="utf-8")
    (tmp_path / "binary.yaml").write_bytes(b"\x00\x81\xff" * 100)
    (tmp_path / "binary.txt").write_bytes(b"\x00\x81\xff" * 100)
    before = left(tmp_path)
    sentence = sucharit.refused("rehearse", *words, "--out", "out", cwd=tmp_path)
    assert sentence.startswith(said)
    assert "\n" not in sentence
    assert left(tmp_path) == before


def test_a_folder_that_is_there_already_is_not_touched(sucharit: Sucharit, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    sentence = sucharit.refused("rehearse", PLAN, "--out", "out", cwd=tmp_path)
    assert sentence == "out is there already. Name a folder that does not exist yet."
    assert left(tmp_path) == {"out"}
    assert left(tmp_path / "out") == set()


def test_a_file_where_the_folder_above_should_be_is_named(sucharit: Sucharit, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    sentence = sucharit.refused("rehearse", PLAN, "--out", "file/out", cwd=tmp_path)
    assert sentence.startswith(f"File exists ({tmp_path / 'file'}).")
    assert left(tmp_path) == {"file"}


def test_a_disk_too_full_to_read_a_plan_is_named(sucharit: Sucharit, tmp_path: Path) -> None:
    sentence = sucharit.refused("rehearse", PLAN, "--out", "out", cwd=tmp_path, before=files_of_at_most(20_000))
    assert sentence.startswith("No space left on device")
    assert left(tmp_path) == set()


@pytest.mark.parametrize("room", [600_000, 2_000_000])
def test_a_full_disk_leaves_nothing_of_a_rehearsal(sucharit: Sucharit, tmp_path: Path, room: int) -> None:
    sentence = sucharit.refused("rehearse", PLAN, "--out", "out", cwd=tmp_path, before=files_of_at_most(room))
    assert sentence.startswith("The rehearsal could not be saved:")
    assert sentence.endswith(f"Nothing is half-written. Free some space in {tmp_path} and repeat.")
    assert left(tmp_path) == set()
