import os
import shlex
import stat
import subprocess
from pathlib import Path

import pytest
from other_user import unprivileged

from tui.storage import elsewhere
from tui.storage.elsewhere import AlreadyThere, save_copy, sudo_command
from tui.storage.errors import DiskFull, SaveError
from tui.storage.read import read_config
from tui.storage.save import save_config


@pytest.fixture(params=["links", "no links"])
def disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "no links":

        def refused(*_: object) -> None:
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr(elsewhere.os, "link", refused)


def test_a_copy_is_written_and_nothing_beside_it(tmp_path: Path, disk: None) -> None:
    save_copy(tmp_path / "copy.json", b"text", mode=0o640)
    assert (tmp_path / "copy.json").read_bytes() == b"text"
    assert stat.S_IMODE((tmp_path / "copy.json").stat().st_mode) == 0o640
    assert (tmp_path / "copy.json").stat().st_nlink == 1
    assert os.listdir(tmp_path) == ["copy.json"]


def test_a_file_that_is_there_stays(tmp_path: Path, disk: None) -> None:
    (tmp_path / "copy.json").write_bytes(b"theirs")
    (tmp_path / "dangling").symlink_to("target")
    for name in ("copy.json", "dangling"):
        with pytest.raises(AlreadyThere):
            save_copy(tmp_path / name, b"text")
    assert (tmp_path / "copy.json").read_bytes() == b"theirs"
    assert not (tmp_path / "target").exists()


def test_a_folder_that_is_not_there_or_not_ours(shared: Path) -> None:
    with pytest.raises(SaveError):
        save_copy(shared / "none" / "copy.json", b"text")
    with unprivileged(), pytest.raises(SaveError) as caught:
        save_copy(shared / "copy.json", b"text")
    assert caught.value.kind == "no-permission"


def test_a_full_disk_leaves_no_half_copy(tmp_path: Path, disk: None, mount) -> None:
    mount("-t", "tmpfs", "-o", "size=16k", "tmpfs", str(tmp_path))
    with pytest.raises(DiskFull):
        save_copy(tmp_path / "copy.json", b"x" * 100_000)
    assert os.listdir(tmp_path) == []


def test_the_command_writes_the_text_and_keeps_the_file(tmp_path: Path, state: Path) -> None:
    target = tmp_path / "it's a; $(config).json"
    target.write_bytes(b"old")
    target.chmod(0o640)
    inode = target.stat().st_ino
    (tmp_path / "link").symlink_to(target.name)

    copy, command = sudo_command(tmp_path / "link", b"new\xff", state=state)

    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert command.startswith("sudo cp -- ")
    subprocess.run(["sh", "-c", command.removeprefix("sudo ")], check=True)
    assert target.read_bytes() == b"new\xff"
    assert (target.stat().st_ino, stat.S_IMODE(target.stat().st_mode)) == (inode, 0o640)
    assert shlex.split(command)[-1] == str(target)


def test_what_a_killed_save_left_is_swept_after_an_hour(tmp_path: Path, state: Path) -> None:
    config = tmp_path / "krakend.json"
    config.write_bytes(b"{}")
    old, fresh, alien, near = (
        tmp_path / f".krakend.json.{'0' * 24}.krakend-tui",
        tmp_path / f".krakend.json.{'1' * 24}.krakend-tui",
        tmp_path / f".other.json.{'2' * 24}.krakend-tui",
        tmp_path / ".krakend.json.backup.krakend-tui",
    )
    for path in (old, fresh, alien, near):
        path.write_bytes(b"secret")
    for path in (old, alien, near):
        os.utime(path, (1, 1))
    save_config(read_config(config), b"[]", state=state)
    assert not old.exists()
    assert fresh.exists()
    assert alien.exists()
    assert near.exists()


def test_what_was_given_to_the_owner_is_swept_and_what_belongs_to_others_is_not(
    tmp_path: Path, state: Path
) -> None:
    """As root saves the file of a service, and is killed."""
    if os.geteuid() != 0:
        pytest.skip("NOT TESTED HERE: files of others need root")
    config = tmp_path / "krakend.json"
    config.write_bytes(b"{}")
    os.chown(config, 1234, 1234)
    owners = {tmp_path / f".krakend.json.{uid:024}.krakend-tui": uid for uid in (0, 1234, 4321)}
    link = tmp_path / f".krakend.json.{'5' * 24}.krakend-tui"
    link.symlink_to("nowhere")
    for path, uid in owners.items():
        path.write_bytes(b"secret")
        os.chown(path, uid, uid)
    for path in (*owners, link):
        os.utime(path, (1, 1), follow_symlinks=False)
    save_config(read_config(config), b"[]", state=state)
    assert {uid for path, uid in owners.items() if path.exists()} == {4321}
    assert link.is_symlink()
