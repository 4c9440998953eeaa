"""The OpenAPI document: as FastAPI finds it, with our problems in place of its own."""

from __future__ import annotations

import json
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from web.api.problems import MEDIA_TYPE, Fault, Problem

_ALWAYS: Final = {
    "401": "No token, or one that opens nothing.",
    "403": "The token, or its person, may not do this.",
    "404": "There is no such thing in the office.",
    "422": "The request cannot be used; `errors` or `detail` says why.",
    "429": "Too often, or something of the kind runs already; try again later.",
    "503": "The database or the clockwork does not answer.",
}
_CHANGING: Final = {
    "400": "It cannot be done as asked.",
    "409": "It was changed since it was read, is there already, or its state has no such move.",
    "413": "What was sent is too large.",
    "502": "The clockwork refused.",
}
_FOREIGN: Final = ("HTTPValidationError", "ValidationError")
_GIVEN_OUT: Final = {"Bucket": "Shelf"}
"""Names of ours to those that programs have been made with, which stay."""


def describe(api: FastAPI) -> dict[str, Any]:
    """The document, made once."""
    if api.openapi_schema is None:
        document = get_openapi(
            title=api.title,
            version=api.version,
            description=api.description,
            routes=api.routes,
            servers=[{"url": "/api"}],
            tags=api.openapi_tags,
        )
        schemas: dict[str, Any] = document["components"]["schemas"]
        for name in _FOREIGN:
            schemas.pop(name, None)
        models = [(Problem, "serialization"), (Fault, "serialization")]
        _, made = models_json_schema(models, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
        schemas.update(made["$defs"])
        for path in document["paths"].values():
            for method, operation in path.items():
                _add_problems(operation, is_changing=method != "get")
        api.openapi_schema = _as_given_out(document)
    return api.openapi_schema


def _as_given_out(document: dict[str, Any]) -> dict[str, Any]:
    text, head = json.dumps(document), "#/components/schemas/"
    for ours, theirs in _GIVEN_OUT.items():
        text = text.replace(f'"{head}{ours}"', f'"{head}{theirs}"')
    renamed: dict[str, Any] = json.loads(text)
    schemas = renamed["components"]["schemas"]
    for ours, theirs in _GIVEN_OUT.items():
        schemas[theirs] = {**schemas.pop(ours), "title": theirs}
    return renamed


def _add_problems(operation: dict[str, Any], *, is_changing: bool) -> None:
    answers = operation["responses"]
    for status, description in (_ALWAYS | (_CHANGING if is_changing else {})).items():
        schema = {"$ref": "#/components/schemas/Problem"}
        answers[status] = {"description": description, "content": {MEDIA_TYPE: {"schema": schema}}}
