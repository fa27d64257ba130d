"""What can be added to an entry's names: what the loaded files register for its type."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from tui.app.name_rows import CERTAINTY_WORDS
from tui.app.screens.pick import Option
from tui.krakend.registry import Registry
from tui.plugin.facts import PluginType
from tui.schema.plugin_schema import MODIFIER_HALVES

_BETWEEN = "\n"


def name_options(
    registry: Registry | None, type_: PluginType, present: Collection[str] = ()
) -> list[Option]:
    """The registered names with the file of each; the two halves of a modifier together first.

    Those of `present` come last. `names_of` reads what was picked.
    """
    if registry is None:
        return []
    options = list(_together(registry, type_, present))
    names = registry.names(type_)
    for name in sorted(names, key=lambda name: name in present):
        verdict = registry.verdict(type_, name)
        words = f"{', '.join(names[name])}  {CERTAINTY_WORDS[verdict.certainty]}"
        if name in present:
            words = "in the list already"
        elif any(half in present for half in _other_half(name)):
            words = f"the other half, {words}"
        options.append(Option(name, name, words))
    return options


def names_of(picked: Collection[str]) -> list[str]:
    """The names that the picked values stand for, each once."""
    return list(dict.fromkeys(name for value in picked for name in value.split(_BETWEEN)))


def _together(registry: Registry, type_: PluginType, present: Collection[str]) -> Iterator[Option]:
    if type_ is not PluginType.MODIFIER:
        return
    names = registry.names(type_)
    for file in registry.files:
        for stem in dict.fromkeys(file.stems()):
            halves = [stem + half for half in MODIFIER_HALVES]
            if all(half in names and half not in present for half in halves):
                label = " + ".join(halves)
                yield Option(_BETWEEN.join(halves), label, f"both halves, {file.name}")


def _other_half(name: str) -> list[str]:
    request, response = MODIFIER_HALVES
    if name.endswith(request):
        return [name.removesuffix(request) + response]
    if name.endswith(response):
        return [name.removesuffix(response) + request]
    return []
