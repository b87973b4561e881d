"""`python -m training COMMAND`: the trainer's commands without the window's package around them."""

import sys

from training.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
