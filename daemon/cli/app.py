"""The command line: all commands, and our errors as one line and an exit code. Shell."""

import os
import sys
from importlib import import_module
from typing import Annotated, NoReturn

import typer
from rich.markup import escape

from daemon.cli.arguments import repaired_arguments
from daemon.cli.commands import Commands
from daemon.console.safe_console import SafeConsole
from protocol.errors import GbatraceError
from protocol.version import PACKAGE_VERSION

__all__ = ["command_line", "main"]

_COMMAND_VARIABLE = "GBATRACE_COMMAND"
"""Environment variable with what was typed to get here, set by `start.py`; usage lines name it."""

_VERSION = "--version"
_MODULES = {
    **dict.fromkeys(("serve", "play", "demo", "record"), "recording"),
    "fleet": "fleet",
    **dict.fromkeys(("sessions", "stats"), "sessions"),
    **dict.fromkeys(("search", "values", "memory"), "analysis"),
    "find": "finding",
    "probe": "probing",
    **dict.fromkeys(("suggest", "snap"), "suggesting"),
    "agreement": "agreement",
    **dict.fromkeys(("names", "symbols"), "names"),
    "verify": "verifying",
    "replay": "replaying",
    "import": "importing",
    **dict.fromkeys(("export", "dataset"), "exporting"),
    "config": "configs",
    **dict.fromkeys(("doctor", "check"), "doctor"),
    "integration": "integrating",
    "keys": "keys",
}
"""Module of this package for each command and group, in the order of the help."""


def command_line(word: str = "") -> Commands:
    """Make the command line, with the commands of one module where its first word names one.

    Loading all of them takes longer than many run.

    Args:
        word: the first one that was typed. If it is no command there are all, for help and for guesses.
    """
    app = Commands("gbatrace", "Trace, watch and label Game Boy Advance memory while the game is being played.")
    app.callback()(_root)
    every = () if word == _VERSION else dict.fromkeys(_MODULES.values())
    for module in [_MODULES[word]] if word in _MODULES else every:
        app.add_commands(import_module(f"daemon.cli.{module}").app)
    return app


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        typer.echo(f"gbatrace {PACKAGE_VERSION}")
        raise typer.Exit


def _root(
    _version: Annotated[  # noqa: FBT002
        bool, typer.Option(_VERSION, callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line; an error of ours, or of a path, is one line and exit code 2."""
    try:
        words = repaired_arguments(sys.argv[1:], windows=sys.platform == "win32")
        command_line(*words[:1])(args=words, prog_name=os.environ.get(_COMMAND_VARIABLE) or None)
    except GbatraceError as error:
        _refuse(str(error))
    except OSError as error:
        if error.filename is None:
            raise
        _refuse(f"{error.filename} cannot be used ({error.strerror or error}): choose another path.")


def _refuse(sentence: str) -> NoReturn:
    SafeConsole(stderr=True).print(f"[red]gbatrace:[/red] {escape(sentence)}")
    sys.exit(2)
