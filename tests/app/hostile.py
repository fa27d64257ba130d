"""What somebody puts into names and values so that a terminal obeys it."""

from __future__ import annotations

import re

ATTACKS = (
    "\x1b]52;c;cHduZWQ=\x07",
    "\x1b]0;pwned\x07",
    "\x1b]2;pwned\x1b\\",
    "\x1b[31;41mpwned",
    "\x1b[2Jpwned",
    "\x1bPpwned\x1b\\",
    "\x9d0;pwned\x9c",
    "\x9b31mpwned",
    "\u202epwned\u202c",
    "\u2066pwned\u2069",
    "\u200epwned",
    "pwned\rpwned",
    "pwned\x00",
    "pwned\x08\x08",
    "[red]pwned[/red]",
    "\x07pwned",
)
"""Clipboard, window title, colours, clearing, device control, C1 forms of them, bidi controls,
carriage return, NUL, backspace, markup, bell."""

_FORBIDDEN = re.compile(
    # The payloads themselves, in whichever sequence they arrive.
    rb"\x1b\](?:52;c|0|2);(?:pwned|cHduZWQ)"
    rb"|\x1bP[^\x1b]*pwned|\x1b\[(?:31;41m|31m|2J)pwned|pwned(?:\x08|\r\w)|\x07pwned"
    # C1 controls and bidi controls in UTF-8, and NUL.
    rb"|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]|\x00"
)


def raw_controls(written: bytes) -> list[bytes]:
    """What of the attacks reached the terminal."""
    return [match.group() for match in _FORBIDDEN.finditer(written)]
