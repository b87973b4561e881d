"""`python -m training` does what `lrcn-desktop train` does."""

import sys

from lrcn_desktop.errors import exit_status
from training.command import main

if __name__ == "__main__":
    sys.exit(exit_status("training", main))
