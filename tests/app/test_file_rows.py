"""What a row of the folder pane says, on real listings of the sandbox's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.app.file_rows import FileRow, file_row
from tui.app.file_standing import registered_words
from tui.app.session import Session
from tui.krakend.target import default_target
from tui.options import Options
from tui.plugin.facts import Certainty, PluginType, Registerer


def rows(config: Path, pattern: str = ".so") -> dict[str, FileRow]:
    """Each file's row once everything about it is known."""
    session = Session(config, Options(str(config.parent), None, default_target()))
    session.set_field("pattern", pattern)
    session.refresh_scan()
    while True:
        outcome = session.judging.analyse(session.document.tree, session.listing)
        session.take(outcome)
        if not session.judging.read_missing(outcome.snapshot):
            break
    found = [file_row(session.scan, index, session.known) for index in range(len(session.scan))]
    return {row.name: row for row in found}


def test_what_each_file_of_the_sandbox_is(shop: Path) -> None:
    found = rows(shop)
    said = {name: (row.order, row.note, row.mark, row.used) for name, row in found.items()}
    assert said == {
        "README.md": (None, "", " ", None),
        "auth.so": (0, "server", "✓", 1),
        "auth.so.bak": (1, "backup", "▲", 0),
        "client-1.4.2.so": (2, "client", "✓", 1),
        "client.so": (3, "twin", "▲", 0),
        "maintenance.so": (4, "server", "✓", 0),
        "mask-card.so": (5, "modifier", "✓", 1),
        "old": (None, "", " ", None),
        "payments.so": (6, "html", "✗", None),
        "tenant.so": (7, "modifier", "✓", 1),
    }
    assert found["client.so"].words == "same plugin as client-1.4.2.so"
    assert found["auth.so.bak"].words == "same plugin as auth.so"


def test_a_file_that_a_later_one_replaces_says_so(shop: Path) -> None:
    folder = shop.parent / "plugins"
    (folder / "zz.so").write_bytes(
        (folder / "auth.so").read_bytes().replace(b"demo/auth", b"demo/zzzz")
    )
    found = rows(shop)
    assert (found["auth.so"].note, found["auth.so"].mark) == ("beaten", "▲")
    assert "zz.so" in found["auth.so"].words
    assert (found["zz.so"].mark, found["zz.so"].used) == ("✓", 1)


@pytest.mark.parametrize(
    ("make", "note"),
    [
        (lambda path: path.symlink_to("nowhere"), "dangling"),
        (lambda path: path.symlink_to("."), "link"),
        (lambda path: __import__("os").mkfifo(path), "fifo"),
        (lambda path: path.write_bytes(b""), "empty"),
    ],
)
def test_what_is_no_plugin_is_named(shop: Path, make: object, note: str) -> None:
    make(shop.parent / "plugins" / "odd.so")  # type: ignore[operator]
    row = rows(shop)["odd.so"]
    assert (row.note, row.mark, row.used) == (note, "✗", None)


def test_near_misses_are_marked_only_when_nothing_matches(shop: Path) -> None:
    (shop.parent / "plugins" / "BIG.SO").write_bytes(b"x")
    assert not rows(shop)["BIG.SO"].is_near
    found = rows(shop, ".SO.BA")
    assert [name for name, row in found.items() if row.is_near] == ["auth.so.bak"]
    row = found["auth.so.bak"]
    assert [row.name[span.start : span.end] for span in row.spans] == [".so.ba"]


def test_a_backup_that_is_asked_for_is_none(shop: Path) -> None:
    assert rows(shop, ".so.bak")["auth.so.bak"].mark == "✓"


def test_a_folder_that_matches_is_marked(shop: Path) -> None:
    (shop.parent / "plugins" / "x.so").mkdir()
    row = rows(shop)["x.so"]
    assert (row.order, row.note, row.mark) == (None, "folder", "▲")


def test_halves_of_a_modifier_are_said_once() -> None:
    def half(name: str | None, stem: str | None = None) -> Registerer:
        return Registerer(PluginType.MODIFIER, name, Certainty.INITIAL_VALUE, stem)

    words = registered_words(
        [half("a-request", "a"), half("a-response", "a"), half("b"), half(None)]
    )
    assert words == "a-request, -response, b, ?"
