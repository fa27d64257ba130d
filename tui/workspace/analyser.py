"""Analyser: analyses one config again and again, and looks at what has changed only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import is_

from tui.diagnostic import Diagnostic, Severity, Span
from tui.document.strict import MARKED, RANGE, syntax_diagnostics
from tui.document.tree import JsonTree
from tui.krakend.blocks import Joined
from tui.krakend.census import merged
from tui.krakend.loading import Loading
from tui.krakend.points import InjectionPoint, PointList
from tui.krakend.prediction import Prediction
from tui.krakend.registry import Registry
from tui.krakend.requirements.requirement import Requirement
from tui.krakend.rules.base import Context
from tui.krakend.scan import Scan
from tui.krakend.silence import not_silenced
from tui.krakend.snapshot import Snapshot
from tui.krakend.uses import Use, UseBlock
from tui.workspace.circumstances import Circumstances, Sightings, circumstances_of, sightings_of
from tui.workspace.found import Found, FoundBlock
from tui.workspace.judge import Judge, Place
from tui.workspace.reader import Groups, Read, ReadBlock, Reader
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
    points: Sequence[InjectionPoint]
    scan: Scan
    folder: str | None
    pattern: str | None
    registry: Registry | None
    predictions: Mapping[bytes, Prediction]
    requirements: Mapping[bytes, tuple[Requirement, ...]]
    use_blocks: Sequence[UseBlock] = field(repr=False, compare=False)

    @property
    def uses(self) -> Sequence[Use]:
        """In the order of the points. Listed when they are asked for: `check` does not."""
        return Joined(block.uses for block in self.use_blocks)


class Analyser:
    """Analyses one config again and again, each time with the result that `analyse` has.

    It remembers by its pointer what it read and found of each group of points: where the text
    and the circumstances are the same, nothing is looked at again. For one analysis at a time;
    `names` may be called from any thread. `reader` has read the config already.
    """

    def __init__(self, reader: Reader | None = None) -> None:
        self._reader = reader or Reader()
        self._found: dict[ReadBlock, FoundBlock] = {}
        self._loading: Loading | None = None
        self._circumstances: Circumstances | None = None
        self._sightings: Sightings = {}

    def names(self, tree: JsonTree) -> frozenset[str]:
        """Every plugin name that an entry asks for."""
        return self._reader.groups(tree).names

    def analyse(self, snapshot: Snapshot) -> Analysis:
        """See the function `analyse`."""
        context = Context(snapshot)
        context.load_after(self._loading)
        self._loading = context.loading
        groups = self._reader.groups(snapshot.tree)
        points = groups.points
        found = list(_of_parser(snapshot))
        uses = [UseBlock(lambda: context.about((*points,), ()).uses)]
        if all(parsed.rule == MARKED or parsed.severity is not Severity.ERROR for parsed in found):
            judged, blocks = self._judge(context, groups)
            found += not_silenced(judged, snapshot.tree)
            uses = [block.uses for block in blocks]
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
            use_blocks=uses,
        )

    def _judge(self, context: Context, groups: Groups) -> tuple[list[Diagnostic], list[FoundBlock]]:
        """What the rules and the schemas find, and what was found in each block of groups."""
        snapshot = context.snapshot
        circumstances = circumstances_of(context)
        if circumstances != self._circumstances:
            self._circumstances = circumstances
            self._found = {}
        sightings = sightings_of(snapshot)
        changed = frozenset(name for name, _ in sightings.items() ^ self._sightings.items())
        self._sightings = sightings
        judge = Judge(context, changed)
        placed = self._found_in(groups, judge)
        blocks = [block for _, block in placed]
        context.know(merged(block.census for block in blocks), groups.names)
        whole = judge.whole()
        judged = list(whole)
        spoken = Spoken([*whole, *(blocks[0].found[0].by_rules if blocks else ())])
        judged += spoken.leaves(judge.block())
        loud = [found for place, block in placed for found in block.findings(place)]
        for found in loud:
            judged += found.by_rules
            judged += spoken.leaves(found.by_schemas)
        if snapshot.official is not None:
            judged += of_official(snapshot.official, snapshot.tree, judged)
        for found in loud:
            judged += found.by_plugin_schemas
        return judged, blocks

    def _found_in(self, groups: Groups, judge: Judge) -> list[tuple[int, FoundBlock]]:
        """Where each block of groups begins, and what is found in it."""
        if groups.service is None:
            return []
        group, service = groups.service
        spans = [span for below in groups.lists for span in below.found.spans]
        span = group.node.span
        place = service.points, _between(spans, span)
        found = judge.found_in(service.reads[0], span.start, lambda: place)
        placed = [(span.start, FoundBlock(service, [found]))]
        kept = {*groups.blocks}
        # Of blocks that are others now: what was found in each group.
        known = {
            id(found.read): found
            for read, block in self._found.items()
            if read not in kept
            for found in block.found
        }
        for below in groups.lists:
            for start, read in zip(below.found.parts.places, below.blocks, strict=True):
                placed.append((start, self._found_in_block(below.found, start, read, judge, known)))
        self._found = {block.read: block for _, block in placed}
        return placed

    def _found_in_block(
        self,
        below: PointList,
        place: int,
        read: ReadBlock,
        judge: Judge,
        known: Mapping[int, Found],
    ) -> FoundBlock:
        """What is found in a block of a list, which begins at `place`. `known` is what was found
        in other blocks before, by the identity of what was read."""
        before = self._found.get(read)
        if before is not None:
            # What each block is asked at every key: it has to be quick.
            if judge.block_still_holds(before):
                return before
            known = {id(found.read): found for found in before.found}
        found: list[Found] = []
        for at, (start, each) in enumerate(zip(read.block.starts, read.reads, strict=True)):
            kept = known.get(id(each))
            if kept is None or not judge.still_holds(kept):
                kept = self._judged(below, read.first + at, each, place + start, judge)
            found.append(kept)
        is_same = before is not None and all(map(is_, before.found, found))
        return before if before is not None and is_same else FoundBlock(read, found)

    @staticmethod
    def _judged(found: PointList, index: int, read: Read, start: int, judge: Judge) -> Found:
        def place() -> Place:
            points = read.points if read.start == start else found.group(index).points()
            return points, (Span(start, start + len(read.text)),)

        return judge.found_in(read, start, place)


def analyse(snapshot: Snapshot) -> Analysis:
    """Pure: same snapshot, same analysis. Never raises on any text.

    While the text is not JSON that KrakenD's parser takes, only that is reported. A comment key
    `"@krakend-tui": "ignore RULE"` silences findings in its object and below.
    """
    return Analyser().analyse(snapshot)


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
