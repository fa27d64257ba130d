"""The rows of the injection-point tree, as plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from tui.diagnostic import Diagnostic, Severity
from tui.krakend.points import Entry, InjectionPoint

WHOLE_FILE = "<whole file>"
"""The key of the tree's last root; no JSON Pointer looks like it."""


@dataclass(frozen=True, slots=True)
class TreeRow:
    """`key` is the JSON Pointer of what the row opens. `fold` is None where nothing is below."""

    key: str
    label: str
    depth: int
    fold: bool | None = None
    works: bool = True
    has_entries: bool = True
    errors: int = 0
    warnings: int = 0


def tree_rows(
    points: Iterable[InjectionPoint],
    toggled: Collection[str],
    diagnostics: Iterable[Diagnostic],
) -> list[TreeRow]:
    """Service, endpoints and agents with their backends and plugin entries, then the whole file.

    A point that holds a plugin entry, itself or in one of its backends, is open, any other
    is folded; `toggled` has the pointers of those for which it is the other way round.
    """
    counts = _counts(diagnostics)
    rows: list[TreeRow] = []
    for group in _groups(points):
        rows.extend(_group_rows(group, toggled, counts))
    rows.append(TreeRow(WHOLE_FILE, "whole file", 0, None, True, True, *counts[""]))
    return rows


def _groups(points: Iterable[InjectionPoint]) -> Iterator[list[InjectionPoint]]:
    """Each point of depth 0 with the backends that follow it."""
    group: list[InjectionPoint] = []
    for point in points:
        if point.depth == 0 and group:
            yield group
            group = []
        group.append(point)
    if group:
        yield group


def _group_rows(
    group: list[InjectionPoint], toggled: Collection[str], counts: dict[str, tuple[int, int]]
) -> Iterator[TreeRow]:
    head, *backends = group
    used = any(point.entries for point in group)
    below = bool(head.entries or backends)
    is_open = used != (head.pointer in toggled)
    yield TreeRow(
        head.pointer, head.label, 0, is_open if below else None, True, used, *_own(head, counts)
    )
    if not is_open:
        return
    yield from _entry_rows(head, 1, counts)
    for backend in backends:
        yield TreeRow(
            backend.pointer, backend.label, 1, None, True, bool(backend.entries),
            *_own(backend, counts),
        )  # fmt: skip
        yield from _entry_rows(backend, 2, counts)


def _entry_rows(
    point: InjectionPoint, depth: int, counts: dict[str, tuple[int, int]]
) -> Iterator[TreeRow]:
    for entry in point.entries:
        yield TreeRow(
            entry.pointer, short_label(entry), depth, None, entry.works_here, True,
            *counts.get(entry.pointer, (0, 0)),
        )  # fmt: skip


def short_label(entry: Entry) -> str:
    """`http-server` for `plugin/http-server`; any other key as it is written."""
    key = entry.key
    return key.removeprefix("plugin/") if entry.works_here else key


def _own(point: InjectionPoint, counts: dict[str, tuple[int, int]]) -> tuple[int, int]:
    """Findings of the point that no entry row of it shows."""
    return counts.get(point.pointer, (0, 0)) if point.pointer else (0, 0)


def _counts(diagnostics: Iterable[Diagnostic]) -> dict[str, tuple[int, int]]:
    """(errors, warnings) at each pointer and, through its ancestors, below it."""
    errors: Counter[str] = Counter()
    warnings: Counter[str] = Counter()
    for diagnostic in diagnostics:
        counter = {Severity.ERROR: errors, Severity.WARNING: warnings}.get(diagnostic.severity)
        if counter is None:
            continue
        pointer = diagnostic.pointer
        while pointer:
            counter[pointer] += 1
            pointer = pointer.rpartition("/")[0]
        counter[""] += 1
    found = {pointer: (errors[pointer], warnings[pointer]) for pointer in errors | warnings}
    found.setdefault("", (0, 0))
    return found
