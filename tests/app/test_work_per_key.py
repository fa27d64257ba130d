"""Work is counted, not timed: bytes that a key sends to the terminal, and what a key in a
large config reads again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from app.conftest import Start
from app.terminal import Terminal

from tui.app.session import Session
from tui.document.change import ChangeSet
from tui.document.scanned import _Scanner
from tui.gather import Options
from tui.krakend.points import PointGroup
from tui.krakend.target import default_target


def sent_by(terminal: Terminal, name: str) -> int:
    """Bytes that come after a key until no more do."""
    before = len(terminal.raw)
    terminal.press(name)
    while terminal.read(1.0):
        pass
    return len(terminal.raw) - before


def test_a_key_in_a_value_sends_less_than_4_kb(start: Start, shop: Path) -> None:
    with start(shop) as terminal:
        terminal.wait("8 of 10 load")
        terminal.press(*["tab"] * 5, "down", "down", "end")
        sent_by(terminal, " ")
        assert 0 < sent_by(terminal, " ") < 4096


def large(folder: Path, endpoints: int) -> Path:
    entry = {"plugin/http-client": {"name": "a", "a": {"n": 1}}}
    backend = {"url_pattern": "/b", "extra_config": entry}
    config = {
        "version": 3,
        "plugin": {"pattern": ".so", "folder": "./plugins/"},
        "endpoints": [{"endpoint": f"/{n}", "backend": [backend]} for n in range(endpoints)],
    }
    path = folder / "krakend.json"
    path.write_text(json.dumps(config, indent=2))
    return path


@pytest.mark.parametrize("endpoints", [20, 400])
def test_what_a_key_reads_does_not_grow_with_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, endpoints: int
) -> None:
    session = Session(large(tmp_path, endpoints), Options(str(tmp_path), None, default_target()))
    document = session.document
    session.take(session.analyse(document.tree, session.listing))
    counts = {"values": 0, "groups": 0}
    end, points = _Scanner._end, PointGroup.points

    def scanning(self: _Scanner, start: int, levels: int) -> int:
        counts["values"] += 1
        return end(self, start, levels)

    def reading(self: PointGroup) -> object:
        counts["groups"] += 1
        return points(self)

    monkeypatch.setattr(_Scanner, "_end", scanning)
    monkeypatch.setattr(PointGroup, "points", reading)
    at = document.text.index('"n": 1', len(document.text) // 2) + len('"n": 1')
    session.apply(ChangeSet.replace(len(document.text), at, at, "0"))
    session.take(session.analyse(document.tree, session.listing))
    # The text's own members but for its lists, the endpoint that was touched; and the service
    # with it.
    assert counts["values"] <= 4
    assert counts["groups"] <= 4
    assert len(session.points) == 1 + 2 * endpoints
