"""The priority of a thread that others go before."""

import os
import sys
import threading

LIVE = 4  # the window goes before live recognition
BACKGROUND = 12  # and both before what runs on the side


def lower_priority(niceness: int) -> None:
    """Let others go before this thread and the threads that it will start.

    Args:
        niceness: The system's measure, 0 (as others) to 19. Only Linux has it for each thread.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)
