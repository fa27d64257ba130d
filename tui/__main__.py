"""`python -m tui` and the `krakend-tui` command."""

from __future__ import annotations

import sys

from tui.uncollected import uncollected


def main() -> None:
    """Run the command line; never returns a traceback to the user."""
    # A command is over before there is garbage to speak of; the app calls `collect_from_now`.
    with uncollected():
        from tui.cli.main import run

        code = run(sys.argv[1:])
    sys.exit(code)


if __name__ == "__main__":
    main()
