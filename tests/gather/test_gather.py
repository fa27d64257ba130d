import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui import gather
from tui.document.tree import JsonTree
from tui.folder import FolderStatus
from tui.gather import Gatherer, krakend_is_here
from tui.krakend.census import names_of
from tui.krakend.points import injection_points
from tui.krakend.target import default_target
from tui.options import Options, folder_of
from tui.plugin.facts import FileKind, PluginFacts


def _options(workdir: Path | str, plugins: str | None = None) -> Options:
    return Options(str(workdir), plugins, default_target())


def _tree(folder: str = '"plugins"', pattern: str = '".so"', names: str = "[]") -> JsonTree:
    return JsonTree.parse(
        f'{{"version": 3, "plugin": {{"folder": {folder}, "pattern": {pattern}}},'
        f' "extra_config": {{"plugin/http-server": {{"name": {names}}}}}}}'
    )


class Inspector:
    """Stands for inspect_plugin and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[bytes, frozenset[str]]] = []

    def __call__(self, data: bytes, names: frozenset[str]) -> PluginFacts:
        self.asked.append((data, names))
        found = frozenset(name for name in names if name.encode() in data)
        return PluginFacts(FileKind.GO_PLUGIN, literals=found)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "a.so").write_bytes(b"alpha")
    (folder / "b.so").write_bytes(b"beta")
    (folder / "c.txt").write_bytes(b"gamma")
    (folder / "d.so").mkdir()
    (folder / "e.so").symlink_to("nowhere")
    os.mkfifo(folder / "f.so")
    return folder


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('"./plugins/"', "/w/plugins"),
        ('"plugins"', "/w/plugins"),
        ('"../x"', "/w/../x"),
        ('"/opt/krakend/plugins/"', "/opt/krakend/plugins"),
        ('"~/plugins"', "/w/~/plugins"),
        ('"$HOME"', "/w/$HOME"),
        ('"."', "/w"),
        ('""', ""),
        ("7", "/w/7"),
        ('"\\ud800"', "/w/\ufffd"),
        ("[]", None),
    ],
)
def test_the_folder_is_the_one_krakend_would_look_at(written: str, expected: str | None) -> None:
    assert folder_of(_tree(written), _options("/w")) == expected


@pytest.mark.parametrize(
    ("is_given", "present", "expected"),
    [
        (False, {"/w/plugins", "/c/plugins"}, "/w/plugins"),
        (False, {"/c/plugins"}, "/c/plugins"),
        (False, set(), "/w/plugins"),
        (True, {"/c/plugins"}, "/w/plugins"),
    ],
)
def test_beside_the_config_only_when_nobody_named_a_working_directory(
    is_given: bool, present: set[str], expected: str
) -> None:
    options = Options("/w", None, default_target(), workdir_is_given=is_given)
    assert folder_of(_tree(), options, "/c", lambda path: path in present) == expected


def test_no_plugin_block_no_folder() -> None:
    assert folder_of(JsonTree.parse('{"version": 3}'), _options("/w")) is None
    assert folder_of(JsonTree.parse("no json"), _options("/w")) is None


def test_the_override_wins_even_without_a_block() -> None:
    assert folder_of(_tree(), _options("/w", "/p")) == "/p"
    assert folder_of(JsonTree.parse("{}"), _options("/w", "/p")) == "/p"


def test_without_a_folder_nothing_is_looked_at(tmp_path: Path) -> None:
    snapshot = Gatherer(_options(tmp_path)).snapshot(JsonTree.parse("{}"))
    assert snapshot.listing.status is FolderStatus.UNCHECKED
    assert snapshot.plugins == {}
    assert not snapshot.reading


def test_only_files_that_load_are_read(tmp_path: Path, folder: Path) -> None:
    inspector = Inspector()
    gatherer = Gatherer(_options(tmp_path), inspector)
    snapshot = gatherer.snapshot(_tree(names='["beta", "other"]'))
    assert sorted(data for data, _ in inspector.asked) == [b"alpha", b"beta"]
    assert {names for _, names in inspector.asked} == {frozenset({"beta", "other"})}
    assert snapshot.plugins.keys() == {b"a.so", b"b.so"}
    assert snapshot.plugins[b"b.so"].literals == {"beta"}
    assert snapshot.unreadable == {}
    assert not snapshot.reading


def test_a_file_is_read_again_only_when_it_or_the_question_changed(
    tmp_path: Path, folder: Path
) -> None:
    inspector = Inspector()
    gatherer = Gatherer(_options(tmp_path), inspector)

    def asked_for(names: str = "[]") -> int:
        before = len(inspector.asked)
        gatherer.snapshot(_tree(names=names))
        return len(inspector.asked) - before

    assert asked_for('["alpha"]') == 2
    assert asked_for('["alpha"]') == 0
    assert asked_for("[]") == 0
    assert asked_for('["alpha", "beta"]') == 2
    assert asked_for('["beta"]') == 0
    (folder / "a.so").write_bytes(b"other")
    assert asked_for('["beta"]') == 1
    (folder / "new").write_bytes(b"beta")
    os.replace(folder / "new", folder / "b.so")
    assert asked_for('["beta"]') == 1
    (folder / "g.so").write_bytes(b"more")
    assert asked_for('["beta"]') == 1


def test_of_a_file_that_is_known_a_new_name_alone_is_looked_for(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspector = Inspector()
    gatherer = Gatherer(_options(tmp_path), inspector)
    gatherer.snapshot(_tree(names='["alpha", "x"]'))
    inspector.asked.clear()
    snapshot = gatherer.snapshot(_tree(names='["alpha", "alp", "y"]'))
    assert {names for _, names in inspector.asked} == {frozenset({"alp", "y"})}
    assert snapshot.plugins[b"a.so"].literals == {"alpha", "alp"}
    assert snapshot.unsearched == frozenset()
    # The old names are forgotten when they are many, with what was found of them.
    monkeypatch.setattr(gather, "_REMEMBERED_NAMES", 2)
    snapshot = gatherer.snapshot(_tree(names='["pha", "z"]'))
    assert snapshot.plugins[b"a.so"].literals == {"pha"}
    assert snapshot.unsearched == frozenset()


def test_in_steps_nothing_is_read_until_asked(tmp_path: Path, folder: Path) -> None:
    inspector = Inspector()
    gatherer = Gatherer(_options(tmp_path), inspector)
    tree = _tree(names='["alpha"]')
    first = gatherer.snapshot(tree, read_files=False)
    assert (first.plugins, first.reading, inspector.asked) == ({}, True, [])
    missing = gatherer.missing(first)
    assert [unread.entry.name for unread in missing] == [b"a.so", b"b.so"]

    worker = threading.Thread(target=gatherer.read, args=(missing[0],))
    worker.start()
    worker.join()
    second = gatherer.snapshot(tree, listing=first.listing, read_files=False)
    assert second.plugins.keys() == {b"a.so"}
    assert second.reading

    for unread in gatherer.missing(second):
        gatherer.read(unread)
    last = gatherer.snapshot(tree, listing=first.listing, read_files=False)
    assert not last.reading
    assert gatherer.missing(last) == ()
    assert last == gatherer.snapshot(tree, listing=first.listing)


def test_with_a_new_name_the_old_facts_stay_while_it_is_looked_for(
    tmp_path: Path, folder: Path
) -> None:
    gatherer = Gatherer(_options(tmp_path), Inspector())
    gatherer.snapshot(_tree())
    snapshot = gatherer.snapshot(_tree(names='["alpha"]'), read_files=False)
    assert snapshot.plugins.keys() == {b"a.so", b"b.so"}
    assert not snapshot.reading
    assert snapshot.unsearched == {"alpha"}
    assert [unread.entry.name for unread in gatherer.missing(snapshot)] == [b"a.so", b"b.so"]
    assert gatherer.snapshot(_tree(names='["alpha"]')).unsearched == frozenset()


def test_why_a_file_cannot_be_read_is_told_and_not_tried_again(
    tmp_path: Path, folder: Path
) -> None:
    with open(folder / "z.so", "wb") as file:
        file.truncate(4 << 30)
    gatherer = Gatherer(_options(tmp_path), Inspector())
    snapshot = gatherer.snapshot(_tree())
    assert "too large" in snapshot.unreadable[b"z.so"]
    assert not snapshot.reading
    assert gatherer.missing(snapshot) == ()


def test_memory_is_bounded_by_the_names_of_files(tmp_path: Path, folder: Path) -> None:
    gatherer = Gatherer(_options(tmp_path), Inspector())
    for number in range(50):
        (folder / "a.so").write_bytes(b"x" * number)
        gatherer.snapshot(_tree(names=f'["name{number}"]'))
    assert len(gatherer._memory) == 2


def test_configured_names_are_those_of_all_entries() -> None:
    tree = JsonTree.parse(
        '{"extra_config": {"plugin/http-server": {"name": ["a", "b"]}}, "endpoints": ['
        '{"extra_config": {"plugin/req-resp-modifier": {"name": ["c"]}}, "backend": ['
        '{"extra_config": {"plugin/http-client": {"name": "d"}}}]}]}'
    )
    assert names_of(injection_points(tree)) == {"a", "b", "c", "d"}


@given(st.sets(st.sampled_from(["/etc/krakend", "/usr/bin/krakend", "/opt/b/krakend", "krakend"])))
def test_krakend_is_here_when_its_folder_or_binary_is(present: set[str]) -> None:
    environ = {"PATH": "/opt/b::/usr/bin"}
    found = krakend_is_here(environ, lambda path: str(path) in present)
    assert found == bool(present - {"krakend"})
    assert not krakend_is_here({}, lambda path: False)


def test_folders_that_may_be_meant(tmp_path: Path) -> None:
    (tmp_path / "plugins" / "amd64").mkdir(parents=True)
    (tmp_path / "plugins" / "amd64" / "auth.so").touch()

    def near(folder: str, pattern: str = '".so"') -> tuple[str, ...]:
        return Gatherer(_options(tmp_path)).snapshot(_tree(folder, pattern)).near_folders

    assert near('"plugin/"') == ("plugins",)
    assert near('"plugins/"') == ("amd64",)
    assert near('"plugins/"', '"none"') == ()
    # What loads is not looked past.
    (tmp_path / "plugins" / "log.so").touch()
    assert near('"plugins/"') == ()
