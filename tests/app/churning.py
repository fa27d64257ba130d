"""Files of a folder come, change, are renamed and go, RATE times a second: FOLDER RATE.

A process of its own, since a thread gets its turn only when the app leaves it one. Each change has
its moment: what was late is made up for. Ends with its standard input, and prints how many
changes there were and in how many seconds.
"""

import random
import select
import sys
import time
from pathlib import Path

FILES = 20


def change(folder: Path, choice: random.Random) -> None:
    file = folder / f"churn{choice.randrange(FILES)}.so"
    what = choice.randrange(3)
    if what == 0 or not file.exists():
        file.write_bytes(b"\x7fELF" + bytes(choice.randrange(100)))
    elif what == 1:
        file.rename(folder / f"churn{choice.randrange(FILES)}.so")
    else:
        file.unlink()


def churn(folder: Path, rate: float) -> tuple[int, float]:
    choice = random.Random(3)
    began = time.monotonic()
    made = 0
    while True:
        wait = began + (made + 1) / rate - time.monotonic()
        if select.select([sys.stdin], [], [], max(wait, 0))[0]:
            return made, time.monotonic() - began
        change(folder, choice)
        made += 1


if __name__ == "__main__":
    print(*churn(Path(sys.argv[1]), float(sys.argv[2])))
