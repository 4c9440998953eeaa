"""Keeps what the service writes from other users of the machine: the owner alone may read it, or one named group."""

from __future__ import annotations

import contextlib
import grp
import os
import stat
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

ONLY_OWNER: Final = 0o077
ONLY_GROUP: Final = 0o007
OURS: Final = (
    "sucharit.db*",
    "web.secret*",
    "prefect*",
    "files",
    "logs",
    "mailbox",
    "previews",
    "demo-part",
    "no-demo",
    "up.lock",
    "lost+found",  # the home may be a disk of its own
)
"""Names at the top of the home. Whatever else lies there is somebody's own, and its rights are theirs to give."""

MOST_SEEN: Final = 1000


def umask_for(group: str) -> int:
    """What a process takes away from the rights of everything it makes."""
    return ONLY_GROUP if group else ONLY_OWNER


def make_home(folder: Path, group: str) -> None:
    """Have the home, and close in it what an earlier version or a person left open to others.

    Only what is ours is touched: known names, owned by this process's user, reached without following a link. What
    cannot be closed stays as it is, and `doctor` says so.

    Raises:
        OSError: The folder cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    gid = _gid(group)
    for top, folders, names, here in os.fwalk(folder, follow_symlinks=False):
        is_ours_alone = True
        if Path(top) == folder:
            is_ours_alone = all(_is_ours(name) for name in (*folders, *names))
            folders[:], names[:] = filter(_is_ours, folders), filter(_is_ours, names)
        if is_ours_alone:
            _close(here, gid)
        for name in names:
            _close_file(name, here, gid)


def _is_ours(name: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in OURS)


def _gid(group: str) -> int | None:
    return grp.getgrnam(group).gr_gid if group else None


def _close_file(name: str, folder: int, gid: int | None) -> None:
    with contextlib.suppress(OSError):  # gone meanwhile, or not ours to open
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if not stat.S_ISREG(status.st_mode) or _is_right(status, gid):
            return
        # Changed through what was opened: a link put in its place meanwhile would lead somewhere else.
        number = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
        try:
            _close(number, gid)
        finally:
            os.close(number)


def _close(number: int, gid: int | None) -> None:
    """Set the rights of an open file or folder, where it is ours and the disk knows rights."""
    with contextlib.suppress(OSError):
        status = os.fstat(number)
        if status.st_uid != os.geteuid() or status.st_mode & stat.S_ISVTX or _is_right(status, gid):
            return  # a folder with the sticky bit, like /tmp, is everybody's
        if _is_for_group(status, gid) and status.st_gid != gid:
            os.fchown(number, -1, gid if gid is not None else -1)
            status = os.fstat(number)
        os.fchmod(number, _right(status, gid))


def _is_right(status: os.stat_result, gid: int | None) -> bool:
    is_in_group = not _is_for_group(status, gid) or status.st_gid == gid
    return is_in_group and stat.S_IMODE(status.st_mode) == _right(status, gid)


def _is_for_group(status: os.stat_result, gid: int | None) -> bool:
    # A file with a second name may be known outside of the home, too: the group gets no rights on it from here.
    return gid is not None and (stat.S_ISDIR(status.st_mode) or status.st_nlink == 1)


def _right(status: os.stat_result, gid: int | None) -> int:
    """The mode it should have: rights are only taken away, but for those of the group named."""
    owner = stat.S_IMODE(status.st_mode) & stat.S_IRWXU
    if not _is_for_group(status, gid) or status.st_gid != gid:
        return owner
    return owner | owner >> 3 | (stat.S_ISGID if stat.S_ISDIR(status.st_mode) else 0)


def seen_by_others(folder: Path, group: str) -> list[Path]:
    """What other users can read in the home, or write; at most `MOST_SEEN`. A closed folder hides all that is in it."""
    paths: list[Path] = []
    for path in _reachable(folder, _gid(group)):
        paths.append(path)
        if len(paths) == MOST_SEEN:
            break
    return paths


def _reachable(path: Path, gid: int | None) -> Iterator[Path]:
    try:
        mode = path.lstat()
    except OSError:
        return
    others = _others(mode, gid)
    if stat.S_ISLNK(mode.st_mode) or not others:
        return
    yield path
    if stat.S_ISDIR(mode.st_mode) and others & 0o011:
        with contextlib.suppress(OSError):
            for inside in sorted(path.iterdir()):
                yield from _reachable(inside, gid)


def _others(status: os.stat_result, gid: int | None) -> int:
    """Rights of those for whom it is not meant."""
    return status.st_mode & (ONLY_GROUP if gid is not None and status.st_gid == gid else ONLY_OWNER)
