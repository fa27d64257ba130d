"""The plugin folder's state in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tui.app.folder_words import FolderWords, folder_words
from tui.app.session import Session
from tui.app.words import scan_words
from tui.folder import FolderListing, FolderStatus
from tui.krakend.target import default_target
from tui.options import Options


def of(session: Session) -> FolderWords:
    return folder_words(session.block, session.options, session.listing, session.scan)


def words(
    place: Path, folder: object, pattern: str = ".so", plugins: str | None = None
) -> FolderWords:
    (place / "plugins").mkdir(exist_ok=True)
    (place / "plugins" / "A.SO").touch()
    (place / "plugins" / "b.so").touch()
    config = place / "krakend.json"
    config.write_text(json.dumps({"plugin": {"pattern": pattern, "folder": folder}}))
    return of(Session(config, Options(str(place), plugins, default_target())))


def test_missing_says_where_it_was_looked_for(tmp_path: Path) -> None:
    assert words(tmp_path, "./plugin/") == FolderWords("missing, looked in", str(tmp_path), "error")
    assert words(tmp_path, "/no/such/") == FolderWords("missing", "", "error")


@pytest.mark.parametrize(
    ("folder", "said", "kind"),
    [
        ("./plugins/b.so", "a file, not a folder", "error"),
        ("", "empty: KrakenD finds no folder", "error"),
        ([], "not a text: KrakenD does not start", "error"),
        ("./plugins", "no / at the end: Enter adds it", "warning"),
    ],
)
def test_other_states(tmp_path: Path, folder: object, said: str, kind: str) -> None:
    found = words(tmp_path, folder)
    assert (found.words, found.kind) == (said, kind)


def test_a_relative_folder_says_what_to(tmp_path: Path) -> None:
    assert words(tmp_path, "./plugins/") == FolderWords("relative to", str(tmp_path))
    assert words(tmp_path, f"{tmp_path}/plugins/") == FolderWords("")


def test_another_folder_of_the_command_line_is_named(tmp_path: Path) -> None:
    found = words(tmp_path, "/opt/none/", plugins="plugins")
    assert (found.words, found.place) == ("--plugins:", str(tmp_path / "plugins"))
    found = words(tmp_path, "./plugins/", plugins="none")
    assert found == FolderWords("--plugins is missing:", str(tmp_path / "none"), "error")


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("B.SO", "1 file matches when case is ignored"),
        (".sO", "2 files match when case is ignored"),
        ("*.so", "no glob: as one, 1 file matches"),
        ("-prod", "no file matches; .so is in 1"),
    ],
)
def test_what_nearly_matches_when_nothing_does(tmp_path: Path, pattern: str, said: str) -> None:
    assert words(tmp_path, "./plugins/", pattern) == FolderWords(said, kind="warning")


def test_a_config_without_the_block_says_so(tmp_path: Path) -> None:
    config = tmp_path / "krakend.json"
    config.write_text('{"version": 3}')
    session = Session(config, Options(str(tmp_path), None, default_target()))
    assert "no plugin block" in of(session).words


def test_a_folder_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    """Root may read everything: the listing is that of somebody who may not."""
    config = tmp_path / "krakend.json"
    config.write_text('{"plugin": {"pattern": ".so", "folder": "/root/plugins/"}}')
    session = Session(config, Options(str(tmp_path), None, default_target()))
    session.take_listing(FolderListing("/root/plugins", FolderStatus.UNREADABLE))
    assert of(session) == FolderWords("not readable by this user", kind="error")
    assert scan_words(session) == "unreadable"
