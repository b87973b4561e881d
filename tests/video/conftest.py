"""A web server on loopback for one test."""

import threading
from collections.abc import Iterator

import pytest
from camera_server import CameraServer


@pytest.fixture
def camera_server() -> Iterator[CameraServer]:
    """Run the server for one test."""
    server = CameraServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()
    thread.join()
