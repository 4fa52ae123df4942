"""The command line: all commands, and our errors as one line and an exit code. Shell."""

import os
import sys
from typing import Annotated, NoReturn

import typer
from rich.markup import escape

from daemon.cli import analysis, configs, doctor, exporting, importing, keys, names, recording, sessions, verifying
from daemon.cli.arguments import repaired_arguments
from daemon.cli.commands import Commands
from daemon.console.safe_console import SafeConsole
from protocol.errors import GbatraceError
from protocol.version import PACKAGE_VERSION

__all__ = ["app", "main"]

_COMMAND_VARIABLE = "GBATRACE_COMMAND"
"""Environment variable with what was typed to get here, set by `start.py`; usage lines name it."""

app = Commands("gbatrace", "Trace, watch and label Game Boy Advance memory while the game is being played.")


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        typer.echo(f"gbatrace {PACKAGE_VERSION}")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[  # noqa: FBT002
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


for module in (recording, sessions, analysis, names, verifying, importing, exporting, configs, doctor, keys):
    app.add_commands(module.app)


def main() -> None:
    """Run the command line; an error of ours, or of a path, is one line and exit code 2."""
    try:
        app(
            args=repaired_arguments(sys.argv[1:], windows=sys.platform == "win32"),
            prog_name=os.environ.get(_COMMAND_VARIABLE) or None,
        )
    except GbatraceError as error:
        _refuse(str(error))
    except OSError as error:
        if error.filename is None:
            raise
        _refuse(f"{error.filename} cannot be used ({error.strerror or error}): choose another path.")


def _refuse(sentence: str) -> NoReturn:
    SafeConsole(stderr=True).print(f"[red]gbatrace:[/red] {escape(sentence)}")
    sys.exit(2)
