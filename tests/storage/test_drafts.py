from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from storage.drafts import StoredDraft, Trial
from storage.store import Store
from tests.storage.rows import KEY, NOW, add_office

DRAFT: Final = StoredDraft("d1", "แผน.docx", "ab" * 32, '{"a": 1}', "{}", 1, NOW, "the-admin", NOW, "the-admin")
TRIAL: Final = Trial(2566, 1, "ab" * 32, "{}", NOW, "the-admin")


@pytest.fixture
def founded(store: Store) -> Store:
    add_office(store)
    return store


def test_a_draft_comes_back_as_it_was_stored(founded: Store) -> None:
    with founded.unit_of_work(KEY) as uow:
        uow.plan_drafts.add(DRAFT)
        uow.commit()
    with founded.reader(KEY) as uow:
        assert uow.plan_drafts.get("d1") == DRAFT
        assert uow.plan_drafts.get("d2") is None


def test_a_draft_is_saved_only_over_the_version_that_was_read(founded: Store) -> None:
    after = replace(DRAFT, review='{"b": 2}', version=2, became=(2566, 3), changed_at=NOW + timedelta(hours=1))
    with founded.unit_of_work(KEY) as uow:
        uow.plan_drafts.add(DRAFT)
        assert not uow.plan_drafts.save(after, expected=2)
        assert uow.plan_drafts.save(after, expected=1)
        assert uow.plan_drafts.get("d1") == after


def test_the_draft_changed_last_comes_first_and_a_removed_one_is_gone(founded: Store) -> None:
    with founded.unit_of_work(KEY) as uow:
        uow.plan_drafts.add(DRAFT)
        uow.plan_drafts.add(replace(DRAFT, id="d2", changed_at=NOW + timedelta(hours=1)))
        assert [draft.id for draft in uow.plan_drafts.underway()] == ["d2", "d1"]
        uow.plan_drafts.remove("d2")
        assert [draft.id for draft in uow.plan_drafts.underway()] == ["d1"]


def test_a_draft_that_became_a_plan_is_found_with_it(founded: Store) -> None:
    with founded.unit_of_work(KEY) as uow:
        uow.plan_drafts.add(DRAFT)
        uow.plan_drafts.add(replace(DRAFT, id="d2", became=(2566, 3)))
        assert [draft.id for draft in uow.plan_drafts.underway()] == ["d1"]
        assert [draft.id for draft in uow.plan_drafts.of(2566, 3)] == ["d2"]
        assert uow.plan_drafts.of(2566, 1) == []


def test_a_rehearsal_takes_the_place_of_the_same_one_and_of_the_oldest(founded: Store) -> None:
    with founded.unit_of_work(KEY) as uow:
        for hour, silent in enumerate("abca"):
            uow.plan_trials.put(replace(TRIAL, silent=silent, made_at=NOW + timedelta(hours=hour)), most=2)
        uow.plan_trials.put(replace(TRIAL, revision=2), most=2)
        assert [trial.silent for trial in uow.plan_trials.of(2566, 1)] == ["a", "c"]
