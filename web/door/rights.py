"""What a visitor may see and decide; the table stands in `domain.rights`, pages and interface only ask."""

from __future__ import annotations

from domain.assignment import Assignment
from domain.errors import there
from domain.moves import Move
from domain.people import Division, Level
from domain.rights import (
    OwnMatterError,
    Right,
    Roles,
    check_four_eyes,
    check_not_own_division,
    check_right,
    lies_with,
    moves_of,
)
from domain.rights import roles_of as roles_on
from services.desk import Desk
from services.overview import inbox
from web.door.visit import Visit


def roles_of(visit: Visit, desk: Desk) -> Roles:
    """What the visitor is today; heads belong to their division and supervise it. The menu shows what it allows."""
    roles = roles_on(desk.people, visit.person, desk.workdays.local_day(visit.now))
    visit.asked.append(roles)
    return roles


def check(visit: Visit, desk: Desk, right: Right) -> Roles:
    """What the visitor is, if it gives the right.

    Raises:
        NotForYouError: It does not.
    """
    roles = roles_of(visit, desk)
    check_right(roles, right)
    return roles


def check_over(visit: Visit, desk: Desk, right: Right, division: str) -> Roles:
    """What the visitor is, if it gives a right over a division.

    Raises:
        NotForYouError: It does not.
    """
    roles = roles_of(visit, desk)
    check_right(roles, right, desk.people.division(division) or Division(division, division))
    return roles


def check_for_office(visit: Visit, desk: Desk) -> Roles:
    """What the visitor is, if they publish for the office; who publishes nothing at all is told so first.

    Raises:
        NotForYouError: They may not.
    """
    roles = check(visit, desk, Right.OVERSEE)
    check_right(roles, Right.SPEAK_FOR_OFFICE)
    return roles


def divisions_with(desk: Desk, roles: Roles, right: Right) -> list[Division]:
    """Divisions over which the roles give a right, in the office's order."""
    return [division for division in desk.people.divisions if roles.has(right, division.key)]


def division_seen(visit: Visit, desk: Desk, key: str) -> Division:
    """A division whose work the visitor may see.

    Raises:
        NotFoundError: There is no such division.
        NotForYouError: They neither work in it nor supervise it.
    """
    remedy, thai = "Choose one on the overview.", "โปรดเลือกกองจากหน้าภาพรวม"
    division = there(
        desk.people.division(key), what="division", what_thai="กอง", key=key, remedy=remedy, remedy_thai=thai
    )
    check_right(roles_of(visit, desk), Right.SEE_DIVISION, division)
    return division


def moves_for(visit: Visit, desk: Desk, assignment: Assignment) -> list[Move]:
    """Moves that the state allows and the visitor may make now; what is their own matter is not offered."""
    line = desk.line(assignment.division, visit.now)
    allowed = moves_of(visit.person, assignment.division, desk.people, line.day)
    return [
        move
        for move in inbox.possible(assignment)
        if lies_with(visit.person, move, assignment, line)
        or (move in allowed and not _is_kept_from(visit, desk, assignment, move))
    ]


def _is_kept_from(visit: Visit, desk: Desk, assignment: Assignment, move: Move) -> bool:
    """Tell whether four eyes, or the lack of a level of one's own, keep the visitor from a move of the table."""
    line = desk.line(assignment.division, visit.now)
    if move is Move.ACKNOWLEDGE:
        return line.highest(visit.person) in (None, Level.OFFICER)
    try:
        check_four_eyes(visit.person, move, assignment, line, desk.people)
        if move is Move.CANCEL:
            check_not_own_division(visit.person, line, desk.people)
    except OwnMatterError:
        return True
    return False
