"""The title bar, the current problem and the line of keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.app.widgets.line import Line
from tui.app.widgets.own_lines import OneRow, OwnLines
from tui.diagnostic import Diagnostic, Severity
from tui.visible import visible

MARKS = {Severity.ERROR: "✗", Severity.WARNING: "▲", Severity.INFO: "●"}


class TwoEnds(OneRow):
    """One line: words on the left, which give way, and words on the right."""

    _ends = (Text(), Text())

    def show_ends(self, left: Text, right: Text) -> None:
        if (left, right) != self._ends:
            self._ends = (left, right)
            self.refresh()

    def ends(self) -> tuple[Text, Text]:
        """What to draw on the left and on the right."""
        return self._ends

    def render(self) -> Text:
        width = self.size.width
        left, right = (end.copy() for end in self.ends())
        left.truncate(max(width - right.cell_len - 1, 0), overflow="ellipsis", pad=True)
        line = Text.assemble(left, " ", right)
        line.truncate(width, overflow="crop")
        return line


class TitleBar(TwoEnds):
    """The file, whether it is modified, the target, and how many findings there are."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "title--errors",
        "title--warnings",
        "title--good",
        "title--modified",
    }

    _shown: tuple[str, bool, str, tuple[int, int] | None] = ("", False, "", None)

    def show(self, name: str, modified: bool, target: str, counts: tuple[int, int] | None) -> None:
        """`counts` are those of errors and warnings, None while nothing is known of them."""
        shown = (name, modified, target, counts)
        if shown != self._shown:
            self._shown = shown
            self.refresh()

    def ends(self) -> tuple[Text, Text]:
        """Only here, when it is drawn, its styles are sure to be there."""
        name, modified, target, counts = self._shown
        errors, warnings = counts or (0, 0)
        left = Text.assemble(" ", (visible(name), "bold"))
        left.append(" ● " if modified else "   ", self._style("modified"))
        left.append(f" {target}")
        right = Text()
        if errors:
            right.append(f" ✗ {errors} ", self._style("errors"))
        if warnings:
            right.append(f" ▲ {warnings} ", self._style("warnings"))
        if counts is None:
            right.append("checking… ")
        elif not errors and not warnings:
            right.append("✓ no findings ", self._style("good"))
        return left, right

    def _style(self, name: str) -> Style:
        return self.component_style(f"title--{name}")


class PaneTitle(TwoEnds):
    """The title line of a pane: what it is on the left, a count on the right."""

    def show(self, left: str, right: str = "") -> None:
        self.show_ends(Text(f" {visible(left)}"), Text(f"{right} " if right else ""))


class ProblemBar(OwnLines):
    """The current finding in two rows, or a message until the next one is looked at."""

    def __init__(self) -> None:
        super().__init__(id="problem")
        self._text, self._keys, self._position = Text(), "", ""
        self._said, self._doing = "", ""
        self._rows: Sequence[Text] = ()

    def say(self, message: str, kind: str = "message") -> None:
        """Show a message that is to stay until `hush`."""
        self._said = message
        self.show_message(message, kind)

    def progress(self, message: str) -> None:
        """Say how far something has come; "" when it is done."""
        if message or (self._doing and self._said == self._doing):
            self.say(message)
        self._doing = message

    @property
    def is_saying(self) -> bool:
        """Whether a message is to stay."""
        return bool(self._said)

    def hush(self) -> bool:
        """Let what was said go; False when nothing was."""
        said, self._said = self._said, ""
        return bool(said)

    def show_problem(self, problem: Diagnostic, place: str, number: int, count: int) -> None:
        """`place` is its line and column in words; it is `number` of `count`."""
        mark = MARKS[problem.severity]
        plain = self.app.native_ansi_color
        start = (f" {mark} {place} ", "bold reverse" if plain else "bold")
        text = Text.assemble(start, " " if plain else "", visible(problem.message))
        keys = f"ctrl+g {problem.fixes[0].title}   " if problem.fixes else ""
        self._set(text, visible(keys), f"F2 why   {number}/{count} F8", problem.severity.value)

    def show_message(self, message: str, kind: str = "message") -> None:
        """Say something that is no finding."""
        self._set(Text(f" {visible(message)}"), "", "", kind)

    def _set(self, text: Text, keys: str, position: str, kind: str) -> None:
        said = (text, keys, position)
        if said == (self._text, self._keys, self._position) and self.has_class(f"-{kind}"):
            return
        self._text, self._keys, self._position = said
        kinds = ("error", "warning", "info", "message", "good")
        self.update_classes({f"-{name}": name == kind for name in kinds}, animate=False)
        self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        self._rows = [*self.render().split("\n", allow_blank=True)]
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        row = self._rows[y] if y < len(self._rows) else Text()
        return self.strip(row, self.size.width, self.base_style)

    def render(self) -> Text:
        """Both rows."""
        width, height = self.size
        if not self._text.plain or not width:
            return Text()
        tail = Text.assemble((self._keys, "bold"), (self._position, "dim"))
        tail.truncate(width - 4, overflow="ellipsis")
        lines = self._text.wrap(self.app.console, max(width - 2, 1))
        last = height - 1
        shown = [line if line is lines[0] else Text(" ").append_text(line) for line in lines]
        del shown[height:]
        while len(shown) < height:
            shown.append(Text())
        room = width - tail.cell_len - 1
        if len(lines) > height or shown[last].cell_len > room:
            shown[last].truncate(max(room - 2, 1), overflow="ellipsis")
        shown[last].pad_right(max(0, room - shown[last].cell_len))
        shown[last].append_text(tail)
        return Text("\n").join(shown)


class KeyLine(Line):
    """The keys that do something here, in one line, or a hint in their place."""

    def show(self, keys: Sequence[tuple[str, str, int]], hint: str = "") -> None:
        """Show (key, what it does, rank): where there is no room the highest ranks go first."""
        if hint:
            self.say(Text(f" {hint}", "bold", no_wrap=True, overflow="ellipsis"))
            return
        kept = list(keys)
        while kept and sum(len(key) + len(name) + 3 for key, name, _ in kept) > self.app.size.width:
            kept.remove(max(kept, key=lambda shown: shown[2]))
        text = Text(no_wrap=True)
        for key, name, _rank in kept:
            text.append(f" {key}", "bold")
            text.append(f" {name} ")
        self.say(text)


class TabLine(Widget):
    """The panes by name, for screens on which only one of them has room."""

    class Chosen(Message):
        """The name of the pane with this id was clicked on."""

        def __init__(self, pane: str) -> None:
            super().__init__()
            self.pane = pane

    def __init__(self) -> None:
        super().__init__(id="tabs")
        self._names: Mapping[str, str] = {}
        self._active = ""

    def show(self, names: Mapping[str, str], active: str) -> None:
        """`names` of the panes by id, in order; the `active` one stands out."""
        if (names, active) != (self._names, self._active):
            self._names, self._active = names, active
            self.refresh()

    def render(self) -> Text:
        line = Text(no_wrap=True, overflow="ellipsis")
        for pane, name in self._names.items():
            line.append(f" {visible(name)} ", "bold reverse" if pane == self._active else "")
        return line

    def on_click(self, event: events.Click) -> None:
        end = 0
        for pane, name in self._names.items():
            end += Text(visible(name)).cell_len + 2
            if event.x < end:
                self.post_message(self.Chosen(pane))
                return
