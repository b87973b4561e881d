"""Where the frozen program starts: the one command, and the processes that it starts itself."""

import multiprocessing
import sys

from lrcn_desktop.cli import main

if __name__ == "__main__":
    multiprocessing.freeze_support()  # a process that decodes clips does that and ends here
    sys.exit(main())
