import difflib
import random

from hypothesis import given
from hypothesis import strategies as st

from tui.document.diff import edits_between, unified_diff
from tui.document.text import split_lines

LINE = st.sampled_from(["a\n", "b\n", "  a\n", "a\r\n", "{\n", "}\r", "\n", "é\n", "a ", ""])
TEXT = st.lists(LINE, max_size=12).map("".join)


@given(TEXT, TEXT)
def test_the_change_between_two_texts_makes_one_of_the_other(old: str, new: str) -> None:
    change = edits_between(old, new)
    assert change.apply(old) == new
    assert change.is_empty == (old == new)


def test_a_change_in_a_line_touches_only_what_differs_in_it() -> None:
    old = '{\n  "a": 1,\n  "b": true\n}\n'
    change = edits_between(old, old.replace("1,", "12,").replace("true", "false"))
    assert [old[e.start : e.end] for e in change.edits] == ["", "tru"]


def patched(old: str, diff: list[str]) -> list[str]:
    """A model of patch(1) for text of LF lines without white space at line ends."""
    lines, result, row = old.split("\n"), [], 0
    for line in diff[2:]:
        if line.startswith("@@"):
            start, _, count = line.split()[1][1:].partition(",")
            target = int(start) - (count != "0")
            result += lines[row:target]
            row = target
        elif line[0] in " -":
            assert line[1:] == lines[row]
            row += 1
        if line[0] in " +" and not line.startswith("+++"):
            result.append(line[1:])
    return result + lines[row:]


@given(st.lists(st.sampled_from("abcdef"), max_size=40), st.lists(st.sampled_from("abcdef")))
def test_the_unified_diff_patches(old: list[str], new: list[str]) -> None:
    before, after = ("".join(f"{line}\n" for line in lines) for lines in (old, new))
    diff = unified_diff(before, after, "krakend.json")
    if before == after:
        assert diff == []
    else:
        assert patched(before, diff) == after.split("\n")


@given(st.integers(0, 60), st.integers(0, 60), st.sampled_from(["\n", "\r\n", "\r"]))
def test_far_from_the_ends_the_lines_have_their_numbers(one: int, other: int, end: str) -> None:
    lines = [f"{row}{end}" for row in range(61)]
    changed = list(lines)
    changed[one] = "x" + end
    del changed[other]
    diff = unified_diff("".join(lines), "".join(changed), "f")
    whole = difflib.unified_diff(lines, changed, lineterm=end)
    strip = [line.rstrip("\r\n") for line in whole if line.startswith("@@")]
    if abs(one - other) > 10:
        assert [line for line in diff if line.startswith("@@")] == strip


def test_header_context_and_ranges_are_those_of_diff_u() -> None:
    old = "".join(f"{n}\n" for n in range(1, 21))
    new = old.replace("10\n", "ten\n").replace("20\n", "20\n21\n")
    assert unified_diff(old, new, "k\x1b.json") == [
        "--- k␛.json",
        "+++ k␛.json",
        "@@ -7,7 +7,7 @@",
        *(" 7", " 8", " 9", "-10", "+ten", " 11", " 12", " 13"),
        "@@ -18,3 +18,4 @@",
        *(" 18", " 19", " 20", "+21"),
    ]


def test_what_cannot_be_seen_is_shown() -> None:
    assert unified_diff("a\n", "a", "f")[2:] == [
        "@@ -1 +1 @@",
        "-a",
        "+a",
        "\\ No newline at end of file",
    ]
    assert unified_diff("a\r\n", "a\n", "f")[3:] == ["-a␍␊", "+a␊"]
    assert unified_diff("\ta\n", "  a\n", "f")[3:] == ["-→a", "+··a"]
    assert unified_diff("a b\n", "a c \n", "f")[3:] == ["-a b", "+a c·"]
    assert unified_diff("a\r\nb\r\n", "a\r\nc\r\n", "f")[3:] == [" a", "-b", "+c"]
    assert unified_diff("", "a\x1b[0m\n", "f")[2:] == ["@@ -0,0 +1 @@", "+a␛[0m"]


def test_a_large_file_keeps_its_unchanged_lines() -> None:
    """Changes far apart in repetitive text: lines that occur once hold the rest in place."""
    lines = [x for n in range(3000) for x in (f'"/v{n}": {{\n', '"a": 1,\n', '"b": 2\n', "},\n")]
    changed = list(lines)
    changed[2000] = "new\n"
    changed[2001:2001] = ["one\n", "two\n"]
    del changed[9000:9002]
    changed[11000] = "other\n"
    old, new = "".join(lines), "".join(changed)
    change = edits_between(old, new)
    assert change.apply(old) == new
    assert sum(len(edit.text) + edit.end - edit.start for edit in change.edits) < 100
    assert len(unified_diff(old, new, "f")) < 50


def test_lines_that_all_repeat_are_compared_as_they_face_each_other() -> None:
    lines = ["a\n", "b\n"] * 3000
    changed = list(lines)
    for row in (10, 3000, 5990):
        changed[row] = random.Random(row).choice("xyz") + "\n"
    old, new = "".join(lines), "".join(changed)
    change = edits_between(old, new)
    assert change.apply(old) == new
    assert len(change.edits) == 3
    assert edits_between(old, new + new).apply(old) == new + new
    assert len(split_lines(old)) == 6001


def test_more_lines_than_anyone_reads_are_counted() -> None:
    old = "".join(f"{row}\n" for row in range(10_000))
    diff = unified_diff(old, old.replace("\n", "\r\n"), "f")
    assert diff[3] == "-0␊"
    assert diff[-1] == "... and 15,001 more changed lines"
