from __future__ import annotations

import pickle
from collections.abc import Iterator
from string import Formatter

import pytest

from notifications.channel import Failed
from notifications.faults import (
    AccountFaultError,
    Blame,
    DeliveryError,
    RecipientRefusedError,
    UnforeseenFaultError,
)

FACTS = {"server": "mail:25", "sender": "a@b", "to": "c@d", "reply": "550 {x}", "timeout_s": 30.0}
OWN_FACTS = {"address": "x@y", "key": "k", "breaks": 3, "domain": "d.example", "seconds": "45"}


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
def test_every_fault_of_the_account_says_what_its_administrator_does_and_never_blames_the_address(
    kind: type[DeliveryError],
) -> None:
    said = kind(**FACTS | OWN_FACTS)
    if kind.blame is Blame.ACCOUNT and kind is not AccountFaultError:
        assert "all mail waits" in str(said)
        assert "อีเมลทั้งหมดรอส่งอยู่" in said.in_thai()
    assert ("Check the address" in str(said)) == (kind is RecipientRefusedError)


@pytest.mark.parametrize("blame", Blame)
def test_only_recipient_and_message_are_for_good_and_only_connection_and_account_stop_all(blame: Blame) -> None:
    kind = next(kind for kind in below(DeliveryError) if kind.blame is blame)
    error = kind(**FACTS | OWN_FACTS)
    assert error.permanent == (blame in {Blame.RECIPIENT, Blame.MESSAGE})
    assert error.is_server_fault == (blame in {Blame.CONNECTION, Blame.ACCOUNT})
    assert Failed(error).blame is blame


def test_a_fault_that_nobody_foresaw_leaves_open_whether_the_letter_was_taken() -> None:
    assert UnforeseenFaultError.is_unforeseen
    assert UnforeseenFaultError.is_unsure


@every_fault
def test_every_fault_travels_between_processes(kind: type[DeliveryError]) -> None:
    error = pickle.loads(pickle.dumps(kind(**FACTS, **OWN_FACTS)))
    assert (type(error), error.in_thai()) == (kind, kind(**FACTS, **OWN_FACTS).in_thai())
