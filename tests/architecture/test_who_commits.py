"""Doors commit. A service that does it by itself is named here with its reason: it may leave half a change behind."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.architecture.rooms import SOURCES, name_of, parsed

COMMITS: Final = {
    "services/access/send_link.py send_sign_in_link": "the letter must be stored before it is sent",
    "services/access/sign_in.py _entering": "who comes in stands before the door: no page has a desk for them yet",
    "services/access/sign_in.py end_session": "signing out stands, whatever the page does next",
    "services/access/sign_in.py session_of": "that a session was used is written while a page is read",
    "services/access/tokens.py token_of": "that a token was used is written while a program reads",
    "services/integrations/send_webhooks.py _settle": "what became of a call is kept before the next call",
    "services/integrations/send_webhooks.py tell_hooks": "a lease must be seen by other workers before the call",
    "services/outbox/deliver.py _compose": "letters must wait in the outbox before any of them is leased",
    "services/outbox/deliver.py _lease": "a lease must be seen by other workers before the mail server is spoken to",
    "services/outbox/settle.py take_over": "what the dead held must be free before anything is leased",
    "services/outbox/settle.py put_back": "letters given back must be free before the worker is gone",
    "services/outbox/settle.py _settle": "that a letter is sent is kept before the next batch: else it is sent twice",
    "services/rehearsal/play.py _hand_ins": "a played day is the door: there is nobody before the pages",
    "services/rehearsal/play.py _morning": "a played day is the door: there is nobody before the pages",
    "services/rehearsal/play.py _reports": "a quarter is frozen before its document is rendered",
    "services/rehearsal/play.py _reviews": "a played day is the door: there is nobody before the pages",
    "services/rehearsal/rehearse.py _set_up": "the year is played on the office that this stores",
    "services/reporting/quarter_report.py render": "the rendering lies between two transactions",
    "services/setup/clean_published.py _clean": "a start cleans copy by copy; killed, it goes on with the rest",
    "services/setup/demo.py _play_last_year": "the year is played on the office that this stores",
    "services/setup/demo.py _start_this_year": "it is carried over by another connection, which sees what is committed",
    "services/setup/found_office.py found_office": "the link for the administrator is made for an office that is there",
    "services/setup/remove_demo.py remove_demo": "the folder must not say that it is gone before it is",
    "tasks/measures.py _advance": "a task is a door",
    "tasks/offices.py _freeze": "a task is a door",
    "tasks/offices.py _mark": "a task is a door",
}


def _commits(tree: ast.AST, inside: str = "") -> Iterator[str]:
    """Names of the functions in which something is committed, the innermost of each."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield inside
        yield from _commits(node, node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else inside)


def _in_module(path: Path) -> set[str]:
    return {f"{name_of(path)} {function}" for function in _commits(parsed(path))}


def test_only_these_of_services_and_tasks_commit() -> None:
    found = set().union(*(_in_module(path) for path in SOURCES if name_of(path).startswith(("services/", "tasks/"))))
    assert found == set(COMMITS)
