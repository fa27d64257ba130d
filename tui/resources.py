"""The data files in schemas/, wherever the package was installed from."""

from __future__ import annotations

from pathlib import Path


def read_resource(name: str) -> bytes:
    """The bytes of schemas/`name`.

    In a wheel the folder lies in the package; an editable install does not carry it, so
    the checkout's own folder beside the package is read instead.

    Raises FileNotFoundError when neither has it, which is a packaging fault.
    """
    package = Path(__file__).resolve().parent
    packaged = package / "schemas" / name
    # Not importlib.resources, which imports zipfile, tempfile and more for a zipped package.
    return (packaged if packaged.is_file() else package.parent / "schemas" / name).read_bytes()
