"""The system's requests to end: `kill`, a closed terminal, the end of the desktop's session."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# Ctrl-C is none of them: Python has its own way with it. Windows knows the first and the last.
ENDING = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
)


@contextmanager
def on_signals(signals: tuple[signal.Signals, ...], call: Callable[[], object]) -> Iterator[None]:
    """Call `call` on the main thread when one of `signals` comes, until the block ends.

    What is ignored stays ignored (`nohup`). On another thread this does nothing.
    """
    before = {}
    if threading.current_thread() is threading.main_thread():
        taken = [number for number in signals if signal.getsignal(number) is not signal.SIG_IGN]
        before = {number: signal.signal(number, lambda *_: call()) for number in taken}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def ending_as_interrupted() -> Iterator[None]:
    """Let a request to end do what Ctrl-C does, until the block ends: nothing stays half done.

    Not in a process of torchrun's, which ends its processes in its own way and waits for none.
    """

    def interrupt() -> None:
        raise KeyboardInterrupt

    with on_signals(() if "TORCHELASTIC_RUN_ID" in os.environ else ENDING, interrupt):
        yield
