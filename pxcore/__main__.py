"""python -m pxcore COMMAND is px COMMAND."""

import sys

from pxcore.cli import main

if __name__ == "__main__":
    sys.exit(main())
