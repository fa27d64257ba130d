"""The rows of the injection-point tree, as plain values made when they are asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import Enum
from functools import cached_property
from itertools import accumulate, islice
from typing import NamedTuple, overload

from tui.diagnostic import Diagnostic, Severity
from tui.krakend.ignored import why_ignored
from tui.krakend.namespaces import Spelling
from tui.krakend.points import Entry, InjectionPoint
from tui.krakend.target import Target

WHOLE_FILE = "<whole file>"
"""The key of the tree's last root; no JSON Pointer looks like it."""


class TreeFilter(Enum):
    """Which points are shown; the value says it in the title."""

    ALL = ""
    PLUGINS = "with plugins"
    FINDINGS = "with findings"


class Counts(NamedTuple):
    """How many findings are at a node and below it."""

    errors: int = 0
    warnings: int = 0
    infos: int = 0


_NONE = Counts()


class TreeRow(NamedTuple):
    """`key` is the JSON Pointer of what the row opens. `fold` is None where nothing is below.
    `remark` is what an entry names, or why KrakenD ignores it (`works` is False then)."""

    key: str
    label: str
    depth: int
    fold: bool | None = None
    works: bool = True
    has_entries: bool = True
    counts: Counts = _NONE
    remark: str = ""


class Group(tuple[InjectionPoint, ...]):
    """A point of depth 0 (the service, an endpoint, an agent) and the backends that follow it.

    What it comes to is worked out once, since the tree counts the rows of all groups.
    """

    @cached_property
    def used(self) -> int:
        """How many of its points have entries."""
        return sum(bool(point.entries) for point in self)

    @property
    def has_entries(self) -> bool:
        return self.used > 0

    @cached_property
    def rows_at_first(self) -> int:
        """Rows while nothing is filtered or toggled: it is open when it has entries."""
        return len(self) + sum(len(point.entries) for point in self) if self.has_entries else 1


class GroupBlock:
    """Groups one behind the other. Immutable; equal to itself alone. What it comes to is worked out
    once: a config may have thousands of groups."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self.groups = groups
        self.used = sum(group.used for group in groups)
        self.heads = {group[0].pointer: at for at, group in enumerate(groups)}

    @cached_property
    def ends_at_first(self) -> list[int]:
        """How many rows there are up to the end of each group while nothing is filtered or
        toggled."""
        # No Shown: that would refer back to this block, and blocks of texts of before, 10 MB each,
        # would wait for the garbage collector.
        return list(accumulate(group.rows_at_first for group in self.groups))

    def around(self, key: str) -> Iterator[int]:
        """The numbers of its groups that a row may be in: of the service, and of the group whose
        pointer the row's begins with."""
        # "/endpoints/12/backend/0" is in "/endpoints/12", or in "/endpoints" if that is one object.
        tokens = key.split("/", 3)
        for head in ("", "/".join(tokens[:2]), "/".join(tokens[:3])):
            at = self.heads.get(head)
            if at is not None:
                yield at


class Shown(NamedTuple):
    """A block's groups that are shown, as a block, and how many rows there are up to the end of
    each."""

    block: GroupBlock
    ends: list[int]

    @property
    def length(self) -> int:
        return self.ends[-1] if self.ends else 0


def groups_around(blocks: Iterable[GroupBlock], key: str) -> Iterator[Group]:
    """The groups that a row may be in."""
    return (block.groups[at] for block in blocks for at in block.around(key))


class TreeRows(Sequence[TreeRow]):
    """Service, endpoints and agents with their backends and plugin entries, then the whole file.

    A point that holds a plugin entry, itself or in one of its backends, is open, any other is
    folded; under a filter all are open. `toggled` has the pointers of those for which it is
    the other way round. Only how many rows there are is worked out beforehand.
    """

    def __init__(
        self,
        blocks: Sequence[GroupBlock],
        target: Target,
        diagnostics: Iterable[Diagnostic] = (),
        toggled: Collection[str] = (),
        filter_: TreeFilter = TreeFilter.ALL,
    ) -> None:
        self._target = target
        self._toggled = toggled
        self._filter = filter_
        self._counts = _counts(diagnostics)
        self._shown = [self._shown_of(block) for block in blocks]
        # How many rows there are up to the end of each block.
        self._ends = list(accumulate(shown.length for shown in self._shown))

    def _shown_of(self, block: GroupBlock) -> Shown:
        if self._filter is TreeFilter.ALL and block.heads.keys().isdisjoint(self._toggled):
            return Shown(block, block.ends_at_first)
        groups = [group for group in block.groups if self._is_shown(group)]
        return Shown(GroupBlock(groups), list(accumulate(map(self._length, groups))))

    @property
    def group_count(self) -> int:
        """How many points of depth 0 are shown."""
        return sum(len(shown.block.groups) for shown in self._shown)

    def __len__(self) -> int:
        return (self._ends[-1] if self._ends else 0) + 1

    @overload
    def __getitem__(self, index: int) -> TreeRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[TreeRow]: ...
    def __getitem__(self, index: int | slice) -> TreeRow | list[TreeRow]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        number = bisect_right(self._ends, index)
        if number == len(self._shown):
            return TreeRow(WHOLE_FILE, "whole file", 0, counts=self._counts.get("", _NONE))
        shown = self._shown[number]
        inner = index - self._ends[number] + shown.length
        at = bisect_right(shown.ends, inner)
        rows = self._rows(shown.block.groups[at])
        return next(islice(rows, inner - (shown.ends[at - 1] if at else 0), None))

    def index_of(self, key: str) -> int | None:
        """The index of the row with this key, None when it is folded away or not there."""
        if key == WHOLE_FILE:
            return len(self) - 1
        begin = 0
        for shown in self._shown:
            for at in shown.block.around(key):
                start = begin + (shown.ends[at - 1] if at else 0)
                for index, row in enumerate(self._rows(shown.block.groups[at]), start):
                    if row.key == key:
                        return index
            begin += shown.length
        return None

    def _is_shown(self, group: Group) -> bool:
        return self._filter is TreeFilter.ALL or any(map(self._is_point_shown, group))

    def _is_point_shown(self, point: InjectionPoint) -> bool:
        if self._filter is TreeFilter.PLUGINS:
            return bool(point.entries)
        return self._filter is TreeFilter.ALL or self._of_point(point) != _NONE

    def _is_open(self, group: Group) -> bool:
        is_usual = self._filter is not TreeFilter.ALL or group.has_entries
        return is_usual != (group[0].pointer in self._toggled)

    def _length(self, group: Group) -> int:
        if not self._is_open(group):
            return 1
        head, *backends = group
        shown = [point for point in backends if self._is_point_shown(point)]
        return 1 + len(shown) + sum(map(self._entry_count, (head, *shown)))

    def _entry_count(self, point: InjectionPoint) -> int:
        if self._filter is not TreeFilter.FINDINGS:
            return len(point.entries)
        return sum(entry.pointer in self._counts for entry in point.entries)

    def _rows(self, group: Group) -> Iterator[TreeRow]:
        head, *backends = group
        is_open = self._is_open(group)
        fold = is_open if head.entries or backends else None
        yield TreeRow(
            head.pointer, head.label, 0, fold, True, group.has_entries, self._of_point(head)
        )
        if not is_open:
            return
        yield from self._entry_rows(head)
        for point in backends:
            if self._is_point_shown(point):
                counts = self._of_point(point)
                yield TreeRow(
                    point.pointer, point.label, point.depth, None, True, bool(point.entries), counts
                )
                yield from self._entry_rows(point)

    def _entry_rows(self, point: InjectionPoint) -> Iterator[TreeRow]:
        for entry in point.entries:
            counts = self._counts.get(entry.pointer, _NONE)
            if self._filter is TreeFilter.FINDINGS and counts == _NONE:
                continue
            ignored = why_ignored(point, entry, self._target)
            yield TreeRow(
                entry.pointer, short_label(entry), point.depth + 1, None, not ignored, True,
                counts, ignored or _remark(entry),
            )  # fmt: skip

    def _of_point(self, point: InjectionPoint) -> Counts:
        """The service's are those of its extra_config: below it would be the whole file."""
        return self._counts.get(point.pointer or point.extra_config_pointer, _NONE)


_PLAIN = (Spelling.EXACT, Spelling.LEGACY, Spelling.OFF)


def short_label(entry: Entry) -> str:
    """`http-server` for a key that says so, also switched off or a 1.x one; a misspelt key, or
    one outside extra_config, as it is written."""
    if entry.type is None or not entry.is_inside or entry.spelling not in _PLAIN:
        return entry.key
    return entry.type.value


def _remark(entry: Entry) -> str:
    names = ", ".join(name for name in entry.called)
    return f"1.x key  {names}" if entry.spelling is Spelling.LEGACY else names


def _counts(diagnostics: Iterable[Diagnostic]) -> dict[str, Counts]:
    """At each pointer and, through its ancestors, below it."""
    found: dict[Severity, Counter[str]] = {severity: Counter() for severity in Severity}
    for diagnostic in diagnostics:
        counter = found[diagnostic.severity]
        pointer = diagnostic.pointer
        while pointer:
            counter[pointer] += 1
            pointer = pointer.rpartition("/")[0]
        counter[""] += 1
    errors, warnings, infos = (
        found[severity] for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)
    )
    pointers = errors.keys() | warnings.keys() | infos.keys()
    return {at: Counts(errors[at], warnings[at], infos[at]) for at in pointers}
