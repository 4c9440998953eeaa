"""The door of the administration: the holder of the administrator's post, on that day."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from domain.rights import Right
from web.door.form import Posting
from web.door.rights import check
from web.door.visit import Visit, Visiting


def administering(visit: Visit) -> Visit:
    """The visit, if it is an administrator's.

    Raises:
        NotForYouError: The visitor does not hold the post today.
    """
    with visit.reading() as desk:
        check(visit, desk, Right.ADMINISTER)
    return visit


def looking(visit: Visiting) -> Visit:
    """The visit of an administrator.

    Raises:
        NotForYouError: The visitor does not hold the post today.
    """
    return administering(visit)


def acting(visit: Posting) -> Visit:
    """The visit of an administrator who sent one of our forms.

    Raises:
        NotForYouError: The visitor does not hold the post today.
    """
    return administering(visit)


Looking = Annotated[Visit, Depends(looking)]
Acting = Annotated[Visit, Depends(acting)]
