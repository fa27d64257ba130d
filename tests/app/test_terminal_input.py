"""What a terminal sends: keys and pastes arrive, and nothing else ever becomes text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

from tui.app.terminal.driver import messages_of
from tui.app.terminal.input import _SENT, InputDecoder, Kind

PAUSE = 0.3
"""Seconds: longer than an ESC waits for the rest of its sequence."""


def shown(message: Message) -> str:
    if isinstance(message, events.Key):
        return message.key
    if isinstance(message, events.Paste):
        return f"paste {message.text}"
    return type(message).__name__


def received(*reads: bytes | float) -> list[str]:
    """What the app gets; a number is a time in seconds without a byte."""
    decoder, parser, now = InputDecoder(), XTermParser(), 100.0
    got: list[str] = []
    for read in reads:
        if isinstance(read, bytes):
            units = list(decoder.feed(read, now))
        else:
            now += read
            units = list(decoder.tick(now))
        got += [shown(message) for unit in units for message in messages_of(unit, parser)]
    return got


NOTHING = {
    "shift+F8 of PuTTY": b"\x1b[32~",
    "shift+F10 of PuTTY": b"\x1b[34~",
    "an unknown key": b"\x1b[99~",
    "modifyOtherKeys": b"\x1b[27;5;97~",
    "device attributes": b"\x1b[?64;1;2;6;9;15;18;21;22c",
    "secondary device attributes": b"\x1b[>41;354;0c",
    "a status report": b"\x1b[0n",
    "a cursor position": b"\x1b[12;40R",
    "a window report": b"\x1b[8;24;80t",
    "a mode report": b"\x1b[?2004;1$y",
    "kitty's flags": b"\x1b[?13u",
    "a colour scheme": b"\x1b[?997;1n",
    "a background colour": b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
    "a palette colour": b"\x1b]4;7;rgb:aaaa/aaaa/aaaa\x07",
    "a clipboard": b"\x1b]52;c;c2VjcmV0\x07",
    "a title": b"\x1b]lkrakend.json\x1b\\",
    "the terminal's name": b"\x1bP>|tmux 3.3a\x1b\\",
    "a termcap value": b"\x1bP1+r544e=787465726d\x1b\\",
    "a setting": b"\x1bP1$r0m\x1b\\",
    "kitty's graphics": b"\x1b_Gi=31;OK\x1b\\",
    "X10 mouse": b"\x1b[M #%",
    "urxvt mouse": b"\x1b[32;40;12M",
    "eight-bit status report": b"\x9b0n",
}


@pytest.mark.parametrize("name", NOTHING)
@pytest.mark.parametrize("pause", [0.0, PAUSE, 3.0])
def test_an_answer_types_nothing_wherever_it_is_cut(name: str, pause: float) -> None:
    sequence = NOTHING[name]
    assert received(sequence, PAUSE, b"x") == ["x"]
    for cut in range(2, len(sequence)):
        assert received(sequence[:cut], pause, sequence[cut:], PAUSE, b"x") == ["x"], cut


@pytest.mark.parametrize("name", NOTHING)
def test_an_answer_cut_behind_its_escape_types_nothing(name: str) -> None:
    sequence = NOTHING[name]
    if sequence.startswith((b"\x1b[", b"\x1bO")) and not sequence.startswith(b"\x1b[M"):
        assert received(sequence[:1], PAUSE, sequence[1:], PAUSE, b"x") == ["escape", "x"]


KEYS = {
    b"\x1b": ["escape"],
    b"\x1b[A": ["up"],
    b"\x1bOA": ["up"],
    b"\x1b[3~": ["delete"],
    b"\x1b[3$": ["shift+delete"],
    b"\x1b[Z": ["shift+tab"],
    b"\x1bOS": ["f4"],
    b"\x1b[[D": ["f4"],
    b"\x1b[14~": ["f4"],
    b"\x1b[19~": ["f8"],
    b"\x00": ["ctrl+@"],
    b"\x1b[97;5u": ["ctrl+a"],
    b"\x1b[97;;97u": ["a"],
    b"\x1bj": ["escape", "j"],
    b"\x1b\x1b[B": ["escape", "down"],
    "ü€".encode(): ["ü", "euro_sign"],
    b"\xe9x": ["x"],
    b"\x1b[I\x1b[O": ["AppFocus", "AppBlur"],
    b"\x1b[<0;5;5M\x1b[<0;5;5m": ["MouseDown", "MouseUp"],
    b"\x1b[?2026;2$y": ["TerminalSupportsSynchronizedOutput"],
}


@pytest.mark.parametrize("sent", KEYS, ids=repr)
def test_keys_arrive(sent: bytes) -> None:
    assert received(sent, PAUSE) == KEYS[sent]


@pytest.mark.parametrize("sent", [key for key in KEYS if key not in (b"\x1bj",)], ids=repr)
def test_keys_arrive_in_pieces(sent: bytes) -> None:
    assert received(*(sent[i : i + 1] for i in range(len(sent))), PAUSE) == KEYS[sent]


def test_a_paste_arrives_whole_however_it_is_cut() -> None:
    sent = b"\x1b[200~two\nlines\x1b[201~"
    for cut in range(2, len(sent)):
        got = received(sent[:cut], 3.0, sent[cut:], b"x")
        assert [key for key in got if key != "PasteWaits"] == ["paste two\nlines", "x"], cut


@pytest.mark.parametrize("key", [b"\x1b", b"\x1b[19~", b"\x11"], ids=["Escape", "F8", "ctrl+q"])
def test_a_key_gives_up_a_paste_without_an_end(key: bytes) -> None:
    got = received(b"\x1b[200~half", 2.0, key, PAUSE, b"x")
    assert got[:2] == ["PasteWaits", "PasteCut"]
    assert got[-1] == "x"


def test_the_second_half_of_a_paste_is_no_typing() -> None:
    assert received(b"\x1b[200~half", 9.0, b"the rest\x1b[201~", b"x") == [
        "PasteWaits",
        "paste halfthe rest",
        "x",
    ]


def all_units(reads: Sequence[bytes]) -> list[tuple[Kind, str]]:
    decoder = InputDecoder()
    units = [unit for read in reads for unit in decoder.feed(read, 0.0)]
    joined: list[tuple[Kind, str]] = []
    for unit in units:
        if unit.kind is Kind.TEXT and joined and joined[-1][0] is Kind.TEXT:
            joined[-1] = (Kind.TEXT, joined[-1][1] + unit.text)
        else:
            joined.append((unit.kind, unit.text))
    return joined


PIECES = st.one_of(
    st.sampled_from([b"\x1b", b"[", b"O", b"]", b"~", b"200~", b"\x1b[200~", b"\x1b[201~", b";"]),
    st.sampled_from(list(NOTHING.values()) + list(KEYS)),
    st.binary(max_size=4),
)


@given(st.lists(PIECES, max_size=12).map(b"".join), st.data())
def test_where_a_stream_is_cut_makes_no_difference(stream: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)), max_size=6)) | {0, len(stream)})
    reads = [stream[a:b] for a, b in pairwise(cuts) if a < b]
    assert all_units(reads) == all_units([stream] if stream else [])


@given(st.from_regex(_SENT, fullmatch=True))
def test_textual_takes_each_sequence_that_goes_on(sequence: str) -> None:
    """Or the parser would take what is typed next for the rest of it."""
    parser = XTermParser()
    list(parser.feed(sequence))
    assert [shown(message) for message in parser.feed("a")] == ["a"]
