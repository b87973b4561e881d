"""A web server on loopback that behaves well or badly."""

import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from lrcn_desktop.video.opencv import cv2

PAGE = b"<html><body>This is not the camera you are looking for.</body></html>" * 20


def film() -> bytes:
    """Return a video file of ten frames at 25 a second."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.avi"
        code = cv2.VideoWriter.fourcc(*"MJPG")
        writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, code, 25, (64, 48))
        for number in range(10):
            writer.write(np.full((48, 64, 3), number * 20, np.uint8))
        writer.release()
        return path.read_bytes()


class CameraServer(ThreadingHTTPServer):
    """Serves Motion JPEG on /live (endless), /short (ends), /stall and /sizes.

    On /film.avi it has a file, on /page HTML, and nothing elsewhere.

    Attributes:
        interval: Seconds between frames.
        released: Set it to let every handler go.
        flowing: Clear it to let the streams stall, with their connections open.
        answering: Clear it to let those who connect wait for an answer.
        asked: The paths that were asked for.
    """

    daemon_threads = True
    interval = 0.02

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.released, self.flowing, self.answering = (threading.Event() for _ in range(3))
        self.flowing.set()
        self.answering.set()
        self.asked: list[str] = []
        self._sockets: list[socket.socket] = []
        self.film = film()  # not while a client opens it: OpenCV opens one thing at a time

    @contextmanager
    def running(self) -> Iterator["CameraServer"]:
        """Serve on a thread."""
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield self
        finally:
            self.released.set()
            self.shutdown()
            self.server_close()
            thread.join()

    def kill(self, *, listening: bool = False) -> None:
        """Cut every connection, and listen no more unless asked to, as if the process died."""
        if not listening:
            self.shutdown()
            self.server_close()
        for connection in self._sockets:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def get_request(self) -> tuple[socket.socket, Any]:
        """Keep the connection for `kill`."""
        connection, address = super().get_request()
        self._sockets.append(connection)
        return connection, address

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


class _Handler(BaseHTTPRequestHandler):
    server: CameraServer
    lengths: ClassVar[dict[str, int]] = {"/live": 10**6, "/short": 12, "/stall": 12, "/sizes": 12}

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        while not self.server.answering.wait(0.02):
            if self.server.released.is_set():
                return
        if self.path == "/page":
            self._file("text/html", PAGE)
        elif self.path == "/film.avi":
            self._file("video/x-msvideo", self.server.film)
        elif self.path in self.lengths:
            self._stream(self.lengths[self.path])
        else:
            self.send_error(404)

    def _file(self, kind: str, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _stream(self, length: int) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        try:
            for number in range(length):
                grow = 2 if self.path == "/sizes" and number >= 6 else 1
                self._part(number, grow)
                if self.server.released.wait(self.server.interval):
                    return
                while not self.server.flowing.wait(0.02):
                    if self.server.released.is_set():
                        return
            if self.path == "/stall":
                self.server.released.wait(60)
        except OSError:
            return  # the client went away

    def _part(self, number: int, grow: int) -> None:
        image = np.full((48 * grow, 64 * grow, 3), number * 16 % 256, np.uint8)
        jpeg = cv2.imencode(".jpg", image)[1].tobytes()
        head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
        self.wfile.write(head.encode() + jpeg + b"\r\n")
