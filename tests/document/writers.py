"""Writers of JSON values whose every leaf is a string of its own: what became of an edit can be
told from the leaves that are left."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any


class Writer:
    """Makes values and random edits of them; each leaf is new."""

    def __init__(self, choice: random.Random, name: str) -> None:
        self.choice = choice
        self.name = name
        self.count = 0

    def leaf(self) -> str:
        self.count += 1
        return f"{self.name}{self.count}"

    def value(self, depth: int) -> Any:
        kind = self.choice.random()
        if depth == 0 or kind < 0.3:
            return self.leaf()
        size = self.choice.randrange(4)
        if kind < 0.6:
            return {key: self.value(depth - 1) for key in self.choice.sample("abcdef", size)}
        if kind < 0.75:
            return [self.leaf() for _ in range(size)]
        return [self.container(depth - 1) for _ in range(size)]

    def container(self, depth: int) -> Any:
        return {key: self.value(depth) for key in self.choice.sample("abcdef", 3)}

    def edited(self, value: Any) -> Any:
        """A copy with one edit somewhere in it."""
        value = json.loads(json.dumps(value))
        holders = list(_containers(value))
        if not holders:
            return self.leaf()
        holder = self.choice.choice(holders)
        if isinstance(holder, dict):
            key = self.choice.choice("abcdefgh")
            if key in holder and self.choice.random() < 0.4:
                del holder[key]
            elif key in holder and isinstance(holder[key], (dict, list)):
                return self.edited_inside(value, holder, key)
            else:
                holder[key] = self.value(1)
        else:
            self.edit_list(holder)
        return value

    def edited_inside(self, value: Any, holder: Any, key: str) -> Any:
        holder[key] = self.edited(holder[key])
        return value

    def edit_list(self, items: list[Any]) -> None:
        scalars = bool(items) and isinstance(items[0], str)
        what = self.choice.randrange(4)
        if what == 0 or not items:
            fresh = self.leaf() if scalars else self.container(1)
            items.insert(self.choice.randint(0, len(items)), fresh)
        elif what == 1:
            items.pop(self.choice.randrange(len(items)))
        elif what == 2:
            items.insert(self.choice.randrange(len(items)), items.pop())
        else:
            place = self.choice.randrange(len(items))
            items[place] = self.leaf() if scalars else self.edited(items[place])

    def written(self, value: Any) -> str:
        indent = self.choice.choice([None, 2, 4, "\t"])
        return json.dumps(value, indent=indent) + self.choice.choice(["", "\n"])


def _containers(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [value, *(found for item in value.values() for found in _containers(item))]
    if isinstance(value, list):
        return [value, *(found for item in value for found in _containers(item))]
    return []


def leaves(value: Any) -> Counter[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return sum((leaves(item) for item in value), Counter())
    return Counter([value])
