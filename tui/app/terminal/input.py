"""From a terminal's bytes to keys, pastes and reports: what is none of them never becomes text.

Textual types what it cannot parse: an unknown escape sequence, a late answer to a query, the
second half of a sequence that a slow line cut in two. Here a sequence is taken whole, whatever
time it takes, and only those that a key, a paste or the mouse sends go on.

Shapes of sequences: ECMA-48, 5.4 (CSI) and 5.6 (strings); XTerm Control Sequences; the kitty
keyboard protocol; urxvt(7) for the endings `$`, `^` and `@`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

ESCAPE_SECONDS = 0.1
"""After this long without another byte an ESC was the key Escape."""

LATE_SECONDS = 2.0
"""For this long after such an ESC the rest of a sequence may still come in one piece."""

STRING_SECONDS = 5.0
"""After this long without another byte a terminal's answer is given up."""

PASTE_SECONDS = 1.0
"""After this long without another byte a paste may be cut: a key gives it up."""

STRING_LIMIT = 65_536
"""Bytes of a terminal's answer before it is given up."""

PASTE_START, PASTE_END = b"\x1b[200~", b"\x1b[201~"


class Kind(Enum):
    """What a unit of input is."""

    TEXT = auto()
    SEQUENCE = auto()
    ESCAPE = auto()
    PASTE = auto()
    PASTE_WAITS = auto()
    PASTE_CUT = auto()


class Unit(NamedTuple):
    """`text` is typed characters, control characters among them; a known sequence; or what was
    pasted. PASTE_WAITS and PASTE_CUT say that the end of a paste does not come, and that it was
    given up."""

    kind: Kind
    text: str = ""


_COMPLETE = re.compile(
    rb"""\x1b(?:
        \[ (?: \[ . | M ... | [0-9]+\$ | (?![\[M])[0-?]*[ -/]*[@-~] )
      | O [0-9;]* [@-~]
      | [\]P_] [0-9;>+$!|=?Gl] [^\x00-\x06\x08-\x1f]*? (?: \x07 | \x1b\\ | \x9c )
      | [\x7f\tbf]
    )""",
    re.VERBOSE | re.DOTALL,
)
_BEGUN = re.compile(
    rb"\x1b(?:\[(?:\[|M.{0,2}|[0-?]*[ -/]*)?|O[0-9;]*|(?P<string>[\]P_](?:[0-9;>+$!|=?Gl]"
    rb"[^\x00-\x06\x08-\x1f\x07]*\x1b?)?))?",
    re.DOTALL,
)
_BROKEN = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|O[0-9;]*|[\]P_][0-9;>+$!|=?Gl][^\x00-\x1f]*)")
_LATE = re.compile(rb"(?:\[[0-?]*[ -/]*[@-~]|\[\[.|O[@-~])", re.DOTALL)
_SENT = re.compile(
    r"""\x1b(?:
        \[ [ABCDFHPQSZabcd]
      | \[ 1;\d{1,2} [ABCDFHPQS]
      | \[ (?: [1-8] | 1[1-57-9] | 2[0134] ) (?: ;\d{1,2} )? ~
      | \[ (?: [378]\$ | [35678]\^ )
      | \[ \[ [A-E]
      | \[ \d{1,6} (?: ; \d{0,3} (?: ; \d{1,6} (?: :\d{1,6} ){0,3} )? )? u
      | \[ [IO]
      | \[ < \d{1,4} ; -?\d{1,5} ; -?\d{1,5} [mM]
      | \[ \?(?:2026|2048);\d\$y
      | \[ 48 (?: ; \d{1,5} (?: :[\d:]{0,9} )? ){4} t
      | O [ABCDFHPQRSMabcdjkm-y]
      | [\x7f\tbf]
    )""",
    re.VERBOSE,
)
"""The sequences that go on: keys, focus, the mouse, and the reports that Textual asks for. Keys
that are numbered 25 to 34 (shifted function keys of PuTTY and rxvt) are not among them."""

_EIGHT_BIT = {0x8F: b"\x1bO", 0x90: b"\x1bP", 0x9B: b"\x1b[", 0x9D: b"\x1b]", 0x9F: b"\x1b_"}
"""A terminal in 8-bit mode sends these for two bytes (ECMA-48, 5.3)."""


class InputDecoder:
    """Turns reads of a terminal into units. Time is passed in, in seconds."""

    def __init__(self) -> None:
        self._held = b""
        self._since = 0.0
        self._late_until = 0.0
        self._pasting = False
        self._paste_waits = False

    @property
    def deadline(self) -> float | None:
        """When `tick` has something to do, if no byte comes before."""
        if self._pasting:
            escape = self._paste_waits and self._held.endswith(b"\x1b")
            if escape:
                return self._since + ESCAPE_SECONDS
            return None if self._paste_waits else self._since + PASTE_SECONDS
        if self._held == b"\x1b":
            return self._since + ESCAPE_SECONDS
        match = _BEGUN.fullmatch(self._held) if self._held else None
        return self._since + STRING_SECONDS if match and match["string"] else None

    def tick(self, now: float) -> Iterator[Unit]:
        """What follows from no byte having come until `now`."""
        deadline = self.deadline
        if deadline is None or now < deadline:
            return
        if self._pasting and not self._paste_waits:
            self._paste_waits = True
            yield Unit(Kind.PASTE_WAITS)
            return
        if self._held.endswith(b"\x1b"):
            self._late_until = now + LATE_SECONDS
        if self._pasting:
            yield self._give_up_paste()
        elif self._held == b"\x1b":
            yield Unit(Kind.ESCAPE)
        self._held = b""

    def _give_up_paste(self) -> Unit:
        self._pasting, self._paste_waits, self._held = False, False, b""
        return Unit(Kind.PASTE_CUT)

    def feed(self, data: bytes, now: float) -> Iterator[Unit]:
        """The units that `data` completes."""
        self._since = now
        if self._paste_waits and _is_key(data):
            yield self._give_up_paste()
        if not self._held and now < self._late_until and _LATE.match(data):
            data = b"\x1b" + data
        self._late_until = 0.0
        rest = self._held + data
        while rest:
            if self._pasting:
                pasted, end, after = rest.partition(PASTE_END)
                if not end:
                    break
                # A start within a paste: the end of the one before it was lost.
                pasted = pasted.rpartition(PASTE_START)[2]
                self._pasting, self._paste_waits, rest = False, False, after
                yield Unit(Kind.PASTE, pasted.decode(errors="replace").replace("\x00", ""))
            elif rest[0] == 0x1B:
                length, unit = _sequence(rest)
                if not length:
                    break
                if rest[:length] == PASTE_START:
                    self._pasting = True
                elif unit is not None:
                    yield unit
                rest = rest[length:]
            else:
                text, rest, whole = _text(rest)
                if text:
                    yield Unit(Kind.TEXT, text)
                if not whole:
                    break
        self._held = rest


def _is_key(data: bytes) -> bool:
    """Whether `data` is what no paste consists of: a control key or an escape sequence."""
    return not data.startswith(PASTE_END[: len(data)]) and (
        data[0] < 0x20 and data[:1] not in (b"\t", b"\r", b"\n")
    )


def _sequence(data: bytes) -> tuple[int, Unit | None]:
    """(length, unit) of the sequence at the start of `data`; length 0 when more must come, no
    unit when it is to be dropped."""
    match = _COMPLETE.match(data)
    if match:
        sequence = match.group().decode("latin-1")
        known = _SENT.fullmatch(sequence) or match.group() == PASTE_START
        return match.end(), Unit(Kind.SEQUENCE, sequence) if known else None
    if len(data) < STRING_LIMIT and _BEGUN.fullmatch(data):
        return 0, None
    broken = _BROKEN.match(data)
    if broken:
        return broken.end(), None
    return 1, Unit(Kind.ESCAPE)


def _text(data: bytes) -> tuple[str, bytes, bool]:
    """The text up to the next sequence, what follows it, and False when that is the start of a
    character whose end must come. Bytes that are no UTF-8 are dropped."""
    end = data.find(b"\x1b")
    run, after = (data, b"") if end < 0 else (data[:end], data[end:])
    try:
        text, length = codecs.utf_8_decode(run, "strict", False)
    except UnicodeDecodeError as error:
        text = run[: error.start].decode()
        follows = _EIGHT_BIT.get(run[error.start], b"") + run[error.start + 1 :] + after
        return text, follows, True
    if end >= 0:
        return text, after, True
    return text, run[length:], length == len(run)
