"""Takes the user to places of the config: the row in the tree, the text, the cursor, the focus."""

from __future__ import annotations

from tui.app.last_place import Place
from tui.app.panes.entry_pane import EntryPane
from tui.app.panes.folder_pane import FIELDS, FolderPane
from tui.app.panes.points_pane import PointsPane
from tui.app.session import Session
from tui.app.tree_rows import WHOLE_FILE
from tui.diagnostic import Diagnostic, Span
from tui.document.change import ChangeSet
from tui.krakend.uses import Use


class Navigation:
    """Keeps the three panes at one place."""

    def __init__(
        self, session: Session, folder: FolderPane, points: PointsPane, entry: EntryPane
    ) -> None:
        self._session = session
        self._folder = folder
        self._points = points
        self._entry = entry

    def open_first(self, last: Place) -> None:
        """At the start: where the text breaks, else the last place, else the first plugin entry,
        else all of it."""
        session = self._session
        problem = session.syntax_problem
        if problem is not None:
            self._show(WHOLE_FILE, problem.span)
        elif last.row is not None and session.places.span_of(last.row) is not None:
            self._show(last.row, Span(last.offset, last.offset))
        else:
            entries = (entry.pointer for point in session.points for entry in point.entries)
            self._show(next(entries, WHOLE_FILE))
        self._points.rows.show_from_top()

    @property
    def line(self) -> int:
        """The 0-based line of the text that the user is at."""
        session, focused = self._session, self._points.screen.focused
        block = session.block
        field = {"pattern": block.pattern, "folder": block.folder}.get(
            focused.id or "" if focused is not None else ""
        )
        key = self._points.rows.key
        if field is not None:
            return session.position(field.node.span.start)[0]
        if focused is self._points.rows and key is not None:
            span = session.places.span_of(key)
            return session.position(span.start)[0] if span is not None else 0
        return session.position(self._entry.editor.place or 0)[0]

    def to_row(self, key: str) -> None:
        """Go to the tree row `key`."""
        self._points.show()
        self._show(key)
        self.to_tree()

    def to_tree(self) -> None:
        """Go to the tree where it stands."""
        self._points.screen.set_focus(self._points.rows)

    def to_text(self, key: str, text: str) -> None:
        """Go to the first `text` in what the tree row `key` stands for."""
        span = self._session.places.span_of(key)
        at = self._session.document.text.find(text, span.start) if span is not None else -1
        self._points.show()
        self._edit(key, Span(at, at + len(text)) if at >= 0 else None)

    def to_use(self, use: Use) -> None:
        """Go to a plugin name of the config, in its entry's list if it is one."""
        node = self._session.document.tree.node(use.pointer)
        self._edit(use.entry.pointer, node.span if node is not None else None)

    def to_problem(self, problem: Diagnostic) -> None:
        """Go to the place of a finding: a field, or the text."""
        field = problem.pointer.removeprefix("/plugin/")
        if field in FIELDS:
            self._folder.screen.set_focus(self._folder.field(field))
        else:
            self._edit(self._session.places.row_of(problem.pointer), problem.span)

    def to_change(self, change: ChangeSet) -> None:
        """The cursor goes where the text changed, if it is on show."""
        if change.edits:
            self._entry.editor.move_to(change.map(change.edits[0].start, before=True))

    def to_fault(self) -> bool:
        """Go where the text is no JSON; False when it is."""
        problem = self._session.syntax_problem
        if problem is not None:
            self._edit(WHOLE_FILE, problem.span)
        return problem is not None

    def _edit(self, key: str, at: Span | None) -> None:
        self._show(key, at)
        self._entry.screen.set_focus(self._entry.editor)

    def _show(self, key: str, at: Span | None = None) -> None:
        self._points.select(key)
        self._entry.open(key, at)
