from __future__ import annotations

import grp
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from services.operations.doctor import examine
from services.private import MOST_SEEN, make_home, seen_by_others
from services.settings import Settings
from services.wiring import System
from storage.files import FileStore
from tests.services.other_user import open_modes, opened_by_another

ROOT: Final = Path(__file__).parents[2]
FILES: Final = (
    "sucharit.db",
    "sucharit.db-wal",
    "sucharit.db-shm",
    "web.secret",
    "prefect.auth",
    "up.lock",
    "prefect/clockwork.db",
    "prefect/clockwork.db-wal",
    "logs/worker.log",
    "logs/worker.log.1",
    "mailbox/new/00000001.eml",
    "files/06/069779e2",
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home as earlier versions left it: everybody may read all of it."""
    for name in FILES:
        file = tmp_path / "home" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("ลับ")
        file.chmod(0o644)
    for folder in (tmp_path / "home", *(tmp_path / "home").rglob("*/")):
        if folder.is_dir():
            folder.chmod(0o755)
    return tmp_path / "home"


@pytest.fixture
def group() -> str:
    """A group that this process may give files to, and that is not the one it gives anyway."""
    mine = set(os.getgroups()) - {os.getegid()}
    known = [
        each for each in grp.getgrall() if (each.gr_gid in mine or os.geteuid() == 0) and each.gr_gid != os.getegid()
    ]
    return known[0].gr_name if known else grp.getgrgid(os.getegid()).gr_name


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def checked(home: Path, group: str = "") -> tuple[bool, str, str]:
    system = System(Settings(home=home, home_group=group))
    check = next(check for check in examine(system) if check.what == "home")
    return check.is_fine, check.sentence, check.sentence_thai


def test_another_user_can_read_nothing_of_a_home_that_was_open(home: Path) -> None:
    assert len(opened_by_another(home)) > len(FILES)
    make_home(home, "")
    assert opened_by_another(home) == []
    assert open_modes(home) == {}
    home.chmod(0o755)
    assert opened_by_another(home) == ["."], "each file and folder is closed on its own, too"


def test_rights_of_the_owner_stay_as_they_are(home: Path) -> None:
    (home / "up.lock").chmod(0o404)
    make_home(home, "")
    assert mode(home / "up.lock") == 0o400


def test_what_lies_behind_a_link_is_not_touched(home: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "file").write_text("")
    for path in (tmp_path / "elsewhere", tmp_path / "elsewhere" / "file"):
        path.chmod(0o755)
    (home / "logs" / "far").symlink_to(tmp_path / "elsewhere")
    (home / "logs" / "far.log").symlink_to(tmp_path / "elsewhere" / "file")
    (home / "previews").symlink_to(tmp_path / "elsewhere")
    make_home(home, "")
    assert [mode(path) for path in (tmp_path / "elsewhere", tmp_path / "elsewhere" / "file")] == [0o755, 0o755]


def test_somebodys_own_files_beside_ours_keep_their_rights_and_are_told(home: Path) -> None:
    (home / "website").mkdir(mode=0o755)
    (home / "website" / "index.html").write_text("")
    make_home(home, "")
    assert open_modes(home) == {".": "0755", "website": "0755", "website/index.html": "0644"}
    is_fine, said, thai = checked(home)
    assert not is_fine
    assert f"{home}, {home}/website, {home}/website/index.html" in said
    assert f"chmod -R go= {home}" in said
    assert "ผู้ใช้อื่น" in thai


def test_a_folder_that_is_everybodys_stays_everybodys(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o1777)
    make_home(tmp_path / "shared", "")
    assert mode(tmp_path / "shared") == 0o1777


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_files_of_another_user_are_left_to_them(home: Path) -> None:
    os.chown(home / "logs" / "worker.log", 65534, 65534)
    make_home(home, "")
    assert mode(home / "logs" / "worker.log") == 0o644


def test_a_home_shared_on_purpose_is_open_to_its_group_alone(home: Path, group: str) -> None:
    gid = grp.getgrnam(group).gr_gid
    make_home(home, group)
    everything = sorted(str(path.relative_to(home)) for path in (home, *home.rglob("*")))
    assert opened_by_another(home, gid) == everything
    assert opened_by_another(home) == []
    assert {mode(path) for path in home.rglob("*") if path.is_file()} == {0o660}
    assert {mode(path) for path in (home, *home.rglob("*")) if path.is_dir()} == {0o2770}
    assert checked(home, group)[:2] == (
        True,
        f"{home} is shared with the group {group} (SUCHARIT_HOME_GROUP), and with nobody else",
    )


def test_a_file_with_a_second_name_outside_is_not_opened_to_the_group(home: Path, tmp_path: Path, group: str) -> None:
    (tmp_path / "outside").write_text("")
    (tmp_path / "outside").chmod(0o604)
    (home / "logs" / "inside.log").hardlink_to(tmp_path / "outside")
    make_home(home, group)
    assert mode(tmp_path / "outside") == 0o600


def test_a_home_is_closed_again_when_it_is_shared_no_more(home: Path, group: str) -> None:
    make_home(home, group)
    make_home(home, "")
    assert open_modes(home, 0o7077) == {}
    assert checked(home)[:2] == (True, f"{home} is closed to other users of this machine")


def test_what_is_made_later_in_a_shared_home_is_the_groups_too(home: Path, group: str) -> None:
    make_home(home, group)
    program = "import os, sys; from pathlib import Path; from storage.files import FileStore; os.umask(0o007);"
    program += "print(FileStore(Path(sys.argv[1])).put(b'new'))"
    words = [sys.executable, "-c", program, str(home / "files")]
    sha256 = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    made = FileStore(home / "files").path(sha256)
    assert (mode(made), made.stat().st_gid) == (0o660, grp.getgrnam(group).gr_gid)


def test_rights_that_cannot_be_seen_through_are_not_looked_into(home: Path) -> None:
    home.chmod(0o700)
    assert seen_by_others(home, "") == []


def test_looking_for_what_is_open_ends(home: Path) -> None:
    for number in range(MOST_SEEN + 5):
        (home / "logs" / str(number)).touch(mode=0o644)
    assert len(seen_by_others(home, "")) == MOST_SEEN
    assert "1000 or more things" in checked(home)[1]


def test_a_group_that_is_not_there_is_a_faulty_setting(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="There is no group of this name on this machine"):
        Settings(home=tmp_path, home_group="no such group")


def run_open(*words: str, **environment: str) -> subprocess.Popen[str]:
    """A program of ours, started by somebody who lets everybody read everything."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SUCHARIT_")}
    return subprocess.Popen(
        [sys.executable, "-m", *words],
        env=kept | environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        umask=0,
    )


def test_a_start_makes_a_home_that_nobody_else_can_read(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with run_open("services.setup.prepare", SUCHARIT_HOME=str(home), SUCHARIT_DEMO="false") as started:
        assert started.wait(60) == 0
    assert open_modes(home) == {}
    assert opened_by_another(home) == []


@pytest.mark.parametrize(("options", "wanted"), [((), 0o700), (("--shared",), 0o770)])
def test_the_mailbox_by_itself_is_closed_too(tmp_path: Path, options: tuple[str, ...], wanted: int) -> None:
    words = ("notifications.mailbox", "--dir", str(tmp_path / "mailbox"), "--port", "0", *options)
    with run_open(*words) as started:
        assert started.stdout is not None
        assert "mailbox ready" in started.stdout.readline()
        started.terminate()
    assert {mode(path) for path in (tmp_path / "mailbox", *(tmp_path / "mailbox").iterdir())} == {wanted}
