"""Where the frozen program starts: the one command, and the processes that it starts itself."""

import sys

if __name__ == "__main__":
    if sys.argv[1:2] == ["decode-for"]:  # `FROZEN_WORD`: the process that decodes videos
        del sys.argv[1]
        from lrcn_desktop.video.decoding.child import main as decode

        sys.exit(decode())
    from lrcn_desktop.cli import main

    sys.exit(main())
