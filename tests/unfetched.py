"""A port of this machine that nobody may connect to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest


@pytest.fixture
def unfetched() -> Iterator[int]:
    """The port. The test fails when it is over and somebody has connected to it meanwhile."""
    callers: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as last:
        last.bind(("127.0.0.1", 0))

        def hang_up() -> None:
            while last.getsockname() not in callers:
                connection, caller = server.accept()
                connection.close()
                callers.append(caller)

        watcher = threading.Thread(target=hang_up)
        watcher.start()
        yield server.getsockname()[1]
        last.connect(server.getsockname())
        watcher.join()
        assert callers == [last.getsockname()]
