"""docs/jobs.md tells the truth: its keys do the ten jobs, here and in vim, and none takes more
here."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from app.conftest import Start, needed
from app.jobs import JOBS, Job, clean_shop
from app.terminal import Terminal

DOC = Path(__file__).parents[2] / "docs" / "jobs.md"
TITLES = [job.title for job in JOBS]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    return clean_shop(folder)


@pytest.mark.parametrize("job", JOBS, ids=TITLES)
def test_the_keys_here_do_the_job(job: Job, start: Start, config: Path) -> None:
    before = job.prepare(config.read_text())
    config.write_text(before)
    with start(config, "--workdir", str(config.parent)) as terminal:
        # Findings come by and by; the first key may only be pressed when they are there.
        terminal.wait(lambda: re.search(r"(✗ \d|▲ \d|no findings) *$", terminal.lines[0]))
        terminal.wait(lambda: not re.search(r" … *▏", terminal.text))
        while terminal.read(0.5):
            pass
        terminal.press(*job.before[0])
        if job.then is not None:
            halfway = job.then(before)
            assert halfway != before
            terminal.press(*job.here[: job.halfway])
            terminal.wait(lambda: config.read_text() == halfway, "the file halfway")
        terminal.press(*job.here[job.halfway :])
        if job.wanted is None:
            terminal.wait(job.shows)
        else:
            wanted = job.wanted(before)
            assert wanted != before or job.then is not None
            terminal.wait(lambda: config.read_text() == wanted, "the file as wanted")


@pytest.mark.parametrize("job", JOBS, ids=TITLES)
def test_the_keys_in_vim_do_the_job(job: Job, config: Path, tmp_path: Path) -> None:
    vi = needed("vi")
    before = job.prepare(config.read_text())
    config.write_text(before)
    keys = tmp_path / "keys"
    keys.write_text(job.before[1] + job.vim)
    command = [vi, "-u", "NONE", "-N", "-n", "-s", str(keys), str(config)]
    env = {"TERM": "vt100", "HOME": str(tmp_path)}
    with Terminal(command, cwd=tmp_path, env=env) as terminal:
        if job.wanted is None:
            terminal.wait(job.shows_in_vim)
            return
        assert terminal.wait_exit() == 0
    # Where a new member stands among others is left to the editor.
    assert json.loads(config.read_text()) == json.loads(job.wanted(before))


@pytest.mark.parametrize("job", JOBS, ids=TITLES)
def test_no_job_takes_more_keys_here(job: Job) -> None:
    assert len(job.here) <= len(job.vim)


def test_the_page_has_these_numbers() -> None:
    rows = re.findall(r"^\| \d+ \| ([^|]+?) \| (\d+) \| (\d+) \|", DOC.read_text(), re.MULTILINE)
    expected = [(job.title, str(len(job.here)), str(len(job.vim))) for job in JOBS]
    assert rows == expected
