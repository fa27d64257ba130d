"""Measures krakend-tui and its baselines, and prints a table and JSON: `make bench`.

Absolute times are not stable from one machine to the next, so that each goal is a multiple of a
baseline that is taken in the same run. Runs of both are taken in turn, and the median counts.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

import plot
from app import keys, large_config, start
from bench import HERE, Bench
from command_line import check, check_large
from growth import growth
from others import others


def machine() -> dict[str, object]:
    """What the figures depend on."""
    cpus = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(": ")[1] for line in cpus if line.startswith("model name")), "?")
    return {
        "cpu": f"{os.cpu_count()} x {model}",
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "load_before": [round(load, 1) for load in os.getloadavg()],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="runs of each measurement")
    parser.add_argument("--json", type=Path, help="where the JSON goes, too")
    parser.add_argument("--no-plot", action="store_true", help="leave the plot of growth as it is")
    options = parser.parse_args()
    about = machine()
    folder = Path(tempfile.mkdtemp(prefix="krakend-tui-bench-"))
    try:
        bench = Bench(folder, options.runs)
        start(bench)
        check(bench)
        keys(bench)
        large_config(bench)
        check_large(bench)
        others(bench)
        if not options.no_plot:
            picture = HERE.parent / "screenshots" / "growth.svg"
            picture.write_text(plot.draw(growth(bench)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    about["load_after"] = [round(load, 1) for load in os.getloadavg()]
    result = {
        "machine": about,
        "rows": [asdict(row) for row in bench.rows],
        "figures": bench.figures,
    }
    written = json.dumps(result, indent=2, ensure_ascii=False)
    print(written)
    if options.json is not None:
        options.json.write_text(written + "\n")


if __name__ == "__main__":
    main()
