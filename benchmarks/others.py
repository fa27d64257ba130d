"""What people would take instead. Only noted: vim just shows the text."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from functools import partial

from bench import HERE, Bench, ms
from measuring import command, median
from terminal import Program


def others(bench: Bench) -> None:
    """Those that are installed."""
    if shutil.which("vim"):
        compare(
            bench, "vim: 10 MB config on the screen", "vim_first_paint_large", partial(vim, bench)
        )
    if shutil.which("posting"):
        start = partial(appears, bench, ["posting"], "posting")
        compare(bench, "posting: start", "posting_first_paint", start)
    if shutil.which("check-jsonschema"):
        schema = str(HERE.parent / "schemas" / "plugin.json")
        check = command("check-jsonschema", "--schemafile", schema, str(bench.small))
        compare(bench, "check-jsonschema: small config", "check_jsonschema_small", check)


def compare(bench: Bench, what: str, figure: str, measure: Callable[[], float]) -> None:
    try:
        taken = median(measure, 3)
    except SystemExit:
        bench.add(what, "(for comparison)", "does not start here")
    else:
        bench.add(what, "(for comparison)", ms(taken), **{figure: taken})


def vim(bench: Bench) -> float:
    return appears(bench, ["vim", "-u", "NONE", bench.large.name], '"version": 3')


def appears(bench: Bench, argv: Sequence[str], text: str) -> float:
    with Program(argv, cwd=bench.large.parent, env=bench.env) as program:
        return program.until(lambda screen: text in screen.lower())
