"""The main screen: wires the panes to the session. Data goes down, messages come up."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Label, Static

from tui.app.session import Refused, Session
from tui.app.tree_rows import WHOLE_FILE, tree_rows
from tui.app.widgets.bars import KeyLine, PaneTitle, ProblemBar, TitleBar
from tui.app.widgets.editor import Editor
from tui.app.widgets.fields import BlockField
from tui.app.widgets.injection_tree import InjectionTree
from tui.app.widgets.line_list import LineList
from tui.app.widgets.plugin_files import PluginFiles
from tui.diagnostic import Diagnostic, Severity, Span
from tui.document.change import ChangeSet
from tui.document.text import indent_unit
from tui.document.window import Window

if TYPE_CHECKING:
    from tui.app.app import KrakendTui
    from tui.storage.watch import WatchStatus

MINIMUM = (60, 15)


class MainScreen(Screen[None]):
    """Everything on one screen: folder pane, tree, editor, current problem, keys."""

    app: KrakendTui
    AUTO_FOCUS = "#pattern"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f8", "problem(1)", "Next problem", priority=True),
        Binding("f7", "problem(-1)", "Previous problem", priority=True),
        Binding("f5", "rescan", "Scan the folder again", priority=True),
        Binding("escape", "leave_editor", "Back to the tree", show=False),
    ]

    def __init__(self, session: Session, welcome: str) -> None:
        super().__init__()
        self.session = session
        self._welcome = welcome
        self._walked: tuple[str, str] | None = None
        self._opened: str | None = None
        self._toggled: set[str] = set()
        self._wanted = asyncio.Event()
        self._settled = asyncio.Event()
        self._typing = False

    # -- layout -----------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        yield TitleBar(id="title")
        with Horizontal(id="panes"):
            with Vertical(id="left"):
                with Vertical(id="plugins", classes="pane"):
                    yield PaneTitle(id="plugins-title")
                    for key in ("pattern", "folder"):
                        with Horizontal(classes="field"):
                            yield Label(key)
                            yield BlockField(key, self._field_typed)
                    yield PluginFiles()
                with Vertical(id="points", classes="pane"):
                    yield PaneTitle(id="points-title")
                    yield InjectionTree()
            with Vertical(id="right", classes="pane"):
                yield PaneTitle(id="entry-title")
                yield Editor(self._editor_typed, id="editor")
                yield Static(id="entry-note")
        yield ProblemBar()
        yield KeyLine(id="keys")
        yield Static("krakend-tui needs a terminal of at least 60 x 15", id="too-small")

    def on_mount(self) -> None:
        self.session.refresh_points()
        self.session.document.subscribe(self._text_changed)
        self._show_fields()
        self._show_files()
        self._show_tree()
        self._open_first()
        self.query_one(ProblemBar).show_message(self._welcome)
        self.query_one("#pattern", BlockField).cursor_position = 1_000_000
        self.call_after_refresh(self._start)

    def _start(self) -> None:
        """What may wait until the first paint: findings, plugin files, watching."""
        self._analyse_forever()
        self._watch_disk()
        self.want_analysis()
        self.app.offer_recovery()

    def on_resize(self, event: events.Resize) -> None:
        width, height = event.size
        self.set_class(width < MINIMUM[0] or height < MINIMUM[1], "-too-small")
        self.query_one("#left").styles.width = max(30, min(60, round(width * 0.45)))
        self.query_one("#plugins").styles.height = max(6, round((height - 4) * 0.5))
        self.call_after_refresh(self._show_titles)

    # -- changes of the text ----------------------------------------------------------

    def _field_typed(self, field: BlockField, value: str) -> None:
        try:
            self.session.set_field(field.key, value)
        except Refused as refusal:
            self.say(f"{refusal.message}. {refusal.hint}", "warning")
            self._show_fields()

    def _editor_typed(self, change: ChangeSet) -> None:
        self._typing = True
        try:
            self.session.apply(change, burst=f"editor {self._opened}")
        finally:
            self._typing = False

    def _text_changed(self, _change: ChangeSet) -> None:
        """After every change, wherever it came from."""
        editor = self.query_one(Editor)
        if not self._typing:
            editor.text_changed()
        if self.session.refresh_scan():
            self._watch_disk()
        self._show_fields()
        self._show_scan()

    @on(BlockField.Left)
    def _field_left(self) -> None:
        self.session.document.end_burst()

    @on(BlockField.Restored)
    def _field_restored(self, message: BlockField.Restored) -> None:
        if not self.session.restore_field(message.field.key):
            self.query_one("#tree").focus()

    def show_change(self, change: ChangeSet) -> None:
        """After undo or redo: the cursor goes where the text changed, if it is on show."""
        if change.edits:
            self.query_one(Editor).move_to(change.map(change.edits[0].start, before=True))
        self._show_problem()

    def saved(self) -> None:
        """The text on disk is another: the mark in the title goes, or comes."""
        self._show_titles()

    # -- analysis ---------------------------------------------------------------------

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
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            version = self.session.document.version
            snapshot = self.session.snapshot()
            analysis = await asyncio.to_thread(self.session.analyse, snapshot)
            if version == self.session.document.version:
                self.session.take(analysis, snapshot)
                self._show_analysis()
                if not self._wanted.is_set():
                    self._settled.set()
            if await asyncio.to_thread(self.session.read_missing, snapshot):
                self._wanted.set()

    @work(exclusive=True, group="watch")
    async def _watch_disk(self) -> None:
        """Follow the plugin folder and the config on disk; begun anew for another folder."""
        from tui.storage.watch import watch

        session = self.session
        changes = watch(
            session.folder, session.path.absolute(), asyncio.Event(), self._watch_status
        )
        async with aclosing(changes) as noticed:
            async for change in noticed:
                if change.listing is not None:
                    session.take_listing(change.listing)
                    self._show_scan()
                if change.config_changed:
                    await self.app.config_changed()

    def _watch_status(self, status: WatchStatus) -> None:
        if status.mode == "polling":
            self.say(f"The folder is looked at once a second: {status.reason}. F5 looks now.")

    # -- views ------------------------------------------------------------------------

    def _show_fields(self) -> None:
        block = self.session.block
        self.query_one("#pattern", BlockField).show(block.pattern_text or "")
        self.query_one("#folder", BlockField).show(block.folder_text or "")

    def _show_files(self) -> None:
        self.query_one(PluginFiles).show(self.session.scan, self.session.plugins)

    def _show_tree(self) -> None:
        session = self.session
        rows = tree_rows(session.points, self._toggled, session.diagnostics)
        self.query_one(InjectionTree).show(rows)

    def _show_analysis(self) -> None:
        self._show_files()
        self._show_tree()
        self._show_titles()
        self.query_one(Editor).mark([(d.span, d.severity) for d in self.session.diagnostics])
        self._show_problem()

    def _show_titles(self) -> None:
        session = self.session
        self.query_one(TitleBar).show(
            session.name,
            session.modified,
            session.target_words,
            session.count(Severity.ERROR),
            session.count(Severity.WARNING),
        )
        self.query_one("#plugins-title", PaneTitle).show("Plugins", session.scan_words)
        used = sum(bool(point.entries) for point in session.points)
        self.query_one("#points-title", PaneTitle).show(
            "extra_config", f"{used} of {len(session.points)}"
        )
        self.query_one("#entry-title", PaneTitle).show(session.title_of(self._opened))
        self.query_one(KeyLine).show(KEYS)

    # -- the right pane ---------------------------------------------------------------

    def _open_first(self) -> None:
        """At the start: where the text breaks, else the first plugin entry, else all of it."""
        problem = self.session.syntax_problem
        if problem is not None:
            self.open(WHOLE_FILE, problem.span)
            self.query_one(InjectionTree).select(WHOLE_FILE)
            return
        entries = (entry.pointer for point in self.session.points for entry in point.entries)
        self.open(next(entries, WHOLE_FILE))
        self.query_one(InjectionTree).select(self._opened or WHOLE_FILE)

    def open(self, key: str, at: Span | None = None) -> None:
        """Show what the tree row `key` stands for, with the cursor at `at`."""
        session = self.session
        editor = self.query_one(Editor)
        if key != self._opened:
            session.document.end_burst()
            span = session.span_of(key)
            self._opened = key
            if span is None:
                editor.show(None)
            else:
                line = session.position(span.start)[0] + 1
                indent = indent_unit(session.document.text)
                editor.show(Window(session.document, span), first_line=line, indent=indent)
                editor.mark([(d.span, d.severity) for d in session.diagnostics])
            self.query_one("#entry-note", Static).update(session.note_of(key))
            self._show_titles()
        if at is not None:
            editor.move_to(at.start)

    @on(LineList.Highlighted, "#tree")
    def _tree_highlighted(self) -> None:
        key = self.query_one(InjectionTree).key
        if key is not None and self.query_one(InjectionTree).has_focus:
            self.open(key)

    @on(LineList.Opened, "#tree")
    def _tree_opened(self) -> None:
        tree = self.query_one(InjectionTree)
        if tree.key is not None:
            self.open(tree.key)
            if self.query_one(Editor).window is not None:
                self.query_one(Editor).focus()
            else:
                tree.action_fold()

    @on(InjectionTree.Folded)
    def _tree_folded(self, message: InjectionTree.Folded) -> None:
        self._toggled ^= {message.key}
        self._show_tree()

    def action_leave_editor(self) -> None:
        self.query_one(InjectionTree).focus()

    # -- problems ---------------------------------------------------------------------

    def say(self, message: str, kind: str = "message") -> None:
        """Say something in the problem's place until the next problem is looked at."""
        self.query_one(ProblemBar).show_message(message, kind)

    @property
    def problem(self) -> Diagnostic | None:
        """The current finding: the one last walked to while it lasts, else the first error."""
        found = self.session.diagnostics
        return found[self._current(found)] if found else None

    def _current(self, found: Sequence[Diagnostic]) -> int:
        """The index of the current finding. Another text may have moved or mended it."""
        for index, diagnostic in enumerate(found):
            if (diagnostic.rule, diagnostic.pointer) == self._walked:
                return index
        errors = (i for i, d in enumerate(found) if d.severity is Severity.ERROR)
        return next(errors, 0)

    def _show_problem(self) -> None:
        problem = self.problem
        if problem is None:
            self.say(NO_FINDINGS, "good")
            return
        found = self.session.diagnostics
        row, column = self.session.position(problem.span.start)
        self.query_one(ProblemBar).show_problem(
            problem, f"{row + 1}:{column + 1}", self._current(found) + 1, len(found)
        )

    def action_problem(self, step: int) -> None:
        """Walk to the next finding; the first time to the current one."""
        found = self.session.diagnostics
        if found:
            index = self._current(found)
            if self._walked == (found[index].rule, found[index].pointer):
                index = (index + step) % len(found)
            self._walked = (found[index].rule, found[index].pointer)
            self._go_to(found[index])
        self._show_problem()

    def _go_to(self, problem: Diagnostic) -> None:
        """Open the place of a finding and put the cursor on it."""
        if problem.pointer in ("/plugin/pattern", "/plugin/folder"):
            self.query_one(f"#{problem.pointer.rpartition('/')[2]}").focus()
            return
        tree = self.query_one(InjectionTree)
        key = self.session.row_of(problem.pointer)
        if not tree.select(key):
            group = self.session.group_of(key)
            if group is not None:
                self._toggled ^= {group}
                self._show_tree()
            tree.select(key)
        self.open(key, problem.span)
        self.query_one(Editor).focus()

    def action_rescan(self) -> None:
        self.session.rescan()
        self._show_scan()
        self.say(f"Scanned again: {self.session.scan_words}")

    def _show_scan(self) -> None:
        """The folder has another content."""
        self._show_files()
        self._show_titles()
        self.want_analysis()


NO_FINDINGS = "✓ No findings: every name in the config is registered by a file that loads"
KEYS = [
    ("^S", "Save"),
    ("^Z", "Undo"),
    ("F8", "Problem"),
    ("^G", "Fix"),
    ("Tab", "Pane"),
    ("F1", "Help"),
    ("^Q", "Quit"),
    ("^P", "palette"),
]
