"""A unified diff for people, and the change between two texts, both bounded in their cost."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import chain, islice

from tui.diagnostic import Edit
from tui.document.change import ChangeSet
from tui.document.text import split_lines
from tui.visible import visible

_CONTEXT = 3
# SequenceMatcher is quadratic at worst: from this product on, lines that occur once are
# matched first, as the patience diff does.
_MOST_COMPARED = 1_000_000
_BREAKS = {"\n": "\u240a", "\r": "\u240d", "\r\n": "\u240d\u240a"}
_WHITE = str.maketrans({" ": "\u00b7", "\t": "\u2192"})
MOST_SHOWN = 5_000
NO_NEWLINE = "\\ No newline at end of file"

_Block = tuple[int, int, int, int]
"""(first, last, start, end): the old lines [first, last) became the new lines [start, end)."""


def edits_between(old: str, new: str) -> ChangeSet:
    """The change that makes `new` of `old`, line by line, so that marks elsewhere stay true."""
    place, before, after = _differing_lines(old, new)
    edits: list[Edit] = []
    row = 0
    for first, last, start, end in _changed_blocks(before, after):
        place += sum(map(len, before[row:first]))
        pairs = [("".join(before[first:last]), "".join(after[start:end]))]
        if last - first == end - start:
            pairs = list(zip(before[first:last], after[start:end], strict=True))
        for removed, written in pairs:
            edits.append(_trimmed(place, removed, written))
            place += len(removed)
        row = last
    return ChangeSet.of(len(old), edits)


def unified_diff(old: str, new: str, name: str) -> list[str]:
    """The lines to show for the change of a file from `old` to `new`; none when they are equal.

    Each line is safe for a terminal. In changed lines, white space at the end shows as dots
    and arrows; all of it does where a block differs in nothing else, and so do line breaks
    where they differ. After MOST_SHOWN lines the last one says how many changed ones follow.
    """
    place, before, after = _differing_lines(old, new)
    blocks = _changed_blocks(before, after)
    if not blocks:
        return []
    above = _line_breaks(old[:place])
    # What follows the last line break is a line only when there is something in it.
    before, after = (lines if lines[-1] else lines[:-1] for lines in (before, after))
    lines = [f"--- {visible(name)}", f"+++ {visible(name)}"]
    shown = chain.from_iterable(_hunk_lines(hunk, before, after, above) for hunk in _hunks(blocks))
    lines += islice(shown, MOST_SHOWN)
    if next(shown, None) is not None:
        changed = sum(last - first + end - start for first, last, start, end in blocks)
        left = changed - sum(line[0] in "-+" for line in lines[2:])
        lines.append(f"... and {left:,} more changed lines")
    return lines


def _differing_lines(old: str, new: str) -> tuple[int, list[str], list[str]]:
    """Where the lines of both that must be compared begin, and those lines, context included.

    What both texts begin and end with is left out by whole lines that LF ends: splitting a
    large file costs much more than finding the place of a small change in it.
    """
    if old == new:
        return len(old), [""], [""]
    head = _common_prefix(old, new)
    for _ in range(_CONTEXT + 1):
        head = old.rfind("\n", 0, max(head - 1, 0)) + 1
    shortest = min(len(old), len(new)) - head
    tail = min(_common_suffix(old, new), shortest)
    end = len(old) - tail
    for _ in range(_CONTEXT + 1):
        end = old.find("\n", end) + 1 or len(old)
    tail = len(old) - end
    return head, split_lines(old[head:end]), split_lines(new[head : len(new) - tail])


def _line_breaks(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _hunks(blocks: Sequence[_Block]) -> Iterator[list[_Block]]:
    """Blocks whose context lines touch go together."""
    hunk: list[_Block] = []
    for block in blocks:
        if hunk and block[0] - hunk[-1][1] > 2 * _CONTEXT:
            yield hunk
            hunk = []
        hunk.append(block)
    yield hunk


def _hunk_lines(
    hunk: list[_Block], before: list[str], after: list[str], above: int
) -> Iterator[str]:
    """One hunk; `above` lines of the file stand before `before` and `after`."""
    first = max(hunk[0][0] - _CONTEXT, 0)
    start = max(hunk[0][2] - _CONTEXT, 0)
    last = min(hunk[-1][1] + _CONTEXT, len(before))
    end = min(hunk[-1][3] + _CONTEXT, len(after))
    yield f"@@ -{_range(first, last, above)} +{_range(start, end, above)} @@"
    row = first
    for block in hunk:
        yield from _shown(" ", before[row : block[0]])
        removed, added = before[block[0] : block[1]], after[block[2] : block[3]]
        marks = _Marks(removed, added)
        yield from _shown("-", removed, marks)
        yield from _shown("+", added, marks)
        row = block[1]
    yield from _shown(" ", before[row:last])


def _range(start: int, end: int, above: int) -> str:
    """Line numbers as diff -u writes them: from 1, and the line before an empty range."""
    count = end - start
    return f"{above + start + (count > 0)}" + ("" if count == 1 else f",{count}")


class _Marks:
    """What of a changed block must be made visible."""

    def __init__(self, removed: list[str], added: list[str]) -> None:
        kinds = {_split_break(line)[1] for line in (*removed, *added)} - {""}
        self.breaks = len(kinds) > 1
        self.white = "".join("".join(removed).split()) == "".join("".join(added).split())


def _shown(sign: str, lines: list[str], marks: _Marks | None = None) -> Iterator[str]:
    for line in lines:
        content, ending = _split_break(line)
        if marks is not None:
            inner = content if marks.white else content[len(content.rstrip(" \t")) :]
            content = content[: len(content) - len(inner)] + inner.translate(_WHITE)
        mark = _BREAKS.get(ending, "") if marks is not None and marks.breaks else ""
        yield sign + visible(content.replace("\t", "    ")) + mark
        if not ending:
            yield NO_NEWLINE


def _split_break(line: str) -> tuple[str, str]:
    content = line.rstrip("\r\n")
    return content, line[len(content) :]


def _trimmed(place: int, removed: str, written: str) -> Edit:
    """The replacement without what both begin and end with."""
    head = _common_prefix(removed, written)
    tail = _common_suffix(removed[head:], written[head:])
    return Edit(place + head, place + len(removed) - tail, written[head : len(written) - tail])


def _common_prefix(one: str, other: str) -> int:
    """How many code points both begin with, by halving: comparing slices is quick."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_suffix(one: str, other: str) -> int:
    """How many code points both end with."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low


def _changed_blocks(before: list[str], after: list[str]) -> list[_Block]:
    """What changed, in order and apart."""
    blocks: list[_Block] = []
    work: list[_Block] = [(0, len(before), 0, len(after))]
    while work:
        first, last, start, end = _narrowed(before, after, work.pop())
        if first == last and start == end:
            continue
        old, new = before[first:last], after[start:end]
        if not old or not new:
            blocks.append((first, last, start, end))
        elif len(old) * len(new) <= _MOST_COMPARED:
            matcher = SequenceMatcher(None, old, new, autojunk=False)
            codes = [code[1:] for code in matcher.get_opcodes() if code[0] != "equal"]
            blocks += [(first + a, first + b, start + c, start + d) for a, b, c, d in codes]
        elif anchors := _anchors(old, new):
            work += reversed(_between(anchors, (first, last, start, end)))
        else:
            blocks += _facing(before, after, (first, last, start, end))
    return blocks


def _narrowed(before: list[str], after: list[str], block: _Block) -> _Block:
    """The block without the lines that both sides begin and end with."""
    first, last, start, end = block
    while first < last and start < end and before[first] == after[start]:
        first, start = first + 1, start + 1
    while first < last and start < end and before[last - 1] == after[end - 1]:
        last, end = last - 1, end - 1
    return first, last, start, end


def _anchors(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Pairs of lines that occur once on each side, as many as stand in the same order."""
    seen = Counter(new)
    once = Counter(old)
    rows = {line: row for row, line in enumerate(new) if seen[line] == 1}
    pairs = [(row, rows[line]) for row, line in enumerate(old) if line in rows and once[line] == 1]
    ends: list[int] = []
    at: list[int] = []
    previous: list[int] = []
    for number, (_, row) in enumerate(pairs):
        length = bisect_left(ends, row)
        ends[length : length + 1] = [row]
        at[length : length + 1] = [number]
        previous.append(at[length - 1] if length else -1)
    chain: list[tuple[int, int]] = []
    number = at[-1] if at else -1
    while number >= 0:
        chain.append(pairs[number])
        number = previous[number]
    return chain[::-1]


def _between(anchors: list[tuple[int, int]], block: _Block) -> list[_Block]:
    """The blocks before, between and behind the anchors that are not empty."""
    first, last, start, end = block
    above = [(-1, -1), *anchors]
    below = [*anchors, (last - first, end - start)]
    return [
        (first + a + 1, first + c, start + b + 1, start + d)
        for (a, b), (c, d) in zip(above, below, strict=True)
        if c - a > 1 or d - b > 1
    ]


def _facing(before: list[str], after: list[str], block: _Block) -> Iterator[_Block]:
    """A large block without anchors: line against line when it has as many, else as a whole."""
    first, last, start, end = block
    if last - first != end - start:
        yield block
        return
    begin: int | None = None
    for row in range(last - first + 1):
        differs = row < last - first and before[first + row] != after[start + row]
        if differs and begin is None:
            begin = row
        elif not differs and begin is not None:
            yield first + begin, first + row, start + begin, start + row
            begin = None
