"""Walks the whole table of permissions over HTTP: every role at every address, in the own and in another office."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import pytest
from httpx2 import Response

from bench.midyear import PNG
from plans.examples import plan_2566
from tests.databases import drop
from tests.each import check_each
from tests.web.permission_table import Cell, addresses, cells
from tests.web.permission_world import KEPT, WALKED, World
from web.door.visit import SESSION_COOKIE

REFUSED = {"in", "no", "none"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, postgres: str) -> Iterator[World]:
    """On PostgreSQL: most tests of the pages and of the interface have only SQLite, and rely on this walk."""
    made = World(tmp_path_factory.mktemp("walk"), postgres)
    yield made
    made.system.store.close()
    for name in (WALKED, KEPT):
        drop(postgres, name)


def asked(world: World, cell: Cell) -> Response:
    path = world.filled(cell.path, cell.target, cell.role)
    if cell.path.startswith("/api/"):
        return asked_by_program(world, cell, path)
    headers = {"cookie": f"{SESSION_COOKIE}={world.tokens[cell.role]}"} if cell.role in world.tokens else {}
    if cell.method == "GET":
        return world.client.get(path, headers=headers)
    return world.client.request(cell.method, path, headers=headers, data=world.form(cell.path, cell.target, cell.role))


def asked_by_program(world: World, cell: Cell, path: str) -> Response:
    program = world.programs.get(cell.role)
    headers = {"authorization": f"Bearer {program.secret}"} if program else {}
    if cell.method not in {"POST", "PUT"}:
        return world.client.request(cell.method, path, headers=headers)
    if path.endswith("/evidence"):
        return world.client.post(path, headers=headers, files={"file": ("ภาพ.png", PNG)})
    if path.endswith("/plans/read"):
        plan = plan_2566().plan
        return world.client.post(path, headers=headers, files={"file": (plan.name, plan.read_bytes())})
    return world.client.request(cell.method, path, headers=headers, json=world.body(cell.path, cell.target))


def word(answer: Response) -> str:
    """What the table calls an answer."""
    if answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?back="):
        return "in"
    if answer.status_code < 400:
        return "ok"
    return {403: "no", 404: "none"}.get(answer.status_code, str(answer.status_code))


LINES = {line: list(told) for line, told in groupby(cells(), lambda cell: f"{cell.method} {cell.path} {cell.target}")}


@pytest.mark.parametrize("line", LINES)
def test_the_answer_is_the_tables(world: World, line: str) -> None:
    def check(cell: Cell) -> None:
        before = world.begun
        answer = asked(world, cell)
        after = world.lines()
        if after != before or (cell.method != "GET" and cell.answer not in REFUSED):
            world.put_back()
        assert word(answer) == cell.answer, answer.text[-600:]
        assert cell.answer not in REFUSED or after == before

    check_each(LINES[line], check, lambda cell: cell.name)


def test_every_cell_of_the_table_is_walked() -> None:
    assert [cell for told in LINES.values() for cell in told] == cells()


def test_every_address_of_the_application_is_in_the_table(world: World) -> None:
    entered = {(cell.method, cell.path) for cell in cells()}
    assert sorted(set(addresses(world.app.routes)) - entered) == [], "say in permissions.txt who may come here"
    assert sorted(entered - set(addresses(world.app.routes))) == [], "nothing is at these addresses any more"
