"""The system's sound output."""

from collections.abc import Callable, Generator

from lrcn_desktop.video.decoding.sound import RATE, Samples

_PERIOD, _PERIODS = 20, 3  # milliseconds that are asked for at a time; so many wait to be heard
LATENCY = _PERIOD * _PERIODS / 1000  # seconds from the asking until it is heard, about
SILENT = frozenset({"NULL", "CUSTOM"})  # outputs of the library that nobody hears

Fill = Callable[[int], Samples]


class Output:
    """Asks for samples and plays them, on a thread of the system's.

    Raises:
        OSError: There is none.
    """

    def __init__(self) -> None:
        try:
            import miniaudio  # here, as the process decodes pictures too; not made for every system
        except ImportError as error:
            raise OSError("no library for sound") from error
        self._error = miniaudio.MiniaudioError
        try:
            self._device = miniaudio.PlaybackDevice(
                sample_rate=RATE,
                buffersize_msec=_PERIOD,
                callback_periods=_PERIODS,
                backends=[b for b in miniaudio.Backend if b.name not in SILENT],
                app_name="LRCN Desktop",
            )
        except miniaudio.MiniaudioError as error:
            raise OSError(str(error)) from error

    def start(self, fill: Fill) -> None:
        """Begin to play what `fill` gives: int16 (N, 2) where it is asked for N.

        Raises:
            OSError: The output is gone.
        """
        generator = _generator(fill)
        next(generator)
        try:
            self._device.start(generator)
        except self._error as error:
            raise OSError(str(error)) from error

    def stop(self) -> None:
        """Play nothing more.

        Raises:
            OSError: The output is gone.
        """
        try:
            self._device.stop()
        except self._error as error:
            raise OSError(str(error)) from error


def _generator(fill: Fill) -> Generator[bytes | Samples, int, None]:
    count = yield b""
    while True:
        count = yield fill(count)
