"""The app: its commands and dialogs. What is on the screen is MainScreen's."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import traceback
from collections.abc import Coroutine, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.console import RenderableType
from rich.text import Text
from textual import events, work
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen

from tui.app.analysis_loop import PATIENCE
from tui.app.ordered_keys import OrderedKeysApp
from tui.app.screens.main import MainScreen
from tui.app.session import Session
from tui.app.terminal.driver import PasteCut, PasteWaits, TerminalDriver
from tui.app.terminal.filters import AsciiOnly, NoColours
from tui.app.terminal.looks import Colours, Looks, in_ascii
from tui.app.terminal.resizes import EndsWholeApp
from tui.app.terminal.themes import LIGHT_PALETTE, OWN
from tui.app.words import target_source
from tui.document.change import ChangeSet
from tui.errors import KrakendTuiError
from tui.visible import visible

if TYPE_CHECKING:
    from tui.app.commands import Commands
    from tui.app.folder_commands import FolderCommands
    from tui.app.saving.saving import Saving
    from tui.folder import FolderEntry
    from tui.krakend.points import Entry

WAITING = frozenset(
    {"save", "undo", "redo", "find", "fix", "explain", "turn", "help", "edit", "palette", "theme"}
)
"""The commands that a dialog holds back."""


class KrakendTui(EndsWholeApp[int], OrderedKeysApp[int]):
    """One config, one screen. Returns the exit code."""

    CSS_PATH = Path("styles") / "app.tcss"
    TITLE = "krakend-tui"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save: shows the diff first", priority=True),
        Binding("ctrl+z", "undo", "Undo", priority=True),
        Binding("ctrl+y", "redo", "Redo", priority=True),
        Binding("ctrl+f", "find", "Find", priority=True),
        Binding("ctrl+g", "fix", "Fix the current problem", priority=True),
        Binding("f4", "edit", "The file in $VISUAL or $EDITOR, and back", priority=True),
        Binding("f1", "help", "Help on the pane in focus", priority=True),
        Binding("ctrl+p", "palette", "Every command by name", priority=True),
        Binding("ctrl+q", "leave", "Quit", priority=True),
        Binding("ctrl+t", "theme", "Theme: light, dark and others"),
        Binding("ctrl+l", "redraw", "Draw the screen anew", priority=True),
    ]

    def __init__(
        self,
        session: Session,
        looks: Looks = Looks(),  # noqa: B008 - it is immutable
        hint: str = "",
        *,
        debug: bool = False,
    ) -> None:
        """`hint` is shown in place of the keys until the first key; with `debug` a bug shows its
        traceback."""
        super().__init__()
        self.session = session
        self._shows_tracebacks = debug
        self.looks = looks
        self.no_color = looks.colours is Colours.NONE
        for theme in OWN:
            self.register_theme(theme)
        self._begin_with_theme(looks.theme)
        self.ansi_theme_light = LIGHT_PALETTE
        self.main = MainScreen(session, hint)
        self.left_on_purpose = False
        self.parting_words: list[str] = []
        self._window_title = ""

    # -- what takes part once the first screen stands: nothing of it is imported before ---

    @cached_property
    def commands(self) -> Commands:
        """What changes the config."""
        from tui.app.commands import Commands

        return Commands(self)

    @cached_property
    def folder_commands(self) -> FolderCommands:
        """What is done with the folder and its files."""
        from tui.app.folder_commands import FolderCommands

        return FolderCommands(self)

    @cached_property
    def saving(self) -> Saving:
        """The conversations about the file on disk."""
        from tui.app.saving.saving import Saving

        return Saving(self)

    # -- the terminal -----------------------------------------------------------------

    def _begin_with_theme(self, name: str) -> None:
        """As `theme = name`, which would have every style read and applied a second time before
        the first paint."""
        self.set_reactive(KrakendTui.theme, name)
        dark = self.current_theme.dark
        classes = {f"-theme-{name}": True, "-dark-mode": dark, "-light-mode": not dark}
        self.update_classes(classes, update=False)
        self.stylesheet.set_variables(self.get_css_variables())
        self._refresh_truecolor_filter(self.ansi_theme)

    def get_driver_class(self) -> type[Driver]:
        return TerminalDriver

    def get_line_filters(self) -> Sequence[LineFilter]:
        filters = list(super().get_line_filters())
        if self.no_color:
            filters.append(NoColours())
        if self.looks.ascii:
            filters.append(AsciiOnly())
        return filters

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        driver = self._driver
        if not isinstance(driver, TerminalDriver):
            super()._display(screen, renderable)
            return
        with driver.in_one_piece():
            super()._display(screen, driver.shown.only_new(renderable))

    def name_window(self) -> None:
        """Name the terminal's window after the file, with a mark while it is unsaved."""
        mark = "● " if self.session.modified else ""
        title = visible(f"{mark}{self.session.name} - {self.TITLE}")
        if isinstance(self._driver, TerminalDriver) and title != self._window_title:
            self._window_title = title
            self._driver.set_title(in_ascii(title) if self.looks.ascii else title)

    def on_paste_waits(self, _message: PasteWaits) -> None:
        self.main.say("A paste began and its end does not come; Escape gives it up", "warning")

    def on_paste_cut(self, _message: PasteCut) -> None:
        self.main.say("The paste came without its end: nothing of it was taken", "warning")

    def on_mount(self) -> None:
        # Without these Textual dies of the signal, with the terminal in disorder.
        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM):
            loop.add_signal_handler(number, self._end, number)

    def _end(self, number: int) -> None:
        """The line was dropped, or we are told to go: keep what is unsaved, then go."""
        self.parting_words = [f"krakend-tui: ended by {signal.Signals(number).name}", *self._keep()]
        self.main.remember_place()
        self.exit(128 + number)

    def _keep(self) -> list[str]:
        """Keep what is unsaved; in words, if it was kept."""
        error = self.session.on_disk.keep()
        is_kept = self.session.modified and error is None
        return ["The unsaved text is kept; the next start on this file offers it."] * is_kept

    def takes(self, event: events.Key | events.Paste) -> bool:
        """While nothing can be seen no key may change anything."""
        hidden = self.screen is self.main and self.main.has_class("-too-small")
        return not hidden or (isinstance(event, events.Key) and event.key == "ctrl+q")

    def key_comes(self) -> None:
        """What was said has been read by now."""
        if self.screen is self.main:
            self.main.hush()

    def _fatal_error(self) -> None:
        """A bug: the text is kept, the traceback goes to a file, and one line says where."""
        from tui.storage.crash import write_report

        error = sys.exc_info()[1]
        lines = [f"krakend-tui: internal error: {type(error).__name__}: {error}"]
        with contextlib.suppress(KrakendTuiError, OSError):
            lines.append(f"Please report it with {write_report(traceback.format_exc())}")
        lines += self._keep()
        if self._shows_tracebacks:
            lines += traceback.format_exc().splitlines()
        self.parting_words = [visible(line) for line in lines]
        self._close_messages_no_wait()

    def get_default_screen(self) -> MainScreen:
        return self.main

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In a dialog the app's commands wait, but for leaving."""
        if self.screen is not self.main and action in WAITING:
            return False
        return super().check_action(action, parameters)

    # -- undo, fixes ------------------------------------------------------------------

    def action_undo(self) -> None:
        change = None if self.session.look_only else self.session.document.undo()
        self._show_outcome(change, "Nothing to undo")

    def action_redo(self) -> None:
        change = None if self.session.look_only else self.session.document.redo()
        self._show_outcome(change, "Nothing to redo")

    def _show_outcome(self, change: ChangeSet | None, otherwise: str) -> None:
        if change is None:
            self.main.say(otherwise)
        else:
            self.main.show_change(change)

    def action_fix(self) -> None:
        self.converse(self._fix())

    async def _fix(self) -> None:
        await self.main.analysed(PATIENCE)
        problem = self.main.problem
        if problem is None or not problem.fixes:
            self.main.say("The current problem has no fix to apply: F8 goes to the next one")
            return
        fix = problem.fixes[0]
        change = ChangeSet.of(len(self.session.document.text), fix.edits)
        many = self.main.problems.same_rule()
        every = f"all {many} of {problem.rule}" if many > 1 else ""
        if await self.commands.propose(f"Fix: {fix.title}", change, every=every):
            change = await asyncio.to_thread(self.session.fix_of_rule, problem.rule)
            await self.commands.propose(f"Fix {every}", change)

    def action_find(self) -> None:
        self.converse(self.commands.find())

    def entry_command(self, what: str, key: str) -> None:
        """A command of the tree on its row `key`."""
        self.converse(self.commands.run(what, key))

    def complete_text(self) -> None:
        self.converse(self.commands.complete())

    def complete_folder(self) -> None:
        self.converse(self.folder_commands.complete_folder())

    def file_command(self, what: str, entry: FolderEntry) -> None:
        """A command of the folder pane on one of its files."""
        commands = self.folder_commands
        self.converse(commands.go_to_use(entry) if what == "use" else commands.show_page(entry))

    def go_to_file(self, entry: Entry, name: str) -> None:
        """Show the file that provides `name` to the entry."""
        self.converse(self.folder_commands.go_to_file(entry, name))

    def add_name(self, entry: Entry) -> None:
        self.converse(self.commands.add_name(entry))

    # -- the file on disk: conversations are in saving ----------------------------------

    def action_save(self) -> None:
        self.converse(self.saving.save_and_say())

    def action_leave(self) -> None:
        if not self.saving.asks_to_leave:
            self.converse(self._leave())

    async def _leave(self) -> None:
        if await self.saving.may_leave():
            self.left_on_purpose = True
            self.main.remember_place()
            self.exit(0)

    def begin(self) -> None:
        """After the first paint."""
        self.open_for_keys(self.saving.begin())

    @work(group="file", exclusive=True)
    async def config_changed(self) -> None:
        """The file on disk may be another one."""
        await self.saving.others.file_changed()

    def action_help(self) -> None:
        from tui.app.help import PANES, help_text
        from tui.app.keys import commands_of

        focused = self.main.focused
        pane = PANES.get(focused.id or "") if focused is not None else None
        own = commands_of(focused) if focused is not None and pane is not None else ()
        everywhere = [*commands_of(self), *commands_of(self.main)]
        target = target_source(self.session.options.target)
        self.converse(self.read("Help", help_text(pane, own, everywhere, target)))

    async def read(self, title: str, text: Text) -> None:
        """Show a text until it is closed."""
        from tui.app.screens.dialogs import TextDialog

        await self.push_screen_wait(TextDialog(title, text))

    def action_edit(self) -> None:
        from tui.app.external_editor import edit_outside

        self.converse(edit_outside(self))

    def action_palette(self) -> None:
        from tui.app.palette import choose_command

        self.converse(choose_command(self))

    async def hold(self, talk: Coroutine[Any, Any, None]) -> None:
        """What a conversation cannot do is said."""
        try:
            await super().hold(talk)
        except KrakendTuiError as error:
            self.main.say(f"{error.message}. {error.hint}".rstrip(". ") + ".", "warning")

    def action_redraw(self) -> None:
        """Another program wrote over the screen: everything is sent again."""
        self.screen.refresh()

    def action_theme(self) -> None:
        from tui.app.palette import choose_theme

        self.converse(choose_theme(self))
