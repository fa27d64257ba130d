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
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import configs
import plot
from terminal import Program

HERE = Path(__file__).parent
PYTHON = sys.executable
OURS = str(Path(PYTHON).parent / "krakend-tui")
BARE = [PYTHON, str(HERE / "bare_app.py")]
ENV = {"PYTHONDONTWRITEBYTECODE": ""}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `is_met` is None where there is nothing to hold it against."""

    what: str
    goal: str
    result: str
    is_met: bool | None


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.1f} s"


def median(measure: Callable[[], float], runs: int) -> float:
    return statistics.median(measure() for _ in range(runs))


def in_turn(runs: int, *measures: Callable[[], float]) -> list[float]:
    """The median of each, all taken under the same load."""
    taken = [[measure() for measure in measures] for _ in range(runs)]
    return [statistics.median(column) for column in zip(*taken, strict=True)]


def command(*argv: str, cwd: Path | None = None) -> Callable[[], float]:
    """The time from the start of a command to its end."""

    def measure() -> float:
        began = time.perf_counter()
        subprocess.run(argv, cwd=cwd, env={**os.environ, **ENV}, capture_output=True, check=False)
        return time.perf_counter() - began

    return measure


def peak_memory(*argv: str, cwd: Path) -> float:
    """The most memory that a command used, in MB."""
    script = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], capture_output=True)"
    script += "; print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    output = subprocess.run([PYTHON, "-c", script, *argv], cwd=cwd, capture_output=True, text=True)
    return int(output.stdout) / 1024


class Bench:
    """The measurements, in a folder of their own."""

    def __init__(self, folder: Path, runs: int) -> None:
        self.folder = folder
        self.runs = runs
        self.rows: list[Row] = []
        self.figures: dict[str, float] = {}
        self._env = {**ENV, "XDG_STATE_HOME": str(folder / "state")}
        self.small = configs.make_site(folder / "small", configs.PLUGINS)
        self.large = configs.make_site(folder / "large", configs.ENDPOINTS)

    def ours(self, site: Path) -> Program:
        return Program([OURS, site.name], cwd=site.parent, env=self._env)

    def bare(self) -> Program:
        return Program(BARE, env=self._env)

    def add(self, what: str, goal: str, result: str, is_met: bool | None) -> None:
        self.rows.append(Row(what, goal, result, is_met))
        mark = {True: "met", False: "NOT MET", None: "-"}[is_met]
        print(f"{what:58} {goal:34} {result:58} {mark}", flush=True)

    def note(self, name: str, value: float) -> None:
        """Keep a figure for the JSON."""
        self.figures[name] = round(value, 4)

    # -- starting ---------------------------------------------------------------------

    def start(self) -> None:
        self.first_paint(self.small)()
        bare, small, large = in_turn(
            self.runs, self.bare_paint, self.first_paint(self.small), self.first_paint(self.large)
        )
        self.note("bare_first_paint", bare)
        self.note("small_first_paint", small)
        self.note("large_first_paint", large)
        self.add(
            "start to first complete paint, small config, 20 plugins",
            "1.25 x bare Textual app",
            f"{small / bare:.2f} x ({ms(small)}, bare {ms(bare)})",
            small <= 1.25 * bare,
        )
        self.add(
            "first paint of the 10 MB config",
            "as fast as the small one",
            f"{large / small:.2f} x ({ms(large)})",
            large <= 1.15 * small,
        )

    def bare_paint(self) -> float:
        with self.bare() as program:
            return program.until(lambda text: "bare app" in text and "type here" in text)

    def first_paint(self, site: Path) -> Callable[[], float]:
        def measure() -> float:
            with self.ours(site) as program:
                return program.until(lambda text: "20 of 20 load" in text and "pattern" in text)

        return measure

    # -- check ------------------------------------------------------------------------

    def check(self) -> None:
        imports = [PYTHON, "-c", "import json, jsonschema"]
        check = [OURS, "check", str(self.small)]
        command(*check)()
        nothing, both, ours = in_turn(
            self.runs * 2, command(PYTHON, "-c", "pass"), command(*imports), command(*check)
        )
        self.note("python_pass", nothing)
        self.note("python_import_jsonschema", both)
        self.note("check_small", ours)
        self.add(
            "check, small config",
            "1.5 x import json, jsonschema",
            f"{ours / both:.2f} x ({ms(ours)}, imports {ms(both)}, pass {ms(nothing)})",
            ours <= 1.5 * both,
        )
        script = (
            "import sys; from tui.cli.main import run; run(['check', sys.argv[1]]); "
            "print(any(name.startswith('textual') for name in sys.modules))"
        )
        output = subprocess.run(
            [PYTHON, "-c", script, str(self.small)], capture_output=True, text=True, check=False
        )
        is_apart = output.stdout.strip().endswith("False")
        self.add("check imports Textual", "never", "no" if is_apart else "yes", is_apart)

    def check_large(self) -> None:
        text = self.large.read_text()
        size = len(text.encode())
        lint = self.krakend_lint()
        copy = str(self.folder / "copy.json")
        load = (
            "import json, sys, time; t = time.perf_counter(); v = json.load(open(sys.argv[1])); "
            "print(time.perf_counter() - t)"
        )

        def json_load() -> float:
            argv = [PYTHON, "-c", load, str(self.large)]
            return float(subprocess.run(argv, capture_output=True, text=True).stdout)

        def json_dump() -> float:
            value = json.loads(text)
            began = time.perf_counter()
            with Path(copy).open("w") as file:
                json.dump(value, file, indent=2)
            return time.perf_counter() - began

        ours, loaded, dumped = in_turn(
            self.runs, command(OURS, "check", str(self.large)), json_load, json_dump
        )
        memory = peak_memory(OURS, "check", str(self.large), cwd=self.folder)
        self.note("check_large", ours)
        self.note("json_load_large", loaded)
        self.note("json_dump_large", dumped)
        self.note("check_large_mb", memory)
        if lint is None:
            goal, limit = "7 x json.load (for 0.5 x lint)", 7 * loaded
            note = "krakend not installed"
        else:
            goal, limit = "0.5 x krakend check --lint", 0.5 * lint[0]
            note = f"krakend {ms(lint[0])}"
        self.add(
            "check, 10 MB config",
            goal,
            f"{ours / loaded:.1f} x json.load ({ms(ours)}, json.load {ms(loaded)}, {note})",
            ours <= limit,
        )
        most = 270.0 if lint is None else lint[1]
        self.add(
            "memory of that check",
            f"less than krakend's {most:.0f} MB",
            f"{memory:.0f} MB ({memory * 1e6 / size:.1f} x the file)",
            memory < most,
        )

    def krakend_lint(self) -> tuple[float, float] | None:
        """Seconds and MB of KrakenD's own check of the large config, if it is installed."""
        if shutil.which("krakend") is None:
            return None
        argv = ["krakend", "check", "--lint", "-c", str(self.large)]
        memory = peak_memory(*argv, cwd=self.folder)
        return median(command(*argv), self.runs), memory

    # -- keys -------------------------------------------------------------------------

    def keys(self) -> None:
        with self.bare() as program:
            program.until(lambda text: "type here" in text)
            bare = statistics.median(
                program.time_key(
                    letter, lambda text, typed="abcdefghijklmnop"[: at + 1]: typed in text
                )
                for at, letter in enumerate("abcdefghijklmnop")
            )
            idle = self.idle(program)
        self.bare_key = bare
        self.note("bare_key", bare)
        few = self.pattern_key(100)
        many = self.pattern_key(100_000)
        self.note("pattern_key_100", few[0])
        self.note("pattern_key_100000", many[0])
        self.add(
            "key in pattern to repainted list, 100 files",
            "1.3 x bare app's key",
            f"{few[0] / bare:.2f} x ({ms(few[0])}, bare {ms(bare)})",
            few[0] <= 1.3 * bare,
        )
        self.add(
            "the same with 100,000 files",
            "2 x that with 100 files",
            f"{many[0] / few[0]:.2f} x ({ms(many[0])})",
            many[0] <= 2 * few[0],
        )
        self.add(
            "bytes to the terminal per key in pattern",
            "under 4 KB in the usual case",
            f"{few[1]:,} bytes",
            few[1] < 4096,
        )
        self.add(
            "idle: CPU and wake-ups in 5 s",
            "none beyond the bare app's",
            f"{few[2][0] * 1000:.0f} ms, {few[2][1]} (bare {idle[0] * 1000:.0f} ms, {idle[1]})",
            few[2][0] <= idle[0] + 0.02 and few[2][1] <= idle[1] * 1.5 + 10,
        )

    @staticmethod
    def idle(program: Program) -> tuple[float, int]:
        """Seconds of CPU and wake-ups in 5 s without a key."""
        program.settle(2)
        cpu, wakes = program.cpu(), program.status("voluntary_ctxt_switches")
        time.sleep(5)
        return program.cpu() - cpu, program.status("voluntary_ctxt_switches") - wakes

    def pattern_key(self, files: int) -> tuple[float, int, tuple[float, int]]:
        """Median seconds of a key, bytes of a key, and what idling costs."""
        site = configs.make_site(self.folder / f"files{files}", configs.PLUGINS, files)
        with self.ours(site) as program:
            program.until(lambda text: "No findings" in text)
            program.settle(1)
            idle = self.idle(program) if files == 100 else (0.0, 0)
            taken: list[float] = []
            for _ in range(8):
                taken.append(program.time_key("x", lambda text: f"0 of {files} load" in text))
                program.settle(0.4)
                taken.append(
                    program.time_key("<backspace>", lambda text: f"20 of {files} load" in text)
                )
                program.settle(0.4)
            return statistics.median(taken), program.bytes_of("x"), idle

    # -- the large config in the app --------------------------------------------------

    def large_config(self) -> None:
        size = self.large.stat().st_size
        parse = self.tree_sitter()
        opened, taken, sent, memory, saved = self.one_large(self.large)
        self.note("tree_sitter_parse", parse)
        self.note("large_complete", opened)
        self.note("large_key_to_findings", taken)
        self.note("large_key_bytes", sent)
        self.note("large_memory_mb", memory)
        after = opened - self.figures["large_first_paint"]
        self.add(
            "10 MB config complete with all findings",
            "3 x tree-sitter's parse of it",
            f"{after / parse:.2f} x ({ms(after)} after the first paint, parse {ms(parse)})",
            after <= 3 * parse,
        )
        self.add(
            "key in the entry editor to findings, 10 MB config",
            "50 ms beyond the bare app's key",
            f"{ms(taken - self.bare_key)} beyond ({ms(taken)})",
            taken - self.bare_key <= 0.05,
        )
        self.add(
            "bytes to the terminal per key in the editor",
            "under 4 KB in the usual case",
            f"{sent:,} bytes",
            sent < 4096,
        )
        self.add(
            "memory with the 10 MB config open",
            "under 25 x the file",
            f"{memory * 1e6 / size:.1f} x ({memory:.0f} MB)",
            memory * 1e6 < 25 * size,
        )
        copied = median(self.copy_with_fsync, self.runs)
        self.note("copy_fsync", copied)
        self.note("large_save", saved)
        self.add(
            "saving the 10 MB config, key to word of it",
            "2 x a copy with fsync",
            f"{saved / copied:.2f} x ({ms(saved)}, copy {ms(copied)})",
            saved <= 2 * copied,
        )

    def one_large(self, site: Path) -> tuple[float, float, int, float, float]:
        """Open a config, type in an endpoint's entry, save: seconds until all findings, of a
        key, bytes of a key, MB, seconds from the key in the save dialog to its word."""
        with self.ours(site) as program:
            opened = program.until(lambda text: "No findings" in text)
            program.settle(1)
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
            memory = program.status("VmRSS") / 1024
            # Another change that brings no finding, or the dialog would ask for more than Enter.
            program.press("<backspace><backspace>")
            program.until(lambda text: "No findings" in text)
            program.press("<end> ")
            program.settle(1)
            program.press("<ctrl+s>")
            program.until(lambda text: "Enter write" in text)
            saved = program.time_key("<enter>", lambda text: "Saved" in text)
            return opened, statistics.median(taken), int(sent), memory, saved

    def tree_sitter(self) -> float:
        """Seconds that tree-sitter alone takes to parse the large config."""
        import tree_sitter
        import tree_sitter_json

        data = self.large.read_bytes()
        parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_json.language()))

        def measure() -> float:
            began = time.perf_counter()
            parser.parse(data)
            return time.perf_counter() - began

        return median(measure, 3)

    def copy_with_fsync(self) -> float:
        began = time.perf_counter()
        with (self.folder / "copied.json").open("wb") as file:
            file.write(self.large.read_bytes())
            file.flush()
            os.fsync(file.fileno())
        return time.perf_counter() - began

    # -- growth -----------------------------------------------------------------------

    def growth(self) -> list[plot.Line]:
        """check, opening and a key at 1, 10 and 100 times 50 endpoints."""
        sizes = [configs.ENDPOINTS // 100, configs.ENDPOINTS // 10, configs.ENDPOINTS]
        lines = [
            plot.Line("check"),
            plot.Line("open: all findings"),
            plot.Line("a key to findings"),
        ]
        lines.append(plot.Line("json.load"))
        for endpoints in sizes:
            site = self.large
            if endpoints != configs.ENDPOINTS:
                site = configs.make_site(self.folder / f"growth{endpoints}", endpoints)
            opened, taken, *_ = self.one_large(site)
            text = site.read_text()
            figures = [
                median(command(OURS, "check", str(site)), 3),
                opened,
                taken,
                min(timed(lambda text=text: json.loads(text)) for _ in range(5)),
            ]
            size = len(text) / 1e6
            for line, seconds in zip(lines, figures, strict=True):
                line.points.append((size, seconds))
                self.note(f"growth {line.label} at {endpoints} endpoints", seconds)
        return lines

    # -- what people would take instead -----------------------------------------------

    def others(self) -> None:
        """Only noted: they do other things. vim shows the text, krakend checks it."""
        if shutil.which("vim"):
            taken = median(self.vim, self.runs)
            self.note("vim_first_paint_large", taken)
            self.add("vim: 10 MB config on the screen", "(for comparison)", ms(taken), None)
        if shutil.which("posting"):
            taken = median(lambda: self.appears(["posting"], "posting"), 3)
            self.note("posting_first_paint", taken)
            self.add("posting: start", "(for comparison)", ms(taken), None)
        if shutil.which("check-jsonschema"):
            schema = str(HERE.parent / "schemas" / "plugin.json")
            taken = median(command("check-jsonschema", "--schemafile", schema, str(self.small)), 3)
            self.note("check_jsonschema_small", taken)
            self.add("check-jsonschema: small config", "(for comparison)", ms(taken), None)

    def vim(self) -> float:
        return self.appears(["vim", "-u", "NONE", str(self.large)], '"version": 3')

    def appears(self, argv: Sequence[str], text: str) -> float:
        with Program(argv, env=self._env) as program:
            return program.until(lambda screen: text in screen.lower())


def timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


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
        bench.start()
        bench.check()
        bench.keys()
        bench.large_config()
        bench.check_large()
        bench.others()
        if not options.no_plot:
            picture = HERE.parent / "screenshots" / "growth.svg"
            picture.write_text(plot.draw(bench.growth()))
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
