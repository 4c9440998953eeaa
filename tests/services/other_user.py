"""What another user of the machine can read: asked as that user where the tests run as root, else by the modes."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Final

# Opens every folder as it is, becomes somebody else, then tries to list, read and write. The folders above, which
# pytest closes, play no part: names are looked up from the open folders.
_ASK: Final = """
import json, os, pwd, sys
top, groups = sys.argv[1], [int(one) for one in sys.argv[2:]]
seen = [(path, os.open(path, os.O_RDONLY), names) for path, folders, names in os.walk(top)]
nobody = pwd.getpwnam("nobody")
os.setgroups(groups); os.setgid(nobody.pw_gid); os.setuid(nobody.pw_uid)
opened = []
for path, number, names in seen:
    try:
        os.close(os.open(".", os.O_RDONLY, dir_fd=number)); opened.append(path)
    except PermissionError:
        pass
    for name in names:
        for flag in (os.O_RDONLY, os.O_WRONLY):
            try:
                os.close(os.open(name, flag, dir_fd=number)); opened.append(os.path.join(path, name))
            except PermissionError:
                pass
print(json.dumps(sorted(set(opened))))
"""


def opened_by_another(folder: Path, *groups: int) -> list[str]:
    """Files and folders that a user who is a member of `groups` alone can open; names are relative, sorted."""
    found = _asked(folder, groups) if os.geteuid() == 0 else _read_off(folder, groups)
    return [str(Path(path).relative_to(folder)) for path in found]


def open_modes(folder: Path, bits: int = 0o077) -> dict[str, str]:
    """Files and folders whose mode has any of these bits, with the mode."""
    every = [folder, *folder.rglob("*")]
    modes = {
        str(path.relative_to(folder)): stat.S_IMODE(path.lstat().st_mode) for path in every if not path.is_symlink()
    }
    return {name: f"{mode:04o}" for name, mode in modes.items() if mode & bits}


def _asked(folder: Path, groups: tuple[int, ...]) -> list[str]:
    words = [sys.executable, "-I", "-c", _ASK, str(folder), *map(str, groups)]
    found: list[str] = json.loads(subprocess.run(words, capture_output=True, check=True, timeout=60).stdout)
    return found


def _read_off(folder: Path, groups: tuple[int, ...]) -> list[str]:
    found = []
    for path in (folder, *folder.rglob("*")):
        above = [path] if path.is_dir() else [path.parent, path]
        rights = [_rights(each, groups) for each in above]
        if all(rights):
            found.append(str(path))
    return sorted(found)


def _rights(path: Path, groups: tuple[int, ...]) -> int:
    known = path.lstat()
    return known.st_mode & (0o070 if known.st_gid in groups else 0o007)
