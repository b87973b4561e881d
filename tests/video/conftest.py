"""A web server on loopback for one test."""

from collections.abc import Iterator

import pytest
from camera_server import CameraServer


@pytest.fixture
def camera_server() -> Iterator[CameraServer]:
    """Run the server for one test."""
    with CameraServer().running() as server:
        yield server
