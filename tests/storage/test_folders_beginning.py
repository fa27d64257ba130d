"""What a typed beginning of a folder can be completed to, on real folders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui.storage.folder import folders_beginning


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name in ("plugins/old", "plugins/new", "plug", ".hidden", "other"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "plugins.txt").touch()
    (tmp_path / "plink").symlink_to("plugins")
    (tmp_path / "pdead").symlink_to("nowhere")
    os.mkdir(os.fsencode(tmp_path) + b"/p\xff")
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("./pl", ["./plink/", "./plug/", "./plugins/"]),
        ("pl", ["plink/", "plug/", "plugins/"]),
        ("./plugins/", ["./plugins/new/", "./plugins/old/"]),
        ("./plink/o", ["./plink/old/"]),
        ("", ["./other/", "./plink/", "./plug/", "./plugins/"]),
        (".", ["./", ".hidden/"]),
        ("..", ["../"]),
        ("./.h", ["./.hidden/"]),
        ("./none/x", []),
        ("./plugins.txt/", []),
        ("\0", []),
    ],
)
def test_candidates(place: Path, typed: str, found: list[str]) -> None:
    assert folders_beginning(typed, str(place)) == found


def test_an_absolute_path_starts_at_the_root(place: Path) -> None:
    assert folders_beginning(f"{place}/plugins/n", "/nowhere") == [f"{place}/plugins/new/"]


def test_each_candidate_is_a_folder_that_begins_so(place: Path) -> None:
    for typed in ("", "./", "p", "./p", "."):
        for found in folders_beginning(typed, str(place)):
            assert found.startswith(typed)
            assert (place / found).is_dir()
            assert found.endswith("/")
