"""`python -m training` does what `lrcn-desktop train` does."""

import sys

from lrcn_desktop.cli import main

if __name__ == "__main__":
    sys.exit(main(["train", *sys.argv[1:]]))
