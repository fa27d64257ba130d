"""Text from files made safe for a terminal: no control, format or surrogate code point passes."""

from __future__ import annotations

import re
import unicodedata

# C0, DEL, C1; then, past ASCII, whatever may be a format character, separator or surrogate.
_SUSPECT = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u0600-\u08ff\u180e\u2000-\u206f\ud800-\udfff\ufdd0-\uffff\U00010000-\U0010ffff]"
)
_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def visible(text: str) -> str:
    """`text` with each code point that could steer a terminal replaced by one that shows.

    One code point becomes one code point, so offsets and match spans stay true: C0 controls
    become their control pictures (U+2400 block), everything else of that kind U+FFFD.
    """
    if _SUSPECT.search(text) is None:
        return text
    return _SUSPECT.sub(lambda match: _shown(match.group()), text)


def _shown(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if unicodedata.category(character) in _UNSAFE_CATEGORIES:
        return "\ufffd"
    return character
