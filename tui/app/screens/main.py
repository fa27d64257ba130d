"""The main screen: wires the panes to the session. Data goes down, messages come up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from tui.app import last_place, layout
from tui.app.analysis_loop import AnalysisLoop
from tui.app.panes.folder_pane import FolderPane
from tui.app.problems import Problems
from tui.app.session import Session
from tui.app.terminal.composing import OnlyWanted
from tui.app.terminal.resizes import SizedAsTheApp
from tui.app.widgets.bars import KeyLine, ProblemBar, TabLine, TitleBar
from tui.app.widgets.said import Said
from tui.app.words import all_clear_words, opening_note, scan_words, target_line
from tui.diagnostic import Diagnostic, Severity
from tui.document.change import ChangeSet
from tui.uncollected import collect_from_now
from tui.waiting import came

if TYPE_CHECKING:
    from tui.app.app import KrakendTui
    from tui.app.navigation import Navigation
    from tui.app.panes.entry_pane import EntryPane
    from tui.app.panes.points_pane import PointsPane
    from tui.app.panes.problems_pane import ProblemsPane
    from tui.app.widgets.editor import Editor
    from tui.app.widgets.injection_tree import InjectionTree
    from tui.storage.watch import WatchStatus

KEYS = [
    ("^S", "Save", 1),
    ("^Z", "Undo", 4),
    ("^F", "Find", 3),
    ("F8", "Problem", 1),
    ("^G", "Fix", 2),
    ("F4", "Editor", 5),
    ("F1", "Help", 0),
    ("^P", "Commands", 6),
    ("^Q", "Quit", 0),
]
"""Key, what it does, and how soon it gives way where there is no room."""
LATER_STYLES = Path(__file__).parent.parent / "styles" / "later.tcss"
LONGEST_PAINT = 0.1
"""Seconds after which nothing is waiting to be painted any more."""
PANE_FOCUS = {"plugins": "#pattern", "points": "#tree", "entry": "#editor"}
"""What takes the focus when a pane is clicked on in the line of tabs."""


class MainScreen(SizedAsTheApp[None]):
    """Everything on one screen: folder pane, tree, entry, current problem, keys."""

    app: KrakendTui
    AUTO_FOCUS = "#pattern"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f8", "problem(1)", "Next problem", priority=True),
        Binding("f7", "problem(-1)", "Previous problem", priority=True),
        Binding("f2", "explain", "Explain the current problem", priority=True),
        Binding("f5", "rescan", "Scan the folder again", priority=True),
        Binding("f6", "turn", "Entry, own block, whole file", priority=True),
        Binding("escape", "focus_tree", "Back to the tree", show=False),
        Binding("less_than_sign", "resize('narrower')", "In lists: narrow the left side"),
        Binding("greater_than_sign", "resize('wider')", "In lists: widen the left side"),
        Binding("plus", "resize('taller')", "In lists: more rows for the folder"),
        Binding("minus", "resize('shorter')", "In lists: fewer rows for the folder"),
        Binding("equals_sign", "resize('reset')", "In lists: panes as at first"),
    ]

    def __init__(self, session: Session, hint: str = "") -> None:
        super().__init__()
        self._compositor = OnlyWanted()
        self.session = session
        self._hint = hint
        self._place = last_place.recall_place(session.path)
        self._sizes = self._place.sizes
        # Held, not looked up: workers may speak when the app closes and the widgets are gone.
        self._title_bar, self._tab_line = TitleBar(id="title"), TabLine()
        self._problem_bar, self._key_line = ProblemBar(), KeyLine(id="keys")
        self._panes, self._left = Horizontal(id="panes"), Vertical(id="left", classes="-active")
        self.folder_pane = FolderPane(session)
        self.problems = Problems(lambda: session.diagnostics)
        self._analysis = AnalysisLoop(session)
        self._is_whole = False

    # -- what takes part once the first screen stands: nothing of it is imported before ---

    @cached_property
    def points_pane(self) -> PointsPane:
        from tui.app.panes.points_pane import PointsPane

        return PointsPane(self.session)

    @cached_property
    def entry_pane(self) -> EntryPane:
        from tui.app.panes.entry_pane import EntryPane

        return EntryPane(self.session)

    @cached_property
    def _problems_pane(self) -> ProblemsPane:
        from tui.app.panes.problems_pane import ProblemsPane

        return ProblemsPane(self.session, self.problems)

    @cached_property
    def navigation(self) -> Navigation:
        """Takes the user to places."""
        from tui.app.navigation import Navigation

        return Navigation(self.session, self.folder_pane, self.points_pane, self.entry_pane)

    # -- layout -----------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        yield self._title_bar
        yield self._tab_line
        with self._panes, self._left:
            yield self.folder_pane
        yield self._problem_bar
        yield self._key_line
        yield Static("krakend-tui needs a terminal of at least 60 x 15", id="too-small")

    def on_mount(self) -> None:
        session = self.session
        self._fit()
        session.document.subscribe(self._text_changed)
        self.folder_pane.show()
        self.show_title()
        self._key_line.show(KEYS, self._hint)
        if session.is_large:
            size = f"{len(session.document.text) / 1e6:.1f} MB"
            self._problem_bar.progress(f"Reading {session.name}: {size}")
        note = opening_note(session)
        if note:
            self.say(note)
        self.call_after_refresh(self._start)

    def _show_points(self) -> None:
        """The tree, and what is open at first."""
        self.session.refresh_points()
        self._is_whole = True
        self._fit()
        self.points_pane.show()
        if self.entry_pane.opened is None:
            self.navigation.open_first(self._place)

    async def _start(self) -> None:
        """What may wait until the first paint: the other panes, the findings, the disk."""
        collect_from_now()
        if not self.is_attached:
            return  # The app has been told to end.
        self.app.stylesheet.read(LATER_STYLES)
        with self.app.batch_update():
            mounted = (
                self._left.mount(self.points_pane),
                self._panes.mount(self.entry_pane),
                self.mount(self._problems_pane, before=self._problem_bar),
            )
            for pane in mounted:
                await pane
        self._analyse()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        # Textual would work out all styles once more, as they are: each widget was styled as it
        # was mounted, and a theme that is chosen under a dialog comes to all screens.
        event.refresh_styles = False

    def on_resize(self) -> None:
        width, height = self.app.size
        too_small = width < layout.MINIMUM[0] or height < layout.MINIMUM[1]
        self.set_class(width < layout.TABS_BELOW, "-tabs")
        self.set_class(too_small, "-too-small")
        self._fit()

    def _fit(self) -> None:
        """Divide the screen among the panes."""
        width, height = self.app.size
        left, folder = self._left.styles, self.folder_pane.styles
        if self.has_class("-tabs"):
            left.clear_rule("width")
            folder.clear_rule("height")
        else:
            left.width = layout.left_width(width, self._sizes.left)
            folder.height = layout.folder_height(height, self._sizes.folder)
        if self._is_whole:
            self._problems_pane.fit(layout.problem_rows(height))
        self.call_after_refresh(self._show_all)

    def action_resize(self, what: str) -> None:
        self._sizes = layout.resized(self._sizes, self.app.size, what)
        self._fit()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The title of the pane in focus stands out; among tabs it alone is shown."""
        around = {*event.widget.ancestors}
        for pane in (*self.query(".pane"), self._left):
            pane.set_class(pane in around, "-active")
        self._show_tabs()

    def _show_tabs(self) -> None:
        if not self._is_whole:
            return
        panes = [self.folder_pane, self.points_pane, self.entry_pane]
        active = next((pane.id or "" for pane in panes if pane.has_class("-active")), "")
        entry = self.entry_pane.title
        names = {"plugins": "Plugins", "points": "extra_config", "entry": entry}
        self._tab_line.show(names, active)

    @on(TabLine.Chosen)
    def _tab_chosen(self, message: TabLine.Chosen) -> None:
        if self._is_whole:
            self.set_focus(self.query_one(PANE_FOCUS[message.pane]))

    # -- views ------------------------------------------------------------------------

    def _show_all(self) -> None:
        self.folder_pane.show()
        if self._is_whole:
            self.points_pane.show()
            self.entry_pane.show()
        self.show_title()
        self._show_tabs()

    def _show_keys(self) -> None:
        save, *others = KEYS
        if self.session.on_disk.theirs is not None:
            save = ("^S", "Merge", save[2])
        self._key_line.show([save, *others], self._hint)

    def show_title(self) -> None:
        """The title line, the terminal's window, and the key for what the title asks."""
        self.app.name_window()
        session = self.session
        counts = session.count(Severity.ERROR), session.count(Severity.WARNING)
        self._title_bar.show(
            f"{session.name} {session.on_disk.state_words}".rstrip(),
            session.modified,
            target_line(session.options.target),
            counts if any(counts) or not session.reading else None,
        )
        self._show_keys()

    def say(self, message: str, kind: str = "message") -> None:
        """Say something in the problem's place until the next key."""
        self._problem_bar.say(message, kind)

    def hush(self) -> None:
        """Let what was said go: the current problem takes its place again."""
        if self._hint:
            self._hint = ""
            self._show_keys()
        if self._problem_bar.hush():
            self._show_problem()

    @on(Said)
    def _said(self, message: Said) -> None:
        self.say(message.words, "warning")

    def on_editor_read_only(self) -> None:
        self._nowhere_to_paste()

    @on(events.Paste)
    def _nowhere_to_paste(self) -> None:
        self.say("Nothing was pasted: go to the editor, or to a field, with Tab", "warning")

    # -- changes ----------------------------------------------------------------------

    def _text_changed(self, change: ChangeSet) -> None:
        """After every change of the text, wherever it came from."""
        self.entry_pane.text_changed(change)
        if self.session.refresh_scan():
            self._watch_disk()
        self._scan_changed()

    def _scan_changed(self) -> None:
        self.folder_pane.show()
        self.show_title()
        self.want_analysis()

    def show_change(self, change: ChangeSet) -> None:
        """After undo or redo."""
        self.navigation.to_change(change)
        self._show_problem()

    def show_taken(self, change: ChangeSet, words: str) -> None:
        """After another program changed the text: go there, or where the text breaks now."""
        self.show_change(change)
        is_broken = self.navigation.to_fault()
        self.say(f"{words} No valid JSON: here is the fault." if is_broken else words)

    def action_rescan(self) -> None:
        self.session.rescan()
        self._scan_changed()
        self.say(f"Scanned again: {scan_words(self.session)}")

    # -- background work --------------------------------------------------------------

    def want_analysis(self) -> None:
        """The findings are stale; they are worked out as soon as the last ones are."""
        self._analysis.want()

    async def analysed(self, patience: float | None = None) -> None:
        """Wait until the findings are those of the newest text; see AnalysisLoop.settled."""
        await self._analysis.settled(patience)

    @work(group="analysis")
    async def _analyse(self) -> None:
        session = self.session
        # Until it has a size the editor does not know what of its text is on the screen.
        await self.painted()
        if session.is_large:
            await asyncio.to_thread(session.read)
            self._show_all()
        else:
            self._show_points()
        self._watch_disk()
        self.want_analysis()
        self.app.begin()
        if session.is_large:
            await asyncio.to_thread(session.judging.read_points, session.document.tree)
            self._show_points()
            many = f"{len(session.points):,}"
            self._problem_bar.progress(f"Looking at {many} places for plugins")
        await self._analysis.run(self.painted, self._show_findings)

    def _show_findings(self) -> None:
        self._problem_bar.progress("")
        self._show_all()
        self._show_problem()

    async def painted(self) -> None:
        """Wait until the screen shows what is new: work that ran beside the paint would take
        turns with it, and the key would be felt.

        A dialog that is closed before its paint takes along what waits for that."""
        painted = asyncio.Event()
        self.call_after_refresh(painted.set)
        await came(painted, LONGEST_PAINT)

    @work(exclusive=True, group="watch")
    async def _watch_disk(self) -> None:
        """Follow the plugin folder and the config on disk; begun anew for another folder."""
        from tui.storage.watch import watch

        session = self.session
        path = session.path.absolute()
        changes = watch(session.folder, path, asyncio.Event(), self._watch_status)
        async with aclosing(changes) as noticed:
            async for change in noticed:
                if change.listing is not None:
                    session.take_listing(change.listing)
                    self._scan_changed()
                if change.config_changed:
                    self.app.config_changed()

    def _watch_status(self, status: WatchStatus) -> None:
        """The watch stands: what changed before it did is looked at once."""
        self.folder_pane.is_polled = status.mode == "polling"
        self.session.rescan()
        self._scan_changed()
        self.app.config_changed()
        if status.mode == "polling":
            self.say(f"The folder is looked at once a second: {status.reason}. F5 looks now.")

    # -- moving about -----------------------------------------------------------------

    def remember_place(self) -> None:
        """Keep where the user was and how the screen was divided for the next start."""
        pane = self.entry_pane
        if pane.opened is not None:
            place = last_place.Place(pane.opened, pane.editor.place or 0, self._sizes)
            last_place.remember_place(self.session.path, place)

    def on_points_pane_chosen(self, message: PointsPane.Chosen) -> None:
        self.entry_pane.open(message.key)
        if message.enter and self.entry_pane.editor.window is not None:
            self.set_focus(self.entry_pane.editor)
        elif message.enter:
            self.points_pane.rows.action_fold()

    def on_injection_tree_asked(self, message: InjectionTree.Asked) -> None:
        self.app.entry_command(message.what, message.key)

    @on(FolderPane.CompletionWanted)
    def _completion_wanted(self) -> None:
        self.app.complete_folder()

    @on(FolderPane.FileWanted)
    def _file_wanted(self, message: FolderPane.FileWanted) -> None:
        self.app.file_command(message.what, message.entry)

    def on_entry_pane_file_wanted(self, message: EntryPane.FileWanted) -> None:
        self.app.go_to_file(message.entry, message.name)

    def on_entry_pane_name_wanted(self, message: EntryPane.NameWanted) -> None:
        self.app.add_name(message.entry)

    def on_entry_pane_switch_wanted(self) -> None:
        self.app.entry_command("switch", self.entry_pane.opened or "")

    def on_editor_completion_wanted(self) -> None:
        self.app.complete_text()

    def on_entry_pane_turned(self, message: EntryPane.Turned) -> None:
        self.points_pane.select(message.key)

    def action_turn(self) -> None:
        self.entry_pane.turn()

    @on(FolderPane.Left)
    def action_focus_tree(self) -> None:
        self.navigation.to_tree()

    # -- problems ---------------------------------------------------------------------

    @property
    def problem(self) -> Diagnostic | None:
        """The current finding."""
        return self.problems.current

    def _show_problem(self) -> None:
        """Show the current problem, unless something was said since the last key."""
        problem, bar = self.problem, self._problem_bar
        if self.session.analysis is None:
            return
        self._problems_pane.show()
        if bar.is_saying:
            return
        if problem is None:
            kind = "message" if self.session.reading else "good"
            bar.show_message(all_clear_words(self.session), kind)
            return
        row, column = self.session.position(problem.span.start)
        place = f"{row + 1}:{column + 1}"
        bar.show_problem(problem, place, self.problems.index + 1, len(self.problems.all))

    def action_problem(self, step: int) -> None:
        """Walk to the next finding; the first time to the current one."""
        self._once_known(partial(self._walk, step))

    def _once_known(self, act: Callable[[], None]) -> None:
        """Act on the findings of the newest text."""
        if self._analysis.is_known:
            act()
        else:
            # What is typed behind it is meant for the place that it leads to, and waits too.
            self.app.converse(self._when_known(act))

    async def _when_known(self, act: Callable[[], None]) -> None:
        await self._analysis.known()
        act()

    def action_explain(self) -> None:
        self.app.converse(self._explain())

    def _walk(self, step: int) -> None:
        problem = self.problems.walk(step)
        if problem is not None:
            self.navigation.to_problem(problem)
        self._show_problem()

    async def _explain(self) -> None:
        from tui.app.explanation import explanation

        await self._analysis.known()
        problem = self.problem
        if problem is None:
            self.say(all_clear_words(self.session))
        else:
            await self.app.read(f"{problem.severity.value} {problem.rule}", explanation(problem))

    def on_problems_pane_chosen(self, message: ProblemsPane.Chosen) -> None:
        self.problems.choose(message.found)
        self._show_problem()
        if message.enter:
            self._once_known(partial(self._to_problem, message.found))

    def _to_problem(self, chosen: Diagnostic) -> None:
        """Go to a finding, unless it is mended by now."""
        problem = self.problem
        if problem is not None and (problem.rule, problem.pointer) == (chosen.rule, chosen.pointer):
            self.navigation.to_problem(problem)

    def on_editor_moved(self, message: Editor.Moved) -> None:
        """The finding under the cursor is the current one."""
        editor = self.entry_pane.editor
        if editor.has_focus and self.problems.come_to(message.offset, editor.line_span):
            self._show_problem()
