"""The page of one plugin file, as plain values: what it is, the documentation's requirements,
where the config uses it, and how to build one that fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import NamedTuple

from tui.krakend.build_command import BuildCommand
from tui.krakend.crossref import Provided
from tui.krakend.requirements.requirement import Requirement, Status
from tui.krakend.uses import Use
from tui.plugin.facts import PluginType
from tui.visible import visible

_MARKS = {
    Status.PASS: ("✓", "good"),
    Status.FAIL: ("✗", "error"),
    Status.UNKNOWN: ("?", "warning"),
    Status.NOT_ASKED: ("–", "dim"),
}
_TYPES = {PluginType.MODIFIER: "modifier"}
_HEAD = 11
INDENT = 3 + _HEAD + 1
"""Columns before the words of a row."""
FLUSH = 3
"""The same where nothing stands in the left column."""


class Place(NamedTuple):
    """A use of the file's plugins; `label` is the place for people."""

    use: Use
    label: str


class Page(NamedTuple):
    """Everything that is shown of one file. `target` says for which KrakenD; `notes` are further
    sentences about it; `details` are (label, words)."""

    title: str
    what: str
    happens: str = ""
    target: str = ""
    requirements: Sequence[Requirement] = ()
    provided: Sequence[Provided] = ()
    places: Sequence[Place] = ()
    builds: Sequence[BuildCommand] = ()
    details: Sequence[tuple[str, str]] = ()


class PageLine(NamedTuple):
    """One line of the page. `head` stands in the left column; `mark` with its `style` before
    it; a line that is `flush` has no such column. `copy` is what can be copied here, `use`
    where Enter goes."""

    words: str = ""
    head: str = ""
    mark: str = ""
    style: str = ""
    copy: str = ""
    use: Use | None = None
    flush: bool = False


def page_lines(page: Page, width: int) -> list[PageLine]:
    """The page's lines for a screen of `width` columns."""
    lines = list(_paragraph(PageLine(page.what, flush=True), width))
    if page.happens:
        lines += _paragraph(PageLine(page.happens, flush=True), width)
    if page.requirements:
        lines += _heading(f"Requirements of {page.target}", width)
        for row in page.requirements:
            lines += _requirement(row, width)
    if page.provided:
        lines += _heading("Names and where the config uses them", width)
        for one in page.provided:
            lines += _provided(one, page.places, width)
    if page.builds:
        lines += _heading("How to build one that fits", width)
        for build in page.builds:
            lines += _paragraph(PageLine(build.title, flush=True), width)
            command = PageLine(f"$ {build.command}", copy=build.command, flush=True)
            lines += _paragraph(command, width)
    if page.details:
        lines += _heading("The file", width)
        for label, words in page.details:
            lines += _paragraph(PageLine(words, head=label, style="dim"), width)
    return lines


def _heading(words: str, width: int) -> Iterator[PageLine]:
    yield PageLine()
    yield from _paragraph(PageLine(words, style="heading", flush=True), width)


def _requirement(row: Requirement, width: int) -> Iterator[PageLine]:
    mark, style = _MARKS[row.status]
    said = row.paragraphs
    first = PageLine(said[0], row.topic.value, mark, style, row.fix)
    yield from _paragraph(first, width)
    for words in said[1:]:
        yield from _paragraph(PageLine(words, copy=row.fix), width)
    if row.log_line:
        yield from _paragraph(PageLine(f"log: {row.log_line}", copy=row.fix), width)
    for command in row.fix.splitlines():
        yield from _paragraph(PageLine(f"$ {command}", copy=row.fix, flush=True), width)


def _provided(one: Provided, places: Sequence[Place], width: int) -> Iterator[PageLine]:
    uses = {*one.uses}
    here = [place for place in places if place.use in uses]
    mark, style, words = "✓", "good", one.name
    if one.instead:
        mark, style, words = "▲", "warning", f"{one.name}: {one.instead} registers it too, later"
    elif not here:
        mark, style, words = "–", "dim", f"{one.name}: nothing in the config uses it"
    head = _TYPES.get(one.type, one.type.value)
    yield from _paragraph(PageLine(words, head, mark, style), width)
    for place in here:
        yield from _paragraph(PageLine(f"→ {place.label}", use=place.use), width)


def _paragraph(line: PageLine, width: int) -> Iterator[PageLine]:
    """The line, cut into as many as it takes; mark and head stand in the first one only."""
    room = max(width - (FLUSH if line.flush else INDENT) - 1, 20)
    pieces = wrap(visible(line.words), room, break_on_hyphens=False) or [""]
    rest = line._replace(head="", mark="")
    for number, piece in enumerate(pieces):
        first = line._replace(words=piece, head=visible(line.head))
        yield rest._replace(words=piece) if number else first
