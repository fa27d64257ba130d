"""What people would take instead. Only noted: vim just shows the text."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from functools import partial

from bench import HERE, Bench, ms
from measuring import command, median
from terminal import Program


def others(bench: Bench) -> None:
    """Those that are installed."""
    if shutil.which("vim"):
        taken = median(partial(vim, bench), bench.runs)
        note(bench, "vim: 10 MB config on the screen", vim_first_paint_large=taken)
    if shutil.which("posting"):
        taken = median(lambda: appears(bench, ["posting"], "posting"), 3)
        note(bench, "posting: start", posting_first_paint=taken)
    if shutil.which("check-jsonschema"):
        schema = str(HERE.parent / "schemas" / "plugin.json")
        taken = median(command("check-jsonschema", "--schemafile", schema, str(bench.small)), 3)
        note(bench, "check-jsonschema: small config", check_jsonschema_small=taken)


def note(bench: Bench, what: str, **taken: float) -> None:
    bench.add(what, "(for comparison)", ms(*taken.values()), **taken)


def vim(bench: Bench) -> float:
    return appears(bench, ["vim", "-u", "NONE", bench.large.name], '"version": 3')


def appears(bench: Bench, argv: Sequence[str], text: str) -> float:
    with Program(argv, cwd=bench.large.parent, env=bench.env) as program:
        return program.until(lambda screen: text in screen.lower())
