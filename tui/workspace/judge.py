"""Judge: asks the rules and the schemas."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from tui.diagnostic import Diagnostic, Span
from tui.krakend import traits
from tui.krakend.census import plain_census
from tui.krakend.points import InjectionPoint, Level
from tui.krakend.rules.base import Context
from tui.krakend.rules.table import rules_for
from tui.krakend.settings import settings
from tui.schema.plugin_schema import schema_of
from tui.schema.validate import validate
from tui.workspace.asking import Asking
from tui.workspace.found import Found, FoundBlock
from tui.workspace.reader import Read
from tui.workspace.spoken import Spoken

Place = tuple[tuple[InjectionPoint, ...], tuple[Span, ...]]
"""Points, and the stretches of the text that they fill."""

# Our schemas find nothing in an entry with none of these: they say of a name only what type it has.
_OF_SCHEMAS = traits.UNUSUAL | traits.KNOWN_SETTINGS


class Judge:
    """Asks the rules and the schemas, under the circumstances of one snapshot."""

    def __init__(self, context: Context, changed: frozenset[str]) -> None:
        """`changed` are the names that more or less is known of than the last time."""
        rules = rules_for(context)
        self._context = context
        self._schemas = context.snapshot.schemas
        self._changed = changed
        self._asking = Asking(context, [rule for rule in rules if rule.local])
        self._whole = [rule for rule in rules if not rule.local]
        # Entries are written alike at many places: what is known to be right is not read again.
        self._right: set[tuple[str, str]] = set()

    @cached_property
    def _style(self) -> tuple[object, ...]:
        return self._context.tree.style.traits

    def whole(self) -> list[Diagnostic]:
        """What the rules find that look at the config as a whole."""
        return [found for rule in self._whole for found in rule.findings(self._context)]

    def block(self) -> Iterable[Diagnostic]:
        """What its schema finds in the plugin block. The schemas are those of 2.x."""
        block = self._context.block
        if self._context.target.minor >= (3, 0) or not block.is_loaded or block.member is None:
            return ()
        if self._context.is_filled_in(block.member.value):
            return ()
        return validate("plugin", block.member.value, block.pointer)

    def still_holds(self, found: Found) -> bool:
        """Whether the same would be found again in a group whose text is the same."""
        return (
            found.is_kept
            and (found.style is None or found.style == self._style)
            and found.read.names.isdisjoint(self._changed)
        )

    def block_still_holds(self, found: FoundBlock) -> bool:
        """Whether that can be told of all groups of a block at once."""
        return found.holds_anywhere and found.read.names.isdisjoint(self._changed)

    def found_in(self, read: Read, start: int, place: Callable[[], Place]) -> Found:
        """What is found in a group of points, whose text begins at `start` now. `place` tells
        its points there, and the stretches of the text that it fills."""
        context: Context | None = None
        if read.traits & traits.UNUSUAL or self._context.has_listed_shape:
            context = self._context.about(*place())
            census = context.census
        else:
            census = plain_census(read.points, has_braces=read.has_braces)
        noted = self._asking.traits(read, census.uses)
        rules = self._asking.rules(noted)
        by_schemas, by_plugin_schemas = bool(noted & _OF_SCHEMAS), self._has_schema(read, noted)
        if not (rules or by_schemas or by_plugin_schemas):
            uses = None if context is None else context.uses
            return Found(read, start, census, (), (), (), None, True, uses)
        context = context or self._context.about(*place())
        by_rules = [found for rule in rules for found in rule.findings(context)]
        spoken = Spoken(by_rules)
        is_service = any(point.level is Level.SERVICE for point in read.points)
        has_fix = any(found.fixes for found in by_rules)
        return Found(
            read,
            start,
            census,
            tuple(by_rules),
            tuple(spoken.leaves(self._of_schemas(context) if by_schemas else ())),
            tuple(self._of_plugin_schemas(context) if by_plugin_schemas else ()),
            self._style if has_fix and not is_service else None,
            not is_service and not context.looked_outside,
            context.uses,
        )

    def _has_schema(self, read: Read, noted: int) -> bool:
        """Whether there may be settings that a plugin's own schema is for."""
        return bool(self._schemas) and (
            noted & traits.LOOSE != 0
            or any(schema_of(self._schemas, name) is not None for name in read.names)
        )

    def _of_schemas(self, context: Context) -> Iterator[Diagnostic]:
        """The schemas' findings about the entries that KrakenD reads."""
        if context.target.minor >= (3, 0):
            return
        for entry, type_ in context.named:
            key = (type_.value, entry.value.text)
            if key in self._right:
                continue
            found = validate(type_.value, entry.value, entry.pointer)
            if not found:
                self._right.add(key)
            yield from found

    def _of_plugin_schemas(self, context: Context) -> Iterator[Diagnostic]:
        """What the plugins' own schemas find in their settings, in the entries that KrakenD
        reads."""
        for _point, entry in context.working if self._schemas else ():
            for block in settings(entry):
                schema = schema_of(self._schemas, block.plugin)
                key = (f"settings of {block.plugin}", block.node.text)
                if schema is None or key in self._right:
                    continue
                found = schema.validate(block.node, block.pointer)
                if not found:
                    self._right.add(key)
                yield from found
