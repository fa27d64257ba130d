"""`krakend-tui check`, beside what it is held against."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path

from bench import Bench, ms
from measuring import OURS, PYTHON, command, in_turn, median, peak_memory


def check(bench: Bench) -> None:
    imports = [PYTHON, "-c", "import json, jsonschema"]
    check = [OURS, "check", str(bench.small)]
    command(*check)()
    nothing, both, ours = in_turn(
        bench.runs * 2, command(PYTHON, "-c", "pass"), command(*imports), command(*check)
    )
    bench.add(
        "check, small config",
        "1.5 x import json, jsonschema",
        f"{ours / both:.2f} x ({ms(ours)}, imports {ms(both)}, pass {ms(nothing)})",
        ours <= 1.5 * both,
        python_pass=nothing,
        python_import_jsonschema=both,
        check_small=ours,
    )
    script = (
        "import sys; from tui.cli.main import run; run(['check', sys.argv[1]]); "
        "print(any(name.startswith('textual') for name in sys.modules))"
    )
    output = subprocess.run(
        [PYTHON, "-c", script, str(bench.small)], capture_output=True, text=True, check=False
    )
    is_apart = output.stdout.strip().endswith("False")
    bench.add("check imports Textual", "never", "no" if is_apart else "yes", is_apart)


def check_large(bench: Bench) -> None:
    text = bench.large.read_text()
    size = len(text.encode())
    lint = krakend_lint(bench)
    copy = str(bench.folder / "copy.json")
    load = (
        "import json, sys, time; t = time.perf_counter(); v = json.load(open(sys.argv[1])); "
        "print(time.perf_counter() - t)"
    )

    def json_load() -> float:
        argv = [PYTHON, "-c", load, str(bench.large)]
        return float(subprocess.run(argv, capture_output=True, text=True).stdout)

    def json_dump() -> float:
        value = json.loads(text)
        began = time.perf_counter()
        with Path(copy).open("w") as file:
            json.dump(value, file, indent=2)
        return time.perf_counter() - began

    ours, loaded, dumped = in_turn(
        bench.runs, command(OURS, "check", str(bench.large)), json_load, json_dump
    )
    memory = peak_memory(OURS, "check", str(bench.large), cwd=bench.folder)
    if lint is None:
        goal, limit = "7 x json.load (for 0.5 x lint)", 7 * loaded
        note = "krakend not installed"
    else:
        goal, limit = "0.5 x krakend check --lint", 0.5 * lint[0]
        note = f"krakend {ms(lint[0])}"
    bench.add(
        "check, 10 MB config",
        goal,
        f"{ours / loaded:.1f} x json.load ({ms(ours)}, json.load {ms(loaded)}, {note})",
        ours <= limit,
        check_large=ours,
        json_load_large=loaded,
        json_dump_large=dumped,
    )
    most = 270.0 if lint is None else lint[1]
    bench.add(
        "memory of that check",
        f"less than krakend's {most:.0f} MB",
        f"{memory:.0f} MB ({memory * 1e6 / size:.1f} x the file)",
        memory < most,
        check_large_mb=memory,
    )


def krakend_lint(bench: Bench) -> tuple[float, float] | None:
    """Seconds and MB of KrakenD's own check of the large config, if it is installed."""
    if shutil.which("krakend") is None:
        return None
    argv = ["krakend", "check", "--lint", "-c", str(bench.large)]
    memory = peak_memory(*argv, cwd=bench.folder)
    return median(command(*argv), bench.runs), memory
