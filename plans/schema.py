"""The published JSON schema of a draft."""

from __future__ import annotations

import json

from plans.draft import Draft

_TITLE = "Sucharit plan draft"


def as_schema() -> str:
    """JSON schema (draft 2020-12) of what `as_json` gives."""
    schema = Draft.model_json_schema(mode="serialization")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": _TITLE}
    return json.dumps(
        head | {key: value for key, value in schema.items() if key != "title"}, indent=2, ensure_ascii=False
    )
