"""The screens of screenshots/text are what the app shows now. `make screenshots` writes them anew:
look at what changed before you commit it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCREENSHOTS = Path(__file__).parents[2] / "screenshots"


def make() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_pictures", SCREENSHOTS / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


PICTURES = make()


@pytest.mark.parametrize("picture", PICTURES.PICTURES, ids=lambda picture: picture.name)
def test_the_screen_is_as_it_was(picture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "")
    _svg, screen = PICTURES.drawn(picture)
    expected = (SCREENSHOTS / "text" / f"{picture.name}.txt").read_text()
    assert screen.splitlines() == expected.splitlines()


def test_every_picture_is_in_the_index() -> None:
    index = (SCREENSHOTS / "README.md").read_text()
    assert index == PICTURES.index()
    names = {picture.name for picture in PICTURES.PICTURES}
    # Others may lie there too: the benchmark's plot does.
    assert {path.stem for path in SCREENSHOTS.glob("*.svg")} >= names
    assert {path.stem for path in (SCREENSHOTS / "text").glob("*.txt")} == names
