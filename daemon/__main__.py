"""Entry of `python -m daemon` and `gbatrace`: Ctrl+C is in order before heavy imports."""

import sys

__all__ = ["main"]

_INTERRUPTED = 130


def main() -> None:
    """Run the command line."""
    try:
        from protocol.output import open_outputs  # noqa: PLC0415 - Ctrl+C may come from the first moment on

        open_outputs()
        from daemon.cli.app import main as run_command_line  # noqa: PLC0415 - takes most of the start

        run_command_line()
    except KeyboardInterrupt:  # While commands are loaded: one that runs ends in order, see `daemon/cli/commands.py`.
        sys.exit(_INTERRUPTED)


if __name__ == "__main__":
    main()
