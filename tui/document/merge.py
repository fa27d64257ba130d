"""Merge: what two writers made of one JSON text, brought together value by value.

Both sides are compared with the text they began with, members by key and items of lists by
what they hold. What only one side changed is taken; what both changed differently is a
Conflict that somebody must decide. The outcome is a ChangeSet of *their* text, so that their
layout stays and ours comes in as the smallest edits.

A list of scalars is one value: its order may mean something (the names of a server plugin),
and only its writer knows. White space and the order of keys are no values: where the other
side wrote too, its layout stays.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from tui.diagnostic import Edit
from tui.document.alignment import Alignment, align, alike
from tui.document.change import ChangeSet
from tui.document.diff import edits_between
from tui.document.edits import insert_item, insert_member, remove
from tui.document.pointer import child
from tui.document.text import line_indent
from tui.document.tree import JsonNode, JsonTree
from tui.errors import KrakendTuiError

Side = Literal["mine", "theirs"]


class MergeError(KrakendTuiError):
    """One of the texts is no JSON, or is nested too deeply to be merged."""

    kind = "merge"


class Conflict(NamedTuple):
    """A value that both sides changed differently.

    `pointer` is its place in their text (where it was removed there: in mine). `base`, `mine`
    and `theirs` are its texts, None where it is not there.
    """

    pointer: str
    base: str | None
    mine: str | None
    theirs: str | None


@dataclass(frozen=True, slots=True)
class _Step:
    """One edit of their text that brings in `mine`; only on demand when it is `conflict`."""

    what: Literal["replace", "remove", "member", "item"]
    pointer: str
    mine: str = ""
    key: str = ""
    followers: tuple[str, ...] = ()
    index: int = 0
    conflict: int | None = None


@dataclass
class Merge:
    """The plan of a merge; `resolve` carries it out."""

    mine: JsonTree
    theirs: JsonTree
    conflicts: list[Conflict] = field(default_factory=list)
    steps: list[_Step] = field(default_factory=list)

    @property
    def taken(self) -> int:
        """How many changes of mine come in without a question."""
        return sum(step.conflict is None for step in self.steps)

    def resolve(self, answers: Sequence[Side]) -> ChangeSet:
        """The change of their text. `answers` has a side for each of `conflicts`."""
        if len(answers) != len(self.conflicts):
            raise ValueError("each conflict needs an answer")
        steps = [s for s in self.steps if s.conflict is None or answers[s.conflict] == "mine"]
        edits = [
            edit
            for step in steps
            if step.what == "replace"
            for edit in self._replacement(step).edits
        ]
        change = ChangeSet.of(len(self.theirs.text), edits)
        text = change.apply(self.theirs.text)
        tree = self.theirs.edited(change, text)
        for step in steps:
            if step.what != "replace":
                next_change = self._structural(tree, step)
                text = next_change.apply(text)
                tree = tree.edited(next_change, text)
                change = change.compose(next_change)
        return change

    def _replacement(self, step: _Step) -> ChangeSet:
        tree, mine = self.theirs, self.mine.node(step.mine)
        node = tree.node(step.pointer)
        assert mine is not None
        assert node is not None
        span = node.span
        written = tree.style.value(mine, line_indent(tree.text, span.start))
        inner = edits_between(node.text, written)
        edits = [Edit(e.start + span.start, e.end + span.start, e.text) for e in inner.edits]
        return ChangeSet.of(len(tree.text), edits)

    def _structural(self, tree: JsonTree, step: _Step) -> ChangeSet:
        if step.what == "remove":
            return remove(tree, step.pointer)
        mine = self.mine.node(step.mine)
        assert mine is not None
        if step.what == "item":
            return insert_item(tree, step.pointer, step.index, mine)
        holder = tree.node(step.pointer)
        there = {member.key for member in holder.members()} if holder is not None else set()
        before = next((key for key in step.followers if key in there), None)
        return insert_member(tree, step.pointer, step.key, mine, before=before)


def merge(base: str, mine: str, theirs: str) -> Merge:
    """How `mine` and `theirs`, both made of `base`, come together.

    Raises MergeError when one of them is no valid JSON.
    """
    try:
        values = [_value(text) for text in (base, mine, theirs)]
        plan = _Plan(Merge(JsonTree.parse(mine), JsonTree.parse(theirs)), JsonTree.parse(base))
        plan.either(_Place(*values), "", "", "")
    except RecursionError:
        raise MergeError("the text is nested too deeply to be merged") from None
    return plan.merge


class _Absent:
    """No such member."""


_ABSENT = _Absent()


class _Number(NamedTuple):
    """A number as it is written: 1 and 1.0 are two values, since not every reader takes both."""

    text: str


class _Repeated(NamedTuple):
    """An object in which a key stands twice: compared as a whole."""

    members: tuple[tuple[str, Any], ...]


class _Place(NamedTuple):
    """What stands at one place, in all three texts."""

    base: Any
    mine: Any
    theirs: Any


def _value(text: str) -> Any:
    try:
        return json.loads(
            text,
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=_refuse,
            object_pairs_hook=_members,
        )
    except ValueError:
        raise MergeError("the text is no valid JSON", "Mend it first.") from None


def _refuse(word: str) -> None:
    raise ValueError(word)


def _members(pairs: list[tuple[str, Any]]) -> Any:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Repeated(tuple(pairs))


class _Plan:
    """Walks the three values at once and writes down the steps.

    Pointers are given for base, mine and theirs: in lists the same item has three places.
    """

    def __init__(self, result: Merge, base: JsonTree) -> None:
        self.merge = result
        self._base = base

    def either(self, at: _Place, base: str, mine: str, theirs: str) -> None:
        """A value that is there on both sides."""
        if at.mine in (at.theirs, at.base):
            return
        below = at.base
        if isinstance(at.mine, dict) and isinstance(at.theirs, dict):
            below = below if isinstance(below, dict) else {}
            self._members(_Place(below, at.mine, at.theirs), base, mine, theirs)
        elif all(isinstance(side, list) for side in (at.base, at.mine, at.theirs)):
            if not self._items(at, base, mine, theirs):
                self._decide(at, _Step("replace", theirs, mine), base, mine, theirs)
        else:
            self._decide(at, _Step("replace", theirs, mine), base, mine, theirs)

    def _decide(self, at: _Place, step: _Step, base: str, mine: str, theirs: str) -> None:
        """Take `step` where only mine differs from the base, else ask."""
        if at.theirs == at.base:
            self.merge.steps.append(step)
            return
        found = Conflict(
            mine if at.theirs is _ABSENT else theirs,
            _text(self._base, base, at.base),
            _text(self.merge.mine, mine, at.mine),
            _text(self.merge.theirs, theirs, at.theirs),
        )
        number = len(self.merge.conflicts)
        self.merge.conflicts.append(found)
        fields = (step.what, step.pointer, step.mine, step.key, step.followers, step.index)
        self.merge.steps.append(_Step(*fields, conflict=number))

    # -- objects ----------------------------------------------------------------------

    def _members(self, at: _Place, base: str, mine: str, theirs: str) -> None:
        keys = list(at.mine)
        # From the last on, so that a new member finds the one that follows it.
        for position in range(len(keys) - 1, -1, -1):
            key = keys[position]
            below = _Place(at.base.get(key, _ABSENT), at.mine[key], at.theirs.get(key, _ABSENT))
            places = (child(base, key), child(mine, key), child(theirs, key))
            if below.theirs is not _ABSENT:
                self.either(below, *places)
            elif below.mine != below.base:
                step = _Step("member", theirs, places[1], key, tuple(keys[position + 1 :]))
                self._decide(below, step, *places)
        for key in at.base:
            if key not in at.mine and key in at.theirs:
                below = _Place(at.base[key], _ABSENT, at.theirs[key])
                places = (child(base, key), child(mine, key), child(theirs, key))
                self._decide(below, _Step("remove", places[2]), *places)

    # -- lists ------------------------------------------------------------------------

    def _items(self, at: _Place, base: str, mine: str, theirs: str) -> bool:
        """Item by item; False when the list must be taken as a whole."""
        if not all(map(_holds_containers, (at.base, at.mine, at.theirs))):
            return False
        ours, other = align(at.base, at.mine), align(at.base, at.theirs)
        if _moves_what_changed(at.base, ours, at.mine, other, at.theirs) or _moves_what_changed(
            at.base, other, at.theirs, ours, at.mine
        ):
            return False
        # Where an item would come to stand in their list, if they have removed it.
        place = len(at.theirs)
        for index in range(len(at.base), -1, -1):
            if index < len(at.base):
                place = self._item(index, place, at, (ours, other), (base, mine, theirs))
            self._new_items(index, place, at, (ours, other), (mine, theirs))
        return True

    def _item(
        self,
        index: int,
        place: int,
        at: _Place,
        sides: tuple[Alignment, Alignment],
        holders: tuple[str, str, str],
    ) -> int:
        """One item of the base; where the next one before it would come to stand."""
        in_mine, in_theirs = (side.kept.get(index) for side in sides)
        value = at.base[index]
        base = child(holders[0], index)
        if in_theirs is None:
            if in_mine is not None and at.mine[in_mine] != value:
                mine = child(holders[1], in_mine)
                below = _Place(value, at.mine[in_mine], _ABSENT)
                step = _Step("item", holders[2], mine, index=place)
                self._decide(below, step, base, mine, child(holders[2], place))
            return place
        theirs = child(holders[2], in_theirs)
        if in_mine is None:
            below = _Place(value, _ABSENT, at.theirs[in_theirs])
            self._decide(below, _Step("remove", theirs), base, child(holders[1], index), theirs)
        else:
            below = _Place(value, at.mine[in_mine], at.theirs[in_theirs])
            self.either(below, base, child(holders[1], in_mine), theirs)
        return in_theirs

    def _new_items(
        self,
        index: int,
        place: int,
        at: _Place,
        sides: tuple[Alignment, Alignment],
        holders: tuple[str, str],
    ) -> None:
        """What mine has new before the item `index` of the base; behind what they have there."""
        ours, other = sides
        there = [at.theirs[new] for new in other.new.get(index, ())]
        for new in reversed(ours.new.get(index, ())):
            if at.mine[new] in there:
                there.remove(at.mine[new])
                continue
            step = _Step("item", holders[1], child(holders[0], new), index=place)
            self.merge.steps.append(step)


def _holds_containers(items: Iterable[Any]) -> bool:
    return all(isinstance(item, (dict, list, _Repeated)) for item in items)


def _moves_what_changed(
    base: Sequence[Any],
    mover: Alignment,
    moved: Sequence[Any],
    other: Alignment,
    theirs: Sequence[Any],
) -> bool:
    """Whether one side took out an item that the other changed, and has a new one like it."""
    new = [moved[index] for indexes in mover.new.values() for index in indexes]
    disputed = [
        item
        for index, item in enumerate(base)
        if index not in mover.kept
        and (index not in other.kept or theirs[other.kept[index]] != item)
    ]
    return any(alike(item, candidate) for item in disputed for candidate in new)


def _text(tree: JsonTree, pointer: str, value: Any) -> str | None:
    if value is _ABSENT:
        return None
    node: JsonNode | None = tree.node(pointer)
    return None if node is None else node.text


__all__ = ["Conflict", "Merge", "MergeError", "Side", "merge"]
