"""What holds of every played year, whatever happened in it; each function gives the faults it finds, in words.

They look at the record alone and not at how it came about, so that another engine's record can be held to them.
"""

from __future__ import annotations

from datetime import date

from tests.oracle.days import week_of
from tests.oracle.letters import LADDER
from tests.oracle.office import LINE, Level
from tests.oracle.world import Acknowledgment, Notice, Record

ABOUT_A_LATENESS = LADDER - {"reminder"}
MUST_BE_ABLE = {
    "opened": {"do"},
    "reopened": {"do"},
    "deadline_changed": {"do"},
    "reminder": {"do"},
    "overdue": {"do"},
    "handover": {"do", "decide", "order"},
    "decide_above": {"order"},
    "escalation_head": {"do", "order"},
    "escalation_clerk": {"do", "order"},
    "escalation_mayor": {"do", "order"},
    "handed_in": {"decide"},
    "cannot_do": {"decide"},
    "extension_asked": {"decide"},
    "decide_reminder": {"decide"},
}
MUST_BE_OPEN = ABOUT_A_LATENESS | {"opened", "reopened", "reminder", "deadline_changed"}
Lateness = tuple[str, date | None]


def nobody_above_is_told_before_those_below(record: Record) -> list[str]:
    """Find levels that heard of a lateness before a level below them had heard of the same."""
    faults = []
    for key, notices in by_lateness(record).items():
        words_of_it = [each for each in record.acknowledgments if (each.assignment, each.due) == key]
        for notice in notices:
            missing = [
                level for level in LINE[: max(notice.aimed)] if not had_heard(notices, words_of_it, notice, level)
            ]
            faults += [f"{words(notice)} before {level.name}" for level in missing]
    return faults


def by_lateness(record: Record) -> dict[Lateness, list[Notice]]:
    """Give the ladder's notices of each lateness, one assignment under one deadline."""
    found: dict[Lateness, list[Notice]] = {}
    for notice in record.notices:
        if notice.kind in ABOUT_A_LATENESS and notice.aimed:
            found.setdefault(lateness(notice), []).append(notice)
    return found


def had_heard(notices: list[Notice], acknowledged: list[Acknowledgment], notice: Notice, level: Level) -> bool:
    """Tell whether a level had heard of a notice's lateness by its day.

    By the ladder or by an acknowledgment: who acknowledges counts as told, those below got the words.
    """
    if any(level in each.aimed and each.day <= notice.day for each in notices):
        return True
    return any(level <= each.level and each.at.date() <= notice.day for each in acknowledged)


def lateness(notice: Notice) -> Lateness:
    return notice.assignment, notice.due


def no_notice_is_about_what_its_reader_cannot_act_on(record: Record) -> list[str]:
    """Find notices about what their readers could neither do, decide nor order, or what was no longer so."""
    faults = []
    for notice in record.notices:
        needed = MUST_BE_ABLE.get(notice.kind)
        if needed is not None and not needed & notice.may:
            faults.append(f"{words(notice)}: may only {sorted(notice.may)}")
        if notice.kind in MUST_BE_OPEN and notice.state not in {"open", "returned"}:
            faults.append(f"{words(notice)}: it was {notice.state}")
        if notice.kind in {"handed_in", "cannot_do"} and notice.state != notice.kind:
            faults.append(f"{words(notice)}: it was {notice.state}")
    return faults


def every_wait_has_a_next_notice(record: Record) -> list[str]:
    """Find what waited for somebody and had no next notice, or one without a name or of a day that was over."""
    faults = []
    for probe in record.probes:
        if not probe.next:
            faults.append(f"{probe.assignment} on {probe.day}: no next notice")
        if any(not person or day <= probe.day for day, person, _ in probe.next):
            faults.append(f"{probe.assignment} on {probe.day}: next notice {probe.next}")
        if len({day for day, _, _ in probe.next}) > 1:
            faults.append(f"{probe.assignment} on {probe.day}: more than one next day")
    return faults


def nobody_decides_alone_where_another_can(record: Record) -> list[str]:
    """Find decisions by who had handed in, asked or stated, while another person could have decided."""
    return [
        f"{each.assignment}: {each.decider} decided at {each.at} though {each.others} could"
        for each in record.decisions
        if each.decider == each.doer and each.others
    ]


def the_top_hears_of_the_ladder_once_a_week(record: Record) -> list[str]:
    """Find weeks in which the ladder, or another's delay in deciding, reached the top on more than one day."""
    heard: dict[tuple[str, date], set[date]] = {}
    for notice in record.notices:
        if notice.is_top and notice.kind in LADDER | {"decide_above"}:
            heard.setdefault((notice.person, week_of(notice.day)), set()).add(notice.day)
    return [
        f"{person} in the week of {week}: {sorted(days)}" for (person, week), days in heard.items() if len(days) > 1
    ]


def words(notice: Notice) -> str:
    return f"{notice.day} {notice.person} {notice.kind} {notice.assignment}"


ALL = (
    nobody_above_is_told_before_those_below,
    no_notice_is_about_what_its_reader_cannot_act_on,
    every_wait_has_a_next_notice,
    nobody_decides_alone_where_another_can,
    the_top_hears_of_the_ladder_once_a_week,
)


def faults_of(record: Record) -> list[str]:
    """Give the faults of all invariants; none for a good year."""
    return [fault for invariant in ALL for fault in invariant(record)]
