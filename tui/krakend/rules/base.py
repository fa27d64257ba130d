"""What a rule is, and the context that it judges."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from tui.diagnostic import Diagnostic, Fix, Severity, Span
from tui.document.tree import JsonNode, JsonTree
from tui.folder import FolderEntry, FolderListing
from tui.krakend import traits
from tui.krakend.census import Census, census_of, names_of
from tui.krakend.loading import Loading
from tui.krakend.plugin_block import PluginBlock, read_plugin_block
from tui.krakend.points import Entry, InjectionPoint, injection_points, is_hidden, point_groups
from tui.krakend.prediction import Prediction
from tui.krakend.registry import Registry
from tui.krakend.requirements.requirement import Requirement
from tui.krakend.scan import Scan
from tui.krakend.snapshot import Snapshot
from tui.krakend.target import Target
from tui.krakend.uses import Use, read_listed_uses, read_uses
from tui.plugin.facts import PluginType
from tui.visible import visible


class Finding(NamedTuple):
    """What a rule's check yields: a Diagnostic but for the rule's id.

    `severity` is set where it is milder than the rule's own.
    """

    message: str
    pointer: str
    span: Span
    fixes: tuple[Fix, ...] = ()
    severity: Severity | None = None


def _always(_context: Context) -> bool:
    return True


class Rule(NamedTuple):
    """A row of the table.

    `severity` is the worst that it gives. `summary` is one line; `explanation` says what
    KrakenD does, at which log level, and since which version; `bad` and `good` are JSON
    fragments; `fix` says what its fixes do, "" when there are none; `source` is where the fact
    is from. Where it is not the config that is wrong, `around` says what is so around the bad
    example, and around the good one.

    A rule is `local` when what it says about an endpoint or an agent follows from that and its
    backends, besides the folder, the block and the target. Then it is asked about each by
    itself, and only where something has changed. It looks at `context.points`, what follows
    from them, and the text by `context.search`; when it asks for `context.outside` too, its
    answer is not kept. It is not asked where the points have none of the traits `asks`
    (tui.krakend.traits), without which it has nothing to say. Any other rule is asked about the
    config as a whole, every time.

    `applies` tells whether it has anything to say about configs for the target at all.
    """

    id: str
    severity: Severity
    summary: str
    explanation: str
    bad: str
    good: str
    source: str
    check: Callable[[Context], Iterator[Finding]]
    fix: str = ""
    local: bool = False
    asks: int = traits.ANY
    applies: Callable[[Context], bool] = _always
    around: tuple[str, str] | None = None

    @property
    def examples(self) -> tuple[str, str]:
        """The bad one and the good one, as they are shown."""
        return self.around or (self.bad, self.good)

    def findings(self, context: Context) -> Iterator[Diagnostic]:
        """Everything that the rule has to say about the config."""
        for found in self.check(context) if self.applies(context) else ():
            severity = found.severity or self.severity
            yield Diagnostic(
                self.id, severity, found.message, found.pointer, found.span, found.fixes
            )


@dataclass(frozen=True)
class Context:
    """A snapshot with what follows from it, worked out once for all rules.

    It is about the whole config, or, made by `about`, about some of its points alone.
    """

    snapshot: Snapshot

    @property
    def tree(self) -> JsonTree:
        """The config."""
        return self.snapshot.tree

    @property
    def target(self) -> Target:
        """The KrakenD that the config is for."""
        return self.snapshot.target

    @property
    def listing(self) -> FolderListing:
        """The plugin folder."""
        return self.snapshot.listing

    @cached_property
    def loading(self) -> Loading:
        """What follows from the folder and the pattern alone."""
        return Loading(self.snapshot, self.block.pattern_text)

    @property
    def predictions(self) -> Mapping[bytes, Prediction]:
        """What becomes of each loaded file that was read, by its name, in KrakenD's order."""
        return self.loading.predictions

    @property
    def requirements(self) -> Mapping[bytes, tuple[Requirement, ...]]:
        """The requirements of each loaded file that was read, by its name."""
        return self.loading.requirements

    @property
    def compared(self) -> Target:
        """What files are compared with; see Loading."""
        return self.loading.compared

    @property
    def scan(self) -> Scan:
        """The folder judged with the pattern; without a pattern to judge with, an empty one."""
        return self.loading.scan

    @property
    def loaded(self) -> tuple[FolderEntry, ...]:
        """What KrakenD opens, in its order."""
        return self.loading.loaded

    @property
    def registry(self) -> Registry | None:
        """The names of the loaded files; None while they cannot be judged, see Loading."""
        return self.loading.registry

    @cached_property
    def block(self) -> PluginBlock:
        """The `plugin` block."""
        return read_plugin_block(self.tree)

    @cached_property
    def points(self) -> tuple[InjectionPoint, ...]:
        """The injection points that it is about."""
        return injection_points(self.tree)

    @cached_property
    def stretches(self) -> tuple[Span, ...]:
        """The ranges of the text that it is about."""
        return (Span(0, len(self.tree.text)),)

    def about(self, points: tuple[InjectionPoint, ...], stretches: tuple[Span, ...]) -> Context:
        """The same snapshot, of which only these points and ranges of the text are looked at."""
        inner = Context(self.snapshot)
        shared = {name: getattr(self, name) for name in _SHARED}
        inner.__dict__.update(shared, points=points, stretches=stretches, _whole=self)
        return inner

    def load_after(self, before: Loading | None) -> None:
        """What followed from the folder for an earlier text needs not be worked out again."""
        self.__dict__["loading"] = self.loading.after(before)

    def know(self, census: Census, names: frozenset[str]) -> None:
        """What has been worked out point by point needs not be worked out again."""
        self.__dict__.update(census=census, names=names)

    @cached_property
    def outside(self) -> Context:
        """The whole config."""
        whole: Context = self.__dict__.get("_whole", self)
        return whole

    @property
    def looked_outside(self) -> bool:
        """Whether `outside` was asked for."""
        return "outside" in self.__dict__

    def search(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Where the pattern is found in the text that it is about."""
        for stretch in self.stretches:
            yield from pattern.finditer(self.tree.text, stretch.start, stretch.end)

    @cached_property
    def service(self) -> InjectionPoint | None:
        """The root as an injection point."""
        service = next(point_groups(self.tree), None)
        return service.points()[0] if service is not None else None

    @cached_property
    def entries(self) -> tuple[tuple[InjectionPoint, Entry], ...]:
        """Every plugin entry with its place."""
        return tuple((point, entry) for point in self.points for entry in point.entries)

    @cached_property
    def working(self) -> tuple[tuple[InjectionPoint, Entry], ...]:
        """The entries that KrakenD reads: an old name beside the new one is not."""
        return tuple(
            (point, entry)
            for point, entry in self.entries
            if entry.works_here
            and not is_hidden(point, entry)
            and not self.is_foreign(entry.type)
            and not (point.level.is_enterprise and not self.target.has_workflows)
        )

    @cached_property
    def named(self) -> tuple[tuple[Entry, PluginType], ...]:
        """The entries that KrakenD reads `name` of: those with an object, with their type."""
        return tuple((entry, type_) for entry, type_ in self._objects if not self._is_listed(type_))

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """Every plugin name that KrakenD reads."""
        listed = ((entry, type_) for entry, type_ in self._objects if self._is_listed(type_))
        return (*read_uses(self.named), *read_listed_uses(listed))

    @cached_property
    def census(self) -> Census:
        """What the entries come to."""
        text = self.tree.text
        has_braces = any(text.find("{{", here.start, here.end) >= 0 for here in self.stretches)
        return census_of(len(self.working), self.uses, has_braces=has_braces)

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name in an entry, also where KrakenD ignores the entry."""
        return names_of(self.points)

    @cached_property
    def _objects(self) -> tuple[tuple[Entry, PluginType], ...]:
        return tuple(
            (entry, entry.type)
            for _point, entry in self.working
            if entry.type is not None
            and entry.value.kind == "object"
            and not self.is_filled_in(entry.value)
        )

    @property
    def has_listed_shape(self) -> bool:
        """Whether entries hold a list `plugins` instead of `name` (krakend-schema v3.0)."""
        return self.target.is_enterprise and self.target.minor >= (3, 0)

    def _is_listed(self, type_: PluginType) -> bool:
        return self.has_listed_shape and type_ is not PluginType.CLIENT

    def is_filled_in(self, node: JsonNode) -> bool:
        """Whether the Enterprise Edition puts a file's content in the place of the object:
        `{"$ref": "x.json"}` (enterprise documentation, extended flexible configuration)."""
        reference = node.member("$ref") if self.target.is_enterprise else None
        return reference is not None and reference.value.kind == "string"

    def is_foreign(self, type_: PluginType | None) -> bool:
        """Whether the target does not know the plugin type."""
        return type_ is PluginType.MIDDLEWARE and not self.target.has_middleware

    @property
    def root(self) -> JsonNode | None:
        """The config, when it is an object."""
        root = self.tree.root
        return root if root is not None and root.kind == "object" else None

    @cached_property
    def root_brace(self) -> Span:
        """The first character of the config: where a finding about something absent is shown."""
        root = self.tree.root
        start = root.span.start if root is not None else 0
        return Span(start, min(start + 1, len(self.tree.text)))


_SHARED = ("block", "loading")
"""What does not depend on the points."""


def quoted(text: str, limit: int = 48) -> str:
    """Text from a file, for a message: visible, shortened, in double quotes."""
    return f'"{shown(text, limit)}"'


def shown(text: str, limit: int = 48) -> str:
    """Text from a file, for a message: visible and shortened."""
    return visible(text if len(text) <= limit else text[: limit - 1] + "…")


def listed(names: tuple[str, ...] | list[str], limit: int = 3) -> str:
    """Names for a message: the first few, and how many more."""
    parts = [shown(name, 32) for name in names[:limit]]
    if len(names) > limit:
        parts.append(f"{len(names) - limit} more")
    return ", ".join(parts)


def kind_of(kind: str) -> str:
    """A node's kind as a noun: `an array`, `a boolean`, `null`."""
    if kind in ("true", "false"):
        return "a boolean"
    return kind if kind == "null" else f"an {kind}" if kind[0] in "ao" else f"a {kind}"
