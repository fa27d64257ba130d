"""The registered names of a Go plugin, as far as its bytes hold them.

lura looks up one variable a type (transport/http/server/plugin, transport/http/client/plugin,
proxy/plugin) and calls its Register method, which may pass any name. KrakenD's templates make
the variable a string and register that string, so its value is read: from the variable itself
or, when it is only filled as the plugin is initialised, from the variable it is built from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from tui.plugin.code import string_operands
from tui.plugin.elf import STT_FUNC, STT_OBJECT, Elf, Symbol
from tui.plugin.facts import Certainty, PluginType, Registerer

_STRING_SIZE: Final = 16
_LONGEST_NAME: Final = 1024
_NAME_VARIABLE: Final = b"pluginName"
_REGISTER_MODIFIERS: Final = b".RegisterModifiers"
_MODIFIER_SUFFIXES: Final = ("-request", "-response")


def read_registerers(elf: Elf, path: bytes) -> tuple[Registerer, ...]:
    """What the plugin with this (escaped) path registers, in PluginType's order."""
    prefix = path + b"."
    symbols = {symbol.name[len(prefix) :]: symbol for symbol in elf.symbols(prefix)}
    found: list[Registerer] = []
    for plugin_type in PluginType:
        symbol = symbols.get(plugin_type.symbol.encode())
        if symbol is None or symbol.type != STT_OBJECT:
            continue
        name, certainty = _value(elf, symbol, symbols)
        if plugin_type is PluginType.MODIFIER and name is not None:
            found.extend(_modifiers(elf, name, symbols))
        else:
            found.append(Registerer(plugin_type, name, certainty))
    return tuple(found)


def _value(
    elf: Elf, registerer: Symbol, symbols: Mapping[bytes, Symbol]
) -> tuple[str | None, Certainty]:
    name = _string(elf, registerer)
    if name is not None:
        return name, Certainty.EXACT
    named = symbols.get(_NAME_VARIABLE)
    name = _string(elf, named) if named else None
    if name is None:
        others = list(_other_strings(elf, symbols))
        name = others[0] if len(others) == 1 else None
    return name, Certainty.UNKNOWN if name is None else Certainty.INITIAL_VALUE


def _other_strings(elf: Elf, symbols: Mapping[bytes, Symbol]) -> Iterator[str]:
    """The values of the plugin's own string variables, its registerers apart."""
    registerers = {plugin_type.symbol.encode() for plugin_type in PluginType}
    for name, symbol in symbols.items():
        if name not in registerers and b"." not in name and b"/" not in name:
            value = _string(elf, symbol)
            if value is not None:
                yield value


def _string(elf: Elf, symbol: Symbol) -> str | None:
    if symbol.type != STT_OBJECT or symbol.size != _STRING_SIZE:
        return None
    value = elf.string(symbol.address)
    if value is None or len(value) > _LONGEST_NAME:
        return None
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None


def _modifiers(elf: Elf, stem: str, symbols: Mapping[bytes, Symbol]) -> Iterator[Registerer]:
    """A modifier's names: the stem with the suffixes that its Register method appends.

    The suffixes count only where that method's code loads them: as bare bytes they occur in
    many files (`single-request-reopen` comes with Go's own resolver). The name that a constant
    and a suffix make at compile time, `stem-request`, is looked for in the same way.
    """
    loaded: set[bytes] = set()
    for function, symbol in symbols.items():
        if symbol.type == STT_FUNC and _REGISTER_MODIFIERS in function:
            loaded |= string_operands(elf, symbol)
    names = [
        stem + suffix
        for suffix in _MODIFIER_SUFFIXES
        if suffix.encode() in loaded or (stem + suffix).encode() in loaded
    ]
    for name in names:
        yield Registerer(PluginType.MODIFIER, name, Certainty.INITIAL_VALUE, stem)
    if not names:
        yield Registerer(PluginType.MODIFIER, stem, Certainty.INITIAL_VALUE)
