"""The writer on a machine with an eager virus scanner: `… SECONDS WHERE DATA DURABILITY`, WHERE a part of a path."""

import sys

from daemon.writer.__main__ import main
from tests.fakes.holder import hold_open

__all__: list[str] = []

if __name__ == "__main__":
    seconds, where = float(sys.argv[1]), sys.argv[2]
    hold_open(lambda path: where in path, seconds)
    main(sys.argv[3:])
