"""Analyser: analyses one config again and again, and looks at what has changed only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import chain

from tui.diagnostic import Diagnostic, Severity, Span
from tui.document.strict import MARKED, RANGE, syntax_diagnostics
from tui.document.tree import JsonTree
from tui.krakend.blocks import Blocks
from tui.krakend.census import Census, merged
from tui.krakend.points import InjectionPoint
from tui.krakend.prediction import Prediction
from tui.krakend.registry import Registry
from tui.krakend.requirements.requirement import Requirement
from tui.krakend.rules.base import Context
from tui.krakend.scan import Scan
from tui.krakend.silence import not_silenced
from tui.krakend.snapshot import Snapshot
from tui.krakend.uses import Use
from tui.workspace.circumstances import Circumstances, Sightings, circumstances_of, sightings_of
from tui.workspace.found import Found
from tui.workspace.judge import Judge, Place
from tui.workspace.reader import Groups, Reader, ReadList
from tui.workspace.spoken import Spoken, of_official


@dataclass(frozen=True)
class Analysis:
    """Findings in file order, and what they were made from.

    `folder` and `pattern` are as KrakenD reads them ("" when absent from the block); None when
    there is no plugin block, or when KrakenD refuses the value. `registry` has the names that
    the loaded files register, None while they cannot be judged; `uses` are the names that KrakenD
    reads from the config. `predictions` say, by the name of each file that was read, what becomes
    of it when KrakenD opens the files in their order, and `requirements` how it stands with each
    of the documentation's requirements. The places in the text of points and uses
    are those that they had when their part of the text was last read.
    """

    diagnostics: tuple[Diagnostic, ...]
    points: tuple[InjectionPoint, ...]
    scan: Scan
    folder: str | None
    pattern: str | None
    registry: Registry | None
    predictions: Mapping[bytes, Prediction]
    requirements: Mapping[bytes, tuple[Requirement, ...]]
    list_uses: Callable[[], Iterable[Use]] = field(repr=False, compare=False)

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """In the order of the points. Listed when they are asked for: `check` does not."""
        return tuple(self.list_uses())


class Analyser:
    """Analyses one config again and again, each time with the result that `analyse` has.

    It remembers by its pointer what it read and found of each group of points: where the text
    and the circumstances are the same, nothing is looked at again. For one analysis at a time;
    `names` may be called from any thread. `reader` has read the config already.
    """

    def __init__(self, reader: Reader | None = None) -> None:
        self._reader = reader or Reader()
        # By the pointer of their list.
        self._found: dict[str, list[Found]] = {}
        self._census: Blocks[Found, Census] = Blocks(lambda found: merged(f.census for f in found))
        self._circumstances: Circumstances | None = None
        self._sightings: Sightings = {}

    def names(self, tree: JsonTree) -> frozenset[str]:
        """Every plugin name that an entry asks for."""
        return self._reader.groups(tree).names

    def analyse(self, snapshot: Snapshot) -> Analysis:
        """See the function `analyse`."""
        context = Context(snapshot)
        groups = self._reader.groups(snapshot.tree)
        points = groups.points
        found = list(_of_parser(snapshot))
        list_uses: Callable[[], Iterable[Use]]
        if all(parsed.rule == MARKED or parsed.severity is not Severity.ERROR for parsed in found):
            judged, groups_found = self._judge(context, groups)
            found += not_silenced(judged, snapshot.tree)
            list_uses = partial(_uses_of, groups_found)
        else:
            list_uses = partial(_uses_at, context, points)
        found.sort(key=lambda d: (d.span.start, d.severity.rank, d.rule))
        return Analysis(
            diagnostics=tuple(found),
            points=points,
            scan=context.scan,
            folder=context.block.folder_text,
            pattern=context.block.pattern_text,
            registry=context.registry,
            predictions=context.predictions,
            requirements=context.requirements,
            list_uses=list_uses,
        )

    def _judge(self, context: Context, groups: Groups) -> tuple[list[Diagnostic], list[Found]]:
        """What the rules and the schemas find, and what was found in each group."""
        snapshot = context.snapshot
        circumstances = circumstances_of(context)
        if circumstances != self._circumstances:
            self._circumstances = circumstances
            self._found = {}
        sightings = sightings_of(snapshot)
        changed = frozenset(name for name, _ in sightings.items() ^ self._sightings.items())
        self._sightings = sightings
        judge = Judge(context, changed)
        found = self._found_in(groups, judge)
        context.know(merged(self._census.of(found)), groups.names)
        whole = judge.whole()
        judged = list(whole)
        spoken = Spoken([*whole, *(found[0].by_rules if found else ())])
        judged += spoken.leaves(judge.block())
        loud = [found_here for found_here in found if not found_here.is_silent]
        for found_here in loud:
            judged += found_here.by_rules
            judged += spoken.leaves(found_here.by_schemas)
        if snapshot.official is not None:
            judged += of_official(snapshot.official, snapshot.tree, judged)
        for found_here in loud:
            judged += found_here.by_plugin_schemas
        return judged, found

    def _found_in(self, groups: Groups, judge: Judge) -> list[Found]:
        """What is found in each group of points."""
        if groups.service is None:
            return []
        group, read = groups.service
        spans = [span for found in groups.lists for span in found.spans]
        place = read.points, _between(spans, group.node.span)
        found = [judge.found_in(read, place[1][0].start, lambda: place)]
        lists = {below.found.pointer: self._found_in_list(below, judge) for below in groups.lists}
        self._found = lists
        return [*found, *chain.from_iterable(lists.values())]

    def _found_in_list(self, below: ReadList, judge: Judge) -> list[Found]:
        reads, starts = below.reads, below.found.starts
        found = self._found.get(below.found.pointer, [])[: len(reads)]
        # First what each group is asked at every key: it has to be quick.
        fresh = [
            at
            for at, (known, read) in enumerate(zip(found, reads, strict=False))
            if known.read is not read or not judge.still_holds(known)
        ]
        loud = [at for at, known in enumerate(found) if not known.is_silent]
        for at in loud:
            found[at] = found[at].at(starts[at])
        for at in fresh:
            found[at] = self._judged(below, at, judge)
        found += [self._judged(below, at, judge) for at in range(len(found), len(reads))]
        return found

    @staticmethod
    def _judged(below: ReadList, at: int, judge: Judge) -> Found:
        read, start = below.reads[at], below.found.starts[at]

        def place() -> Place:
            points = read.points if read.start == start else below.found.group(at).points()
            return points, (Span(start, start + len(read.text)),)

        return judge.found_in(read, start, place)


def analyse(snapshot: Snapshot) -> Analysis:
    """Pure: same snapshot, same analysis. Never raises on any text.

    While the text is not JSON that KrakenD's parser takes, only that is reported. A comment key
    `"@krakend-tui": "ignore RULE"` silences findings in its object and below.
    """
    return Analyser().analyse(snapshot)


def _uses_of(found: Iterable[Found]) -> Iterator[Use]:
    return chain.from_iterable(found_here.uses for found_here in found)


def _uses_at(context: Context, points: tuple[InjectionPoint, ...]) -> Iterable[Use]:
    return context.about(points, ()).uses


def _of_parser(snapshot: Snapshot) -> Iterator[Diagnostic]:
    """What KrakenD's parser refuses. Before 2.12 it minded only the numbers that it used."""
    for found in syntax_diagnostics(snapshot.tree.text, snapshot.tree):
        if found.rule == RANGE and snapshot.target.minor < (2, 12):
            yield found._replace(severity=Severity.WARNING)
        else:
            yield found


def _between(spans: Iterable[tuple[int, int]], within: Span) -> tuple[Span, ...]:
    """The ranges of `within` that none of the spans cover."""
    between: list[Span] = []
    last = within.start
    for start, end in sorted(spans):
        if start - last > _SHORT:
            between.append(Span(last, start))
        last = end
    return (*between, Span(last, within.end))


# What stands between two items of a list: no key that a rule searches for is as short.
_SHORT = 12
