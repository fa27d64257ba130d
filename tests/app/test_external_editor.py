"""F4 with real programs in a real terminal."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from app.conftest import Start
from app.terminal import Terminal

from tui.app.external_editor import EditorProblem, at_line, editor_command


def everywhere(name: str) -> str | None:
    return f"/usr/bin/{name}"


def test_visual_wins_over_editor_and_both_over_vi() -> None:
    assert editor_command({"VISUAL": "a -x 'b c'", "EDITOR": "d"}, everywhere) == ["a", "-x", "b c"]
    assert editor_command({"VISUAL": " ", "EDITOR": "d"}, everywhere) == ["d"]
    assert editor_command({}, everywhere) == ["vi"]
    assert editor_command({}, lambda name: name if name == "nano" else None) == ["nano"]


@pytest.mark.parametrize(
    "environ", [{"EDITOR": "vim 'x"}, {"EDITOR": "nosuch"}, {"VISUAL": "''"}, {}]
)
def test_what_is_no_editor_is_said(environ: dict[str, str]) -> None:
    with pytest.raises(EditorProblem):
        editor_command(environ, lambda _: None)


def test_no_shell_reads_the_words() -> None:
    assert editor_command({"EDITOR": "vi; $(reboot)"}, everywhere) == ["vi;", "$(reboot)"]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["vim"], ["vim", "+7", "/t/krakend.json"]),
        (["/opt/my-editor", "-w"], ["/opt/my-editor", "-w", "+7", "/t/krakend.json"]),
        (["/usr/bin/hx"], ["/usr/bin/hx", "/t/krakend.json:7"]),
        (["code", "--wait"], ["code", "--wait", "--goto", "/t/krakend.json:7"]),
        (["ed"], ["ed", "/t/krakend.json"]),
    ],
)
def test_the_line_is_given_as_the_editor_wants_it(command: list[str], expected: list[str]) -> None:
    assert at_line(command, Path("/t/krakend.json"), 7) == expected


@pytest.fixture
def editor(tmp_path: Path):
    """editor(script): a program that keeps its arguments and the file's mode, then runs it."""

    def make(script: str) -> str:
        program = tmp_path / "my editor"
        program.write_text(
            "#!/bin/sh\n"
            f'echo "$@" > "{tmp_path}/arguments"\n'
            "for file; do :; done\n"
            f'stat -c "%a %F" "$file" > "{tmp_path}/mode"\n'
            f'stat -c "%a" "$(dirname "$file")" >> "{tmp_path}/mode"\n'
            f"{script}\n"
        )
        program.chmod(0o755)
        return f"'{program}' -w"

    return make


def opened(start: Start, shop: Path, editor: str) -> Terminal:
    terminal = start(shop, env={"EDITOR": editor})
    terminal.wait("no loaded file")
    return terminal


def copies(tmp_path: Path) -> list[Path]:
    return list(tmp_path.glob("krakend-tui-*"))


def test_what_the_editor_wrote_is_one_undo_step(
    start: Start, shop: Path, editor, tmp_path: Path
) -> None:
    before = shop.read_bytes()
    terminal = opened(start, shop, editor('sed -i \'s/"3s"/"4s"/; s/8080,/8090,/\' "$file"'))
    terminal.press("x", "f4")
    terminal.wait("Taken from my editor")
    terminal.press("ctrl+s")
    terminal.wait('+  "timeout": "4s",')
    terminal.wait('+    "pattern": ".sox",')
    terminal.press("escape", "ctrl+z")
    terminal.wait("pattern .sox")
    terminal.press("ctrl+z")
    terminal.wait(lambda: "●" not in terminal.lines[0])
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert shop.read_bytes() == before
    arguments = (tmp_path / "arguments").read_text().split()
    assert arguments[:2] == ["-w", "+8"]  # the line of the pattern
    assert arguments[2].endswith("/krakend.json")
    assert arguments[2] != str(shop)
    assert (tmp_path / "mode").read_text().split("\n")[:2] == ["600 regular file", "700"]
    assert not copies(tmp_path)


def test_broken_text_is_taken_and_shown_at_the_fault(start: Start, shop: Path, editor) -> None:
    terminal = opened(start, shop, editor('sed -i \'s/"3s",/"3s",,/\' "$file"'))
    terminal.press("f4")
    terminal.wait("here is the fault")
    terminal.wait('"timeout": "3s",,')
    terminal.press("ctrl+s")
    terminal.wait("Not saved")


def test_an_editor_that_changes_nothing_or_fails_leaves_all_as_it_was(
    start: Start, shop: Path, editor, tmp_path: Path
) -> None:
    before = shop.read_bytes()
    terminal = opened(start, shop, editor("true"))
    terminal.press("f4")
    terminal.wait("changed nothing")
    assert "●" not in terminal.lines[0]
    editor('echo x > "$file"; exit 3')
    terminal.press("f4")
    terminal.wait("status 3: nothing was taken. F4 opens it again")
    editor('rm "$file"')
    terminal.press("f4")
    terminal.wait("left no file: nothing was taken. F4 opens it again")
    assert "●" not in terminal.lines[0]
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert shop.read_bytes() == before
    assert not copies(tmp_path)


def test_what_an_editor_wrote_before_it_was_killed_is_taken(
    start: Start, shop: Path, editor, tmp_path: Path
) -> None:
    """No memory left, say: it did not say that its text is not wanted."""
    terminal = opened(start, shop, editor('sed -i \'s/"3s"/"4s"/\' "$file"; kill -9 $$'))
    terminal.press("f4")
    terminal.wait("Taken from my editor")
    terminal.press("ctrl+s")
    terminal.wait('+  "timeout": "4s",')
    assert not copies(tmp_path)


def test_bytes_that_are_no_text_are_not_taken_and_not_lost(
    start: Start, shop: Path, editor, tmp_path: Path
) -> None:
    terminal = opened(start, shop, editor("printf '\\377' >> \"$file\""))
    terminal.press("f4")
    terminal.wait("It lies in")
    assert "●" not in terminal.lines[0]
    assert [copy.stat().st_mode & stat.S_IRWXO for copy in copies(tmp_path)] == [0]


def test_what_cannot_be_read_is_said_to_lie_where_it_lies(
    start: Start, shop: Path, editor, tmp_path: Path
) -> None:
    terminal = opened(start, shop, editor('truncate -s 65M "$file"'))
    terminal.press("f4")
    terminal.wait("It lies in")
    assert [copy.stat().st_mode & stat.S_IRWXO for copy in copies(tmp_path)] == [0]


def test_what_is_unsaved_is_kept_before_the_editor_begins(
    start: Start, shop: Path, editor, tmp_path: Path
) -> None:
    """The screen stands still while it runs, and so does everything else here."""
    recovery = tmp_path / "state" / "krakend-tui" / "recovery"
    terminal = opened(start, shop, editor(f"cat '{recovery}'/* > '{tmp_path}/kept'"))
    terminal.press("x", "f4")
    terminal.wait("changed nothing")
    assert b'"pattern": ".sox"' in (tmp_path / "kept").read_bytes()


@pytest.mark.parametrize("status", [1, 0])
def test_when_the_line_drops_what_the_editor_wrote_is_offered(
    start: Start, shop: Path, editor, tmp_path: Path, status: int
) -> None:
    """As vi does: :w, and then its input ends, which it says by its status."""
    before = shop.read_bytes()
    written = tmp_path / "written"
    script = (
        f"""sed -i 's/"3s"/"4s"/' "$file"; touch '{written}'; cat > '{written}'; exit {status}"""
    )
    terminal = opened(start, shop, editor(script))
    terminal.press("f4")
    terminal.wait(written.exists, "what the editor wrote")
    terminal.hang_up()
    terminal.wait_exit()
    assert not copies(tmp_path)
    assert shop.read_bytes() == before
    again = start(shop)
    again.wait("Unsaved changes were found")
    again.wait('+  "timeout": "4s",')


def test_the_file_that_changed_meanwhile_is_a_conflict(start: Start, shop: Path, editor) -> None:
    theirs = shop.read_bytes().replace(b"8080", b"9999")
    (shop.parent / "theirs").write_bytes(theirs)
    script = f"sed -i 's/\"3s\"/\"4s\"/' \"$file\"; cp '{shop.parent}/theirs' '{shop}'"
    terminal = opened(start, shop, editor(script))
    terminal.press("f4")
    # Whether that the file changed has been noticed by then or not.
    terminal.wait("●  KrakenD")
    terminal.press("ctrl+s", "enter")
    terminal.wait(lambda: "changed on disk" in terminal.text or "y write anyway" in terminal.text)
    if "y write anyway" in terminal.text:
        terminal.press("y")
    terminal.wait("changed on disk")
    assert shop.read_bytes() == theirs


def test_an_editor_that_is_missing_is_said(start: Start, shop: Path) -> None:
    terminal = opened(start, shop, "nosuch --wait")
    terminal.press("f4")
    terminal.wait("no such program")
