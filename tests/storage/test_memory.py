"""What is remembered: private, never in the way, and harmless when it is damaged."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui.storage.memory import SETTINGS, place_name, recall, remember


def test_what_was_remembered_comes_back_and_is_private(tmp_path: Path) -> None:
    state = tmp_path / "state" / "krakend-tui"
    remember(SETTINGS, {"theme": "nord", "welcomed": 1, "none": None}, state=state)
    assert recall(SETTINGS, state=state) == {"theme": "nord", "welcomed": 1, "none": None}
    assert {path.stat().st_mode & 0o777 for path in state.rglob("*") if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in state.rglob("*") if path.is_dir()} == {0o700}


@pytest.mark.parametrize(
    "damaged", [b"", b"{", b"[1]", b'{"theme": ["x"], "a": {}}', b"\xff\x00", b"[" * 100_000]
)
def test_damage_is_as_if_nothing_had_been_kept(tmp_path: Path, damaged: bytes) -> None:
    remember("x", {"a": 1}, state=tmp_path)
    (tmp_path / "memory" / "x.json").write_bytes(damaged)
    assert recall("x", state=tmp_path) == {}


def test_what_cannot_be_kept_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    remember("x", {"a": 1}, state=tmp_path / "file" / "krakend-tui")
    assert recall("x", state=tmp_path / "file" / "krakend-tui") == {}


def test_of_many_files_the_oldest_are_forgotten(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("tui.storage.memory._KEPT", 2)
    for number in range(3):
        name = place_name(tmp_path / f"{number}.json")
        remember(name, {"n": number}, state=tmp_path)
        os.utime(tmp_path / "memory" / f"{name}.json", (number, number))
    kept = [recall(place_name(tmp_path / f"{n}.json"), state=tmp_path) for n in range(3)]
    assert kept == [{}, {"n": 1}, {"n": 2}]


def test_a_link_and_its_file_share_their_place(tmp_path: Path) -> None:
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    assert place_name(tmp_path / "link.json") == place_name(tmp_path / "real.json")
