"""schemas/ reaches every kind of install, and the app starts from the installed wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from app.terminal import Terminal

from tui.demo.sandbox import make_sandbox

CHECKOUT = Path(__file__).resolve().parents[2]
SCHEMAS = sorted(path.name for path in (CHECKOUT / "schemas").iterdir())


def build(kind: str, folder: Path) -> Path:
    """Build a `wheel` from the checkout, or by way of an sdist (kind `both`); the wheel."""
    options = ["--wheel"] if kind == "wheel" else []
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), *options]
    subprocess.run([*command, str(CHECKOUT)], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def install(wheel: Path, target: Path) -> dict[str, str]:
    """Install the wheel alone; the environment in which it comes first."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile"]
    subprocess.run([*pip, "--target", str(target), str(wheel)], check=True, capture_output=True)
    return {**os.environ, "PYTHONPATH": str(target)}


@pytest.mark.parametrize("kind", ["wheel", "both"])
def test_the_wheel_carries_schemas_and_styles(kind: str, tmp_path: Path) -> None:
    wheel = build(kind, tmp_path)
    names = zipfile.ZipFile(wheel).namelist()
    packaged = sorted(
        name.removeprefix("tui/schemas/") for name in names if name.startswith("tui/schemas/")
    )
    assert packaged == SCHEMAS
    assert {"tui/app/styles/app.tcss", "tui/app/styles/later.tcss"} <= {*names}
    assert "tui/py.typed" in names
    assert not [name for name in names if "test" in name or name.endswith(".pyc")]
    for sdist in tmp_path.glob("*.tar.gz"):
        with tarfile.open(sdist) as archive:
            members = archive.getnames()
        assert not [name for name in members if name.endswith((".so", ".pyc"))]


def test_the_installed_wheel_checks_and_opens(tmp_path: Path) -> None:
    env = install(build("wheel", tmp_path / "dist"), tmp_path / "site")
    shop = tmp_path / "shop"
    shop.mkdir()
    config = make_sandbox(shop)

    where = [sys.executable, "-c", "import tui; print(tui.__file__)"]
    found = subprocess.run(where, env=env, cwd=shop, capture_output=True, text=True, check=True)
    assert found.stdout.strip().startswith(str(tmp_path / "site"))

    check = [sys.executable, "-m", "tui", "check", str(config)]
    checked = subprocess.run(check, env=env, cwd=shop, capture_output=True, text=True)
    assert checked.returncode == 1, checked.stderr
    assert "maintenence" in checked.stdout

    command = [sys.executable, "-m", "tui", str(config)]
    state = {"PYTHONPATH": env["PYTHONPATH"], "XDG_STATE_HOME": str(tmp_path / "state")}
    with Terminal(command, cwd=shop, env=state) as terminal:
        terminal.wait("8 of 10 load")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0


def test_the_editable_install_reads_the_checkouts_schemas() -> None:
    code = "from tui.resources import read_resource; print(len(read_resource('plugin.json')))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(found.stdout) == (CHECKOUT / "schemas" / "plugin.json").stat().st_size
