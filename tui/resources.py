"""The data files in schemas/, wherever the package was installed from."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def read_resource(name: str) -> bytes:
    """The bytes of schemas/`name`.

    In a wheel the folder lies in the package; an editable install does not carry it, so
    the checkout's own folder beside the package is read instead.

    Raises FileNotFoundError when neither has it, which is a packaging fault.
    """
    packaged = files("tui") / "schemas" / name
    if packaged.is_file():
        return packaged.read_bytes()
    return (Path(__file__).resolve().parent.parent / "schemas" / name).read_bytes()
