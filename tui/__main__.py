"""`python -m tui` and the `krakend-tui` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; never returns a traceback to the user."""
    from tui.cli.main import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
