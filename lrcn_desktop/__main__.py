"""The command as `python -m lrcn_desktop`."""

import sys

from lrcn_desktop.cli import main

if __name__ == "__main__":
    sys.exit(main())
