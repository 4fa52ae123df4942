"""The group of all commands: an error in what was typed and an interruption end alike, whatever Typer is installed."""

from typing import Any

import typer
from typer.core import TyperGroup

from daemon.stopping import INTERRUPTED

__all__ = ["CommandGroup"]

_PREFIX = "Value error, "
_PLAINER = {
    "Input should be a valid integer": "it must be a whole number",
    "Input should be a valid number": "it must be a number",
}
"""By their beginning, words of the library with which Typer reads values; they are written for programmers."""


class CommandGroup(TyperGroup):
    """The commands behind `gbatrace`, those of other groups included."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was typed.

        Raises:
            typer.BadParameter: a value cannot be read; in plain words.
            typer.Exit: the command ended, with code 130 where it was interrupted.
        """
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = _plain(error.message)
            raise
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None


def _plain(message: str) -> str:
    for beginning, plain in _PLAINER.items():
        if message.startswith(beginning):
            return plain
    return message.removeprefix(_PREFIX)
