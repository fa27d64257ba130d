"""The app in a terminal: its start, its keys, and the 10 MB config open."""

from __future__ import annotations

import os
import statistics
import time
from functools import partial
from pathlib import Path
from typing import NamedTuple

import configs
from bench import Bench, ms
from measuring import in_turn, median
from terminal import Program


def start(bench: Bench) -> None:
    def small_paint() -> float:
        return first_paint(bench, bench.small, "20 of 20 load", "p00.so")

    def large_paint() -> float:
        return first_paint(bench, bench.large, bench.large.name, "Reading")

    small_paint()
    bare, small, large = in_turn(bench.runs, partial(bare_paint, bench), small_paint, large_paint)
    bench.add(
        "start to first complete paint, small config, 20 plugins",
        "1.25 x bare Textual app",
        f"{small / bare:.2f} x ({ms(small)}, bare {ms(bare)})",
        small <= 1.25 * bare,
        bare_first_paint=bare,
        small_first_paint=small,
    )
    bench.add(
        "first paint of the 10 MB config, that says it is being read",
        "as fast as the small one",
        f"{large / small:.2f} x ({ms(large)})",
        large <= 1.15 * small,
        large_first_paint=large,
    )


def bare_paint(bench: Bench) -> float:
    with bench.bare() as program:
        return program.until(lambda text: "bare app" in text and "type here" in text)


def first_paint(bench: Bench, site: Path, *words: str) -> float:
    """Until the words are on the screen. Of a large config it says that it is being read."""
    with bench.ours(site) as program:
        return program.until(lambda text: all(word in text for word in words))


def keys(bench: Bench) -> None:
    with bench.bare() as program:
        program.until(lambda text: "type here" in text)
        bare = statistics.median(
            program.time_key(letter, lambda text, typed="abcdefghijklmnop"[: at + 1]: typed in text)
            for at, letter in enumerate("abcdefghijklmnop")
        )
        still = idle(program)
    few, many = pattern_keys(bench, 100), pattern_keys(bench, 100_000)
    bench.add(
        "key in pattern to repainted list, 100 files",
        "1.3 x bare app's key",
        f"{few.seconds / bare:.2f} x ({ms(few.seconds)}, bare {ms(bare)})",
        few.seconds <= 1.3 * bare,
        bare_key=bare,
        pattern_key_100=few.seconds,
    )
    bench.add(
        "the same with 100,000 files",
        "2 x that with 100 files",
        f"{many.seconds / few.seconds:.2f} x ({ms(many.seconds)})",
        many.seconds <= 2 * few.seconds,
        pattern_key_100000=many.seconds,
    )
    bench.add(
        "bytes to the terminal per key in pattern",
        "under 4 KB in the usual case",
        f"{few.sent:,} bytes",
        few.sent < 4096,
    )
    bench.add(
        "idle: CPU and wake-ups in 5 s",
        "none beyond the bare app's",
        f"{ms(few.idle.cpu)}, {few.idle.wakes} (bare {ms(still.cpu)}, {still.wakes})",
        few.idle.cpu <= still.cpu + 0.02 and few.idle.wakes <= still.wakes * 1.5 + 10,
    )


class Idle(NamedTuple):
    """Seconds of CPU and wake-ups in 5 s without a key."""

    cpu: float = 0.0
    wakes: int = 0


def idle(program: Program) -> Idle:
    program.settle(2)
    cpu, wakes = program.cpu(), program.status("voluntary_ctxt_switches")
    time.sleep(5)
    return Idle(program.cpu() - cpu, program.status("voluntary_ctxt_switches") - wakes)


class Keys(NamedTuple):
    """Median seconds of a key, bytes of a key to the terminal, and what idling costs."""

    seconds: float
    sent: int
    idle: Idle


def pattern_keys(bench: Bench, files: int) -> Keys:
    """In the field `pattern`, with so many files in the folder."""
    site = configs.make_site(bench.folder / f"files{files}", configs.PLUGINS, files)
    with bench.ours(site) as program:
        program.until(lambda text: "No findings" in text)
        program.settle(1)
        still = idle(program) if files == 100 else Idle()
        taken: list[float] = []
        for _ in range(8):
            taken.append(program.time_key("x", lambda text: f" 0 of {files} load" in text))
            program.settle(0.4)
            taken.append(
                program.time_key("<backspace>", lambda text: f"20 of {files} load" in text)
            )
            program.settle(0.4)
        return Keys(statistics.median(taken), program.bytes_of("x"), still)


def large_config(bench: Bench) -> None:
    size = bench.large.stat().st_size
    parse = tree_sitter(bench)
    found = edited(bench, bench.large)
    after = found.opened - bench.figures["large_first_paint"]
    bench.add(
        "10 MB config complete with all findings",
        "3 x tree-sitter's parse of it",
        f"{after / parse:.2f} x ({ms(after)} after the first paint, parse {ms(parse)})",
        after <= 3 * parse,
        tree_sitter_parse=parse,
        large_complete=found.opened,
    )
    beyond = found.key - bench.figures["bare_key"]
    bench.add(
        "key in the entry editor to findings, 10 MB config",
        "50 ms beyond the bare app's key",
        f"{ms(beyond)} beyond ({ms(found.key)})",
        beyond <= 0.05,
        large_key_to_findings=found.key,
    )
    bench.add(
        "bytes to the terminal per key in the editor",
        "under 4 KB in the usual case",
        f"{found.sent:,} bytes",
        found.sent < 4096,
        large_key_bytes=found.sent,
    )
    for when, memory in (("", found.memory), (", after a run of keys", found.memory_later)):
        bench.add(
            f"memory with the 10 MB config open{when}",
            "under 25 x the file",
            f"{memory * 1e6 / size:.1f} x ({memory:.0f} MB)",
            memory * 1e6 < 25 * size,
            **{f"large_memory_mb{'_later' if when else ''}": memory},
        )
    copied = median(partial(copy_with_fsync, bench), bench.runs)
    bench.add(
        "saving the 10 MB config, key to word of it",
        "2 x a copy with fsync",
        f"{found.saved / copied:.2f} x ({ms(found.saved)}, copy {ms(copied)})",
        found.saved <= 2 * copied,
        copy_fsync=copied,
        large_save=found.saved,
    )


class Edited(NamedTuple):
    """Seconds until all findings, seconds of a key to its findings, bytes of a key to the
    terminal, MB then and after the keys, and seconds from the key in the save dialog to its
    word."""

    opened: float
    key: float
    sent: int
    memory: float
    memory_later: float
    saved: float


def edited(bench: Bench, site: Path) -> Edited:
    """Open a config, type in an endpoint's entry, save."""
    with bench.ours(site) as program:
        opened = program.until(lambda text: "No findings" in text)
        program.settle(1)
        memory = program.status("VmRSS") / 1024
        # Into the first name of an endpoint's modifiers.
        for keys in ("<ctrl+f>", "orders/3", "<enter>", "<enter>"):
            program.press(keys)
            program.settle(0.7)
        program.press("<down><down><down><end><left><left>")
        taken: list[float] = []
        for _ in range(8):
            taken.append(program.time_key("x", lambda text: "by no file" in text))
            program.settle(0.3)
            taken.append(program.time_key("<backspace>", lambda text: "No findings" in text))
            program.settle(0.3)
        sent = statistics.median([program.bytes_of("y"), program.bytes_of("y")])
        memory_later = program.status("VmRSS") / 1024
        # Another change that brings no finding, or the dialog would ask for more than Enter.
        program.press("<backspace><backspace>")
        program.until(lambda text: "No findings" in text)
        saved: list[float] = []
        for _ in range(bench.runs):
            program.press("<end> ")
            program.settle(1)
            program.press("<ctrl+s>")
            program.until(lambda text: "Enter write" in text)
            program.settle(0.5)
            saved.append(program.time_key("<enter>", lambda text: "Saved" in text))
        key, save = statistics.median(taken), statistics.median(saved)
        return Edited(opened, key, int(sent), memory, memory_later, save)


def tree_sitter(bench: Bench) -> float:
    """Seconds that tree-sitter alone takes to parse the large config."""
    import tree_sitter
    import tree_sitter_json

    data = bench.large.read_bytes()
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_json.language()))

    def measure() -> float:
        began = time.perf_counter()
        parser.parse(data)
        return time.perf_counter() - began

    return median(measure, 3)


def copy_with_fsync(bench: Bench) -> float:
    began = time.perf_counter()
    with (bench.folder / "copied.json").open("wb") as file:
        file.write(bench.large.read_bytes())
        file.flush()
        os.fsync(file.fileno())
    return time.perf_counter() - began
