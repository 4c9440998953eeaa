"""The published schema of a draft is the one that drafts keep."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from plans.read import read_plan
from plans.schema import as_schema
from plans.show import as_json

ROOT = Path(__file__).parents[2]
CORPUS = sorted(path for path in (ROOT / "tests/plans/corpus").iterdir() if path.suffix in {".csv", ".docx", ".xlsx"})


def test_the_published_schema_is_up_to_date() -> None:
    published = (ROOT / "docs/plan-draft.schema.json").read_text(encoding="utf-8")
    assert published == as_schema() + "\n", "write it anew: sucharit plan schema > docs/plan-draft.schema.json"


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_draft_keeps_the_schema(path: Path) -> None:
    jsonschema.validate(json.loads(as_json(read_plan(path))), json.loads(as_schema()))


def test_the_schema_has_the_names_that_programs_compare() -> None:
    schema = json.loads(as_schema())
    row = schema["$defs"]["Row"]["properties"]
    assert {"steps", "responsible", "period", "reporting", "publication_channels", "monitoring_duties"} <= set(row)
    assert {"organization", "fiscal_year_be", "document_kind", "column_roles", "measures", "left_out"} <= set(
        schema["properties"]
    )
