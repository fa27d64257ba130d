"""check: from paths and options to reports, as values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tui.cli.errors import UsageError
from tui.cli.rule_filter import RuleFilter
from tui.diagnostic import Diagnostic, Severity
from tui.document.lines import LineIndex
from tui.document.offsets import ByteMap
from tui.document.text import BOM, decode, encode
from tui.document.tree import JsonTree
from tui.errors import KrakendTuiError
from tui.folder import FolderListing, FolderStatus
from tui.gather import Gatherer
from tui.krakend.snapshot import Snapshot
from tui.krakend.target import Target
from tui.options import Options
from tui.storage.errors import shown
from tui.storage.read import ConfigFile, read_config
from tui.workspace.analyser import Analyser

if TYPE_CHECKING:
    from tui.document.mend import Applied, Mended
    from tui.schema.official import OfficialSchema

STDIN = "-"
"""The path that stands for standard input; a file of that name is ./-"""


class ByteEdit(NamedTuple):
    """Replace `length` bytes at `offset` of the file on disk (BOM included) by `text`."""

    offset: int
    length: int
    text: str


class LocatedFix(NamedTuple):
    title: str
    edits: tuple[ByteEdit, ...]


class Located(NamedTuple):
    """A finding with its place: 1-based, in code points, the end exclusive."""

    diagnostic: Diagnostic
    line: int
    column: int
    end_line: int
    end_column: int
    fixes: tuple[LocatedFix, ...]


class FileReport(NamedTuple):
    """What check found out about one config. With an `error` nothing else was.

    `applied` are the fixes that were made, `note` a sentence about how the file was saved, and
    `diff` the lines that show what they would change.
    """

    path: str
    target: Target
    folder: FolderListing
    error: KrakendTuiError | None = None
    findings: tuple[Located, ...] = ()
    applied: tuple[Applied, ...] = ()
    note: str = ""
    diff: tuple[str, ...] = ()


class Task(NamedTuple):
    """What to do with each config: `fix` saves it with its safe fixes, `diff` only shows them.

    `state` is where the version before a save is kept.
    """

    options: Options
    rules: RuleFilter = RuleFilter()
    schema: OfficialSchema | None = None
    fix: bool = False
    diff: bool = False
    state: Path | None = None


def check_files(
    paths: Sequence[str], task: Task, read_stdin: Callable[[], bytes]
) -> tuple[FileReport, ...]:
    """One report for each path; plugin files are read once for all of them.

    Raises UsageError for standard input given twice, or to be written back.
    """
    if paths.count(STDIN) > 1:
        raise UsageError("standard input can be read once only", "Give - once.")
    if task.fix and STDIN in paths:
        raise UsageError(
            "standard input cannot be written back", "Use --diff, or give the path of a file."
        )
    gatherer = Gatherer(task.options)
    return tuple(_check(path, task, gatherer, read_stdin) for path in paths)


def read_schema(path: str) -> OfficialSchema:
    """The schema in a file; ReadRefused or SchemaUnusable when it is none."""
    from tui.schema.official import OfficialSchema

    return OfficialSchema(read_config(Path(path)).data, shown(path))


def count(reports: Iterable[FileReport]) -> dict[Severity, int]:
    """How many findings of each severity."""
    totals = dict.fromkeys(Severity, 0)
    for report in reports:
        for finding in report.findings:
            totals[finding.diagnostic.severity] += 1
    return totals


def _check(
    path: str, task: Task, gatherer: Gatherer, read_stdin: Callable[[], bytes]
) -> FileReport:
    try:
        file = None if path == STDIN else read_config(Path(path))
        text = decode(read_stdin() if file is None else file.data)
        return _Config(path, file, task, gatherer, Analyser()).report(text)
    except KrakendTuiError as error:
        nowhere = FolderListing("", FolderStatus.UNCHECKED)
        return FileReport(path, task.options.target, nowhere, error)


class _Config(NamedTuple):
    """One config and what is to be done with it. `file` is None for standard input."""

    path: str
    file: ConfigFile | None
    task: Task
    gatherer: Gatherer
    analyser: Analyser

    def report(self, text: str) -> FileReport:
        """The report on `text`, the file's. Raises what a save raises."""
        if not self.task.fix and not self.task.diff:
            return self._findings(text)
        from tui.document.mend import mend

        mended = mend(text, lambda now: self._judge(self._snapshot(now)))
        if self.task.diff:
            from tui.document.diff import unified_diff

            diff = unified_diff(text, mended.text, self.path)
            return self._findings(text)._replace(diff=tuple(diff))
        note = self._save(mended)
        return self._findings(mended.text)._replace(applied=mended.applied, note=note)

    def _snapshot(self, text: str) -> Snapshot:
        home = None if self.file is None else str(Path(self.path).absolute().parent)
        tree = JsonTree.parse(text)
        names = self.analyser.names(tree)
        snapshot = self.gatherer.snapshot(tree, names=names, config_folder=home)
        return snapshot._replace(official=self.task.schema)

    def _judge(self, snapshot: Snapshot) -> list[Diagnostic]:
        found = self.analyser.analyse(snapshot).diagnostics
        return [d for d in found if self.task.rules.takes(d.rule)]

    def _findings(self, text: str) -> FileReport:
        snapshot = self._snapshot(text)
        findings = locate(self._judge(snapshot), text)
        target = self.task.options.target
        return FileReport(self.path, target, snapshot.listing, findings=findings)

    def _save(self, mended: Mended) -> str:
        if self.file is None or not mended.applied:
            return ""
        from tui.storage.save import save_config

        return save_config(self.file, encode(mended.text), state=self.task.state).note


def locate(diagnostics: Iterable[Diagnostic], text: str) -> tuple[Located, ...]:
    """The findings about `text` with lines, columns and byte offsets."""
    diagnostics = tuple(diagnostics)
    if not diagnostics:
        # What tells places of a large text takes as long to make as json.load takes to read it.
        return ()
    lines = LineIndex(text)
    data = text.encode("utf-8", "surrogatepass")
    bytes_of = ByteMap(text, data)
    # An editor does not show a byte order mark, nor count it as a column.
    mark = len(BOM) if text.startswith(BOM) else 0

    def place(offset: int) -> tuple[int, int]:
        row, column = lines.position(offset)
        return row + 1, max(column - mark, 0) + 1 if row == 0 else column + 1

    def located_fixes(diagnostic: Diagnostic) -> Iterable[LocatedFix]:
        for fix in diagnostic.fixes:
            edits: list[ByteEdit] = []
            for edit in fix.edits:
                start, end = bytes_of.to_byte(edit.start), bytes_of.to_byte(edit.end)
                edits.append(ByteEdit(start, end - start, edit.text))
            yield LocatedFix(fix.title, tuple(edits))

    def located(diagnostic: Diagnostic) -> Located:
        return Located(
            diagnostic,
            *place(diagnostic.span.start),
            *place(diagnostic.span.end),
            tuple(located_fixes(diagnostic)),
        )

    return tuple(located(diagnostic) for diagnostic in diagnostics)
