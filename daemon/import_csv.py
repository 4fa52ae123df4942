"""Entry of `python -m daemon.import_csv`, the name of the original's converter. Shell."""

import sys

from daemon.__main__ import main

__all__ = ["import_csv"]


def import_csv() -> None:
    """Run `gbatrace import` with the options of this process."""
    sys.argv.insert(1, "import")
    main()


if __name__ == "__main__":
    import_csv()
