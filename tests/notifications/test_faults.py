from __future__ import annotations

import pickle
from collections.abc import Iterator
from string import Formatter

import pytest

from notifications.faults import DeliveryError

FACTS = {"server": "mail:25", "sender": "a@b", "to": "c@d", "reply": "550 {x}", "timeout_s": 30.0}
OWN_FACTS = {"address": "x@y", "key": "k", "breaks": 3}


def below(kind: type[DeliveryError]) -> Iterator[type[DeliveryError]]:
    for child in kind.__subclasses__():
        yield child
        yield from below(child)


def names(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


every_fault = pytest.mark.parametrize("kind", sorted(set(below(DeliveryError)), key=str))


@every_fault
def test_every_fault_has_its_own_sentence_in_both_languages(kind: type[DeliveryError]) -> None:
    facts = FACTS | OWN_FACTS
    assert names(kind.english) | names(kind.thai) <= set(facts)
    error = kind(**facts)
    assert "{" not in str(error).replace("{x}", "")
    assert error.in_thai()
    assert not (error.permanent and error.is_server_fault)


@every_fault
def test_every_fault_travels_between_processes(kind: type[DeliveryError]) -> None:
    error = pickle.loads(pickle.dumps(kind(**FACTS, **OWN_FACTS)))
    assert (type(error), error.in_thai()) == (kind, kind(**FACTS, **OWN_FACTS).in_thai())
