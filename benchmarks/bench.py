"""The results of a run, and the programs and configs that it measures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import configs
from measuring import ENV, OURS, PYTHON
from terminal import Program

HERE = Path(__file__).parent
BARE = [PYTHON, str(HERE / "bare_app.py")]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `is_met` is None where there is nothing to hold it against."""

    what: str
    goal: str
    result: str
    is_met: bool | None


class Bench:
    """The results so far, and what is measured with: two configs in a folder of their own."""

    def __init__(self, folder: Path, runs: int) -> None:
        self.folder = folder
        self.runs = runs
        self.rows: list[Row] = []
        self.figures: dict[str, float] = {}
        self.env = {**ENV, "XDG_STATE_HOME": str(folder / "state")}
        self.small = configs.make_site(folder / "small", configs.PLUGINS)
        self.large = configs.make_site(folder / "large", configs.ENDPOINTS)

    def ours(self, site: Path) -> Program:
        return Program([OURS, site.name], cwd=site.parent, env=self.env)

    def bare(self) -> Program:
        return Program(BARE, env=self.env)

    def add(
        self, what: str, goal: str, result: str, is_met: bool | None = None, **figures: float
    ) -> None:
        """A row, printed at once; the figures that it was made from are kept for the JSON."""
        self.note(**figures)
        self.rows.append(Row(what, goal, result, is_met))
        mark = {True: "met", False: "NOT MET", None: "-"}[is_met]
        print(f"{what:58} {goal:34} {result:58} {mark}", flush=True)

    def note(self, **figures: float) -> None:
        """Keep figures for the JSON."""
        self.figures |= {name: round(value, 4) for name, value in figures.items()}


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.1f} s"
