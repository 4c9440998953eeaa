"""API: what programs can do here, made from the OpenAPI document itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.routing import Mount

from web.door.rights import roles_of
from web.door.visit import visit_if_any
from web.view.render import render

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing a program can do: method and path, in words, with the fields of its body."""

    method: str
    path: str
    summary: str
    scope: str
    query: tuple[str, ...]
    body: tuple[str, ...]
    answer: str


@router.get("/api")
def interface(request: Request) -> Response:
    """The list of operations by subject, for everybody who reads it."""
    visit = visit_if_any(request)
    if visit is not None:
        with visit.reading() as desk:
            roles_of(visit, desk)  # the menu asks for it
    document = _document(request)
    groups: dict[str, list[Operation]] = {}
    for tag, operation in _operations(document):
        groups.setdefault(tag, []).append(operation)
    return render(request, "public/interface.html", visit=visit, groups=groups, about=document["info"]["description"])


def _document(request: Request) -> dict[str, Any]:
    mounted = next(r.app for r in request.app.routes if isinstance(r, Mount) and r.name == "api")
    document: dict[str, Any] = mounted.openapi()  # type: ignore[attr-defined]
    return document


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, Operation]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield (
                operation["tags"][0],
                Operation(
                    method=method.upper(),
                    path=f"/api{path}",
                    summary=operation.get("description", "").split("\n")[0],
                    scope=", ".join(
                        scope for need in operation.get("security", []) for scope in next(iter(need.values()))
                    ),
                    query=tuple(
                        parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "query"
                    ),
                    body=tuple(_fields(document, operation.get("requestBody", {}))),
                    answer=_answer(operation["responses"]),
                ),
            )


def _fields(document: dict[str, Any], body: dict[str, Any]) -> Iterator[str]:
    for content in body.get("content", {}).values():
        name = content["schema"].get("$ref", "").rpartition("/")[2]
        schema = document["components"]["schemas"].get(name, {})
        for field in schema.get("properties", {}):
            yield field if field in schema.get("required", []) else f"{field}?"


def _answer(responses: dict[str, Any]) -> str:
    """Name of the document that a call which went well answers with."""
    for status in ("200", "201"):
        for content in responses.get(status, {}).get("content", {}).values():
            schema = content.get("schema", {})
            is_list = schema.get("type") == "array"
            ref: str = (schema.get("items", {}) if is_list else schema).get("$ref", "")
            return ref.rpartition("/")[2] + ("[]" if is_list else "")
    return ""
