"""The main screen: wires the panes to the session. Data goes down, messages come up."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.widgets import Static

from tui.app import last_place, layout
from tui.app.explanation import explanation
from tui.app.panes.entry_pane import EntryPane
from tui.app.panes.folder_pane import FIELDS, FolderPane
from tui.app.panes.points_pane import PointsPane
from tui.app.panes.problems_pane import ProblemsPane
from tui.app.problems import Problems
from tui.app.screens.dialogs import TextDialog
from tui.app.session import Session
from tui.app.tree_rows import WHOLE_FILE
from tui.app.widgets.bars import KeyLine, ProblemBar, TabLine, TitleBar
from tui.app.widgets.editor import Editor
from tui.app.widgets.injection_tree import InjectionTree
from tui.app.widgets.one_line import OneLine
from tui.diagnostic import Diagnostic, Severity, Span
from tui.document.change import ChangeSet
from tui.krakend.uses import Use

if TYPE_CHECKING:
    from tui.app.app import KrakendTui
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
PANE_FOCUS = {"plugins": "#pattern", "points": "#tree", "entry": "#editor"}
"""What takes the focus when a pane is clicked on in the line of tabs."""


class MainScreen(Screen[None]):
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

    def __init__(self, session: Session, welcome: str, hint: str = "") -> None:
        super().__init__()
        self.session = session
        self._welcome = welcome
        self._hint = hint
        self._place = last_place.recall_place(session.path)
        self._sizes = self._place.sizes
        # Held, not looked up: workers may speak when the app closes and the widgets are gone.
        self._title_bar, self._tab_line = TitleBar(id="title"), TabLine()
        self._problem_bar, self._key_line = ProblemBar(), KeyLine(id="keys")
        self._said_last = ""
        self._doing = ""
        self.problems = Problems(lambda: session.diagnostics)
        self._wanted = asyncio.Event()
        self._settled = asyncio.Event()

    # -- layout -----------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        yield self._title_bar
        yield self._tab_line
        with Horizontal(id="panes"):
            with Vertical(id="left"):
                yield FolderPane(self.session)
                yield PointsPane(self.session)
            yield EntryPane(self.session)
        yield ProblemsPane(self.session, self.problems)
        yield self._problem_bar
        yield self._key_line
        yield Static("krakend-tui needs a terminal of at least 60 x 15", id="too-small")

    def on_mount(self) -> None:
        session = self.session
        self._fit()
        session.document.subscribe(self._text_changed)
        self.folder_pane.show()
        if session.is_large:
            self._progress(f"Reading {session.name}: {session.size_words}")
        else:
            self._show_points()
        if self._welcome:
            self.say(self._welcome)
        self.call_after_refresh(self._start)

    def _show_points(self) -> None:
        """The tree, and what is open at first."""
        self.session.refresh_points()
        self.points_pane.show()
        if self.entry_pane.opened is None:
            self._open_first()

    def _start(self) -> None:
        """What may wait until the first paint: findings, plugin files, watching."""
        self._analyse_forever()
        self._watch_disk()
        self.want_analysis()
        self.app.begin()

    def on_resize(self, event: events.Resize) -> None:
        width, height = event.size
        too_small = width < layout.MINIMUM[0] or height < layout.MINIMUM[1]
        self.set_class(width < layout.TABS_BELOW, "-tabs")
        self.set_class(too_small, "-too-small")
        self._fit()

    def _fit(self) -> None:
        """Divide the screen among the panes."""
        width, height = self.app.size
        left, folder = self.query_one("#left").styles, self.folder_pane.styles
        if self.has_class("-tabs"):
            left.clear_rule("width")
            folder.clear_rule("height")
        else:
            left.width = layout.left_width(width, self._sizes.left)
            folder.height = layout.folder_height(height, self._sizes.folder)
        self.query_one(ProblemsPane).fit(layout.problem_rows(height))
        self.call_after_refresh(self._show_all)

    def action_resize(self, what: str) -> None:
        self._sizes = layout.resized(self._sizes, self.app.size, what)
        self._fit()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The title of the pane in focus stands out; among tabs it alone is shown."""
        around = {*event.widget.ancestors}
        for pane in (*self.query(".pane"), self.query_one("#left")):
            pane.set_class(pane in around, "-active")
        self._show_tabs()

    def _show_tabs(self) -> None:
        panes = [self.folder_pane, self.points_pane, self.entry_pane]
        active = next((pane.id or "" for pane in panes if pane.has_class("-active")), "")
        entry = self.session.title_of(self.entry_pane.opened)
        names = {"plugins": "Plugins", "points": "extra_config", "entry": entry}
        self._tab_line.show(names, active)

    @on(TabLine.Chosen)
    def _tab_chosen(self, message: TabLine.Chosen) -> None:
        self.set_focus(self.query_one(PANE_FOCUS[message.pane]))

    @property
    def folder_pane(self) -> FolderPane:
        return self.query_one(FolderPane)

    @property
    def points_pane(self) -> PointsPane:
        return self.query_one(PointsPane)

    @property
    def entry_pane(self) -> EntryPane:
        return self.query_one(EntryPane)

    # -- views ------------------------------------------------------------------------

    def _show_all(self) -> None:
        self.folder_pane.show()
        self.points_pane.show()
        self.entry_pane.show()
        self.show_title()
        self._show_tabs()
        self._key_line.show(KEYS, self._hint)

    def show_title(self) -> None:
        """The title line, and the terminal's window."""
        if not self._title_bar.is_attached:
            # The app is closing, and its widgets go before its workers.
            return
        self.app.name_window()
        session = self.session
        counts = session.count(Severity.ERROR), session.count(Severity.WARNING)
        self._title_bar.show(
            f"{session.name} {session.on_disk.state_words}".rstrip(),
            session.modified,
            session.target_line,
            counts if any(counts) or not session.reading else None,
        )

    def say(self, message: str, kind: str = "message") -> None:
        """Say something in the problem's place until the next key."""
        self._said_last = message
        self._problem_bar.show_message(message, kind)

    def _progress(self, message: str) -> None:
        """Say how far opening a large file has come; "" when it is done."""
        if message or (self._doing and self._said_last == self._doing):
            self.say(message)
        self._doing = message

    def hush(self) -> None:
        """Let what was said go: the current problem takes its place again."""
        if self._hint:
            self._hint = ""
            self._key_line.show(KEYS)
        if self._said_last:
            self._said_last = ""
            self._show_problem()

    @on(FolderPane.Said)
    @on(EntryPane.Said)
    def _said(self, message: FolderPane.Said | EntryPane.Said) -> None:
        self.say(message.words, "warning")

    @on(OneLine.Refused)
    def _paste_refused(self, message: OneLine.Refused) -> None:
        self.say(message.words, "warning")

    @on(events.Paste)
    @on(Editor.ReadOnly)
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
        """After undo or redo: the cursor goes where the text changed, if it is on show."""
        if change.edits:
            self.entry_pane.editor.move_to(change.map(change.edits[0].start, before=True))
        self._show_problem()

    def show_taken(self, change: ChangeSet, words: str) -> None:
        """After another program changed the text: go there, or where the text breaks now."""
        self.show_change(change)
        problem = self.session.syntax_problem
        if problem is not None:
            self.points_pane.select(WHOLE_FILE)
            self.entry_pane.open(WHOLE_FILE, problem.span)
            self.set_focus(self.entry_pane.editor)
        self.say(words if problem is None else f"{words} No valid JSON: here is the fault.")

    @property
    def line(self) -> int:
        """The 0-based line of the text that the user is at."""
        session, focused = self.session, self.focused
        block = session.block
        field = {"pattern": block.pattern, "folder": block.folder}.get(
            focused.id or "" if focused is not None else ""
        )
        key = self.points_pane.rows.key
        if field is not None:
            return session.position(field.node.span.start)[0]
        if focused is self.points_pane.rows and key is not None:
            span = session.span_of(key)
            return session.position(span.start)[0] if span is not None else 0
        return session.position(self.entry_pane.editor.place or 0)[0]

    def action_rescan(self) -> None:
        self.session.rescan()
        self._scan_changed()
        self.say(f"Scanned again: {self.session.scan_words}")

    # -- background work --------------------------------------------------------------

    def want_analysis(self) -> None:
        """The findings are stale; they are worked out as soon as the last ones are."""
        self._settled.clear()
        self._wanted.set()

    async def analysed(self) -> None:
        """Wait until the findings are those of the newest text."""
        await self._settled.wait()

    @work(exclusive=True, group="analysis")
    async def _analyse_forever(self) -> None:
        """One analysis at a time, always of the newest text; older results are dropped."""
        session = self.session
        if session.is_large:
            await asyncio.to_thread(session.read_points, session.document.tree)
            self._show_points()
            self._progress(f"Looking at {len(session.points):,} places for plugins")
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            version = session.document.version
            tree, listing = session.document.tree, session.listing
            outcome = await asyncio.to_thread(session.analyse, tree, listing)
            if version == session.document.version:
                session.take(outcome)
                try:
                    self._progress("")
                    self._show_all()
                    self._show_problem()
                except NoMatches:
                    # The app is closing, and its widgets go before its workers.
                    return
            if await asyncio.to_thread(session.read_missing, outcome.snapshot):
                self._wanted.set()
            elif not self._wanted.is_set():
                self._settled.set()

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

    def _open_first(self) -> None:
        """At the start: where the text breaks, else the first plugin entry, else all of it."""
        problem = self.session.syntax_problem
        if problem is not None:
            self.entry_pane.open(WHOLE_FILE, problem.span)
            self.points_pane.select(WHOLE_FILE)
            return
        points = self.session.points
        key = next((entry.pointer for point in points for entry in point.entries), WHOLE_FILE)
        cursor = None
        if self._place.row is not None and self.session.span_of(self._place.row) is not None:
            key = self._place.row
            cursor = Span(self._place.offset, self._place.offset)
        self.entry_pane.open(key, cursor)
        self.points_pane.select(key)

    def remember_place(self) -> None:
        """Keep where the user was and how the screen was divided for the next start."""
        row, cursor = self.entry_pane.opened, self.entry_pane.editor.place
        if row is not None:
            place = last_place.Place(row, cursor or 0, self._sizes)
            last_place.remember_place(self.session.path, place)

    @on(PointsPane.Chosen)
    def _chosen(self, message: PointsPane.Chosen) -> None:
        self.entry_pane.open(message.key)
        if message.enter and self.entry_pane.editor.window is not None:
            self.set_focus(self.entry_pane.editor)
        elif message.enter:
            self.points_pane.rows.action_fold()

    @on(InjectionTree.Asked)
    def _asked(self, message: InjectionTree.Asked) -> None:
        self.app.entry_command(message.what, message.key)

    @on(FolderPane.CompletionWanted)
    def _completion_wanted(self) -> None:
        self.app.complete_folder()

    @on(FolderPane.FileWanted)
    def _file_wanted(self, message: FolderPane.FileWanted) -> None:
        self.app.file_command(message.what, message.entry)

    @on(EntryPane.FileWanted)
    def _provider_wanted(self, message: EntryPane.FileWanted) -> None:
        self.app.go_to_file(message.entry, message.name)

    @on(EntryPane.NameWanted)
    def _name_wanted(self, message: EntryPane.NameWanted) -> None:
        self.app.add_name(message.entry)

    def go_to_use(self, use: Use) -> None:
        """Show a plugin name of the config, in its entry's list if it is one."""
        node = self.session.document.tree.node(use.pointer)
        self.points_pane.select(use.entry.pointer)
        self.entry_pane.open(use.entry.pointer, node.span if node is not None else None)
        self.set_focus(self.entry_pane.editor)

    @on(EntryPane.SwitchWanted)
    def _switch_wanted(self) -> None:
        self.app.entry_command("switch", self.entry_pane.opened or "")

    @on(Editor.CompletionWanted)
    def _text_completion_wanted(self) -> None:
        self.app.complete_text()

    @on(EntryPane.Turned)
    def _turned(self, message: EntryPane.Turned) -> None:
        self.points_pane.select(message.key)

    def action_turn(self) -> None:
        self.entry_pane.turn()

    def go_to_text(self, key: str, text: str) -> None:
        """Show the tree row `key` with the cursor at the first `text` in it."""
        span = self.session.span_of(key)
        at = self.session.document.text.find(text, span.start) if span is not None else -1
        self.points_pane.show()
        self.points_pane.select(key)
        self.entry_pane.open(key, Span(at, at + len(text)) if at >= 0 else None)
        self.set_focus(self.entry_pane.editor)

    def go(self, key: str) -> None:
        """Show the tree row `key` and go there."""
        self.points_pane.show()
        self.points_pane.select(key)
        self.entry_pane.open(key)
        self.set_focus(self.points_pane.rows)

    @on(FolderPane.Left)
    def action_focus_tree(self) -> None:
        self.set_focus(self.points_pane.rows)

    # -- problems ---------------------------------------------------------------------

    @property
    def problem(self) -> Diagnostic | None:
        """The current finding."""
        return self.problems.current

    def _show_problem(self) -> None:
        """Show the current problem, unless something was said since the last key."""
        problem = self.problem
        bar = self._problem_bar
        if self.session.analysis is None:
            return
        self.query_one(ProblemsPane).show()
        if self._said_last:
            return
        if problem is None:
            kind = "message" if self.session.reading else "good"
            bar.show_message(self.session.all_clear_words, kind)
            return
        row, column = self.session.position(problem.span.start)
        place = f"{row + 1}:{column + 1}"
        bar.show_problem(problem, place, self.problems.index + 1, len(self.problems.all))

    def action_problem(self, step: int) -> None:
        """Walk to the next finding; the first time to the current one."""
        if self.session.analysis is None:
            # Typed before the first findings: what follows is meant for the place of one.
            self.app.converse(self._walk_when_known(step))
        else:
            self._walk(step)

    async def _walk_when_known(self, step: int) -> None:
        await self.analysed()
        self._walk(step)

    def _walk(self, step: int) -> None:
        problem = self.problems.walk(step)
        if problem is not None:
            self._go_to(problem)
        self._show_problem()

    def action_explain(self) -> None:
        if self.session.analysis is None:
            self.app.converse(self._explain_when_known())
        else:
            self._explain()

    async def _explain_when_known(self) -> None:
        await self.analysed()
        self._explain()

    def _explain(self) -> None:
        problem = self.problem
        if problem is None:
            self.say(self.session.all_clear_words)
        else:
            title = f"{problem.severity.value} {problem.rule}"
            self.app.push_screen(TextDialog(title, explanation(problem)))

    @on(ProblemsPane.Chosen)
    def _problem_chosen(self, message: ProblemsPane.Chosen) -> None:
        problem = self.problems.choose(message.index)
        if message.enter:
            self._go_to(problem)
        self._show_problem()

    @on(Editor.Moved)
    def _editor_moved(self, message: Editor.Moved) -> None:
        """The finding under the cursor is the current one."""
        editor = self.entry_pane.editor
        if editor.has_focus and self.problems.come_to(message.offset, editor.line_span):
            self._show_problem()

    def _go_to(self, problem: Diagnostic) -> None:
        """Open the place of a finding and put the cursor on it."""
        field = problem.pointer.removeprefix("/plugin/")
        if field in FIELDS:
            self.set_focus(self.folder_pane.field(field))
            return
        key = self.session.row_of(problem.pointer)
        self.points_pane.select(key)
        self.entry_pane.open(key, problem.span)
        self.set_focus(self.entry_pane.editor)
