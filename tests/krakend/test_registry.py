"""The words of certainty: what is said of a configured name."""

from __future__ import annotations

import pytest

from tui.folder import EntryKind, FolderEntry
from tui.krakend.registry import Registry, Standing, read_registry
from tui.plugin.facts import Certainty, FileKind, PluginFacts, PluginType, Registerer

SERVER = PluginType.SERVER
EXACT = Registerer(SERVER, "audit", Certainty.EXACT)
UNKNOWN = Registerer(SERVER, None, Certainty.UNKNOWN)


def plugin(*registerers: Registerer, holds: str = "", path: str | None = None) -> PluginFacts:
    literals = frozenset(holds.split())
    return PluginFacts(FileKind.GO_PLUGIN, registerers, plugin_path=path, literals=literals)


def registry(**files: PluginFacts | str) -> Registry:
    """By keyword: the file's name without .so -> its facts, or why it could not be read."""
    entries = [FolderEntry(f"{name}.so".encode(), EntryKind.FILE) for name in files]
    facts = {f"{n}.so".encode(): f for n, f in files.items() if isinstance(f, PluginFacts)}
    unreadable = {f"{n}.so".encode(): f for n, f in files.items() if isinstance(f, str)}
    return read_registry(entries, facts, unreadable)


@pytest.mark.parametrize(
    ("name", "files", "standing"),
    [
        ("audit", {"a": plugin(EXACT)}, Standing.REGISTERED),
        ("other", {"a": plugin(EXACT)}, Standing.UNREGISTERED),
        ("other", {"a": plugin(EXACT, holds="other")}, Standing.UNSEEN),
        ("adit", {"a": plugin(EXACT, holds="adit")}, Standing.UNREGISTERED),
        ("a", {"a": plugin(EXACT, holds="a")}, Standing.UNREGISTERED),
        ("a.so", {"a": plugin(EXACT)}, Standing.UNREGISTERED),
        ("other", {"a": plugin(EXACT), "b": plugin(UNKNOWN)}, Standing.UNCHECKED),
        ("adit", {"a": plugin(EXACT), "b": plugin(UNKNOWN)}, Standing.UNCHECKED),
        ("other", {"b": plugin(UNKNOWN, holds="other")}, Standing.REGISTERED),
        ("other", {"a": plugin(EXACT), "b": "permission denied"}, Standing.UNCHECKED),
        # A file that registers nothing for this type cannot explain the name.
        ("other", {"a": plugin(EXACT), "t": plugin(holds="other")}, Standing.UNREGISTERED),
        ("other", {"t": PluginFacts(FileKind.TEXT)}, Standing.UNREGISTERED),
    ],
)
def test_standing(name: str, files: dict[str, PluginFacts | str], standing: Standing) -> None:
    assert registry(**files).verdict(SERVER, name).standing is standing


def test_what_was_meant() -> None:
    files = registry(a=plugin(EXACT))
    assert files.verdict(SERVER, "aduit").near == "audit"
    own = files.verdict(SERVER, "a")
    assert (own.near, own.near_is_file, own.near_file) == ("audit", True, "a.so")
    assert files.verdict(PluginType.CLIENT, "audit").other_type is SERVER


def test_the_stem_of_a_modifier() -> None:
    halves = [
        Registerer(PluginType.MODIFIER, f"trim-{half}", Certainty.INITIAL_VALUE, "trim")
        for half in ("request", "response")
    ]
    verdict = registry(trim=plugin(*halves, holds="trim")).verdict(PluginType.MODIFIER, "trim")
    assert verdict.standing is Standing.UNREGISTERED
    assert verdict.stem_of == ("trim-request", "trim-response")


def test_a_second_file_with_the_plugin_path_registers_nothing() -> None:
    other = Registerer(SERVER, "other", Certainty.EXACT)
    files = registry(a=plugin(EXACT, path="example.com/p"), b=plugin(other, path="example.com/p"))
    assert files.verdict(SERVER, "other").standing is Standing.UNREGISTERED
    assert files.files[1].already_loaded == "a.so"
    assert list(files.names(SERVER)) == ["audit"]


def test_the_last_of_two_files_is_named_last() -> None:
    files = registry(a=plugin(EXACT), b=plugin(EXACT))
    assert files.names(SERVER)["audit"] == ["a.so", "b.so"]


def test_what_is_no_regular_file_registers_nothing() -> None:
    entry = FolderEntry(b"a.so", EntryKind.FIFO)
    verdict = read_registry([entry], {}, {}).verdict(SERVER, "audit")
    assert verdict.standing is Standing.UNREGISTERED
