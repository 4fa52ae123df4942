"""Commands of the command line: help, errors, interruptions and results, on top of Typer."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from daemon.checking.results import CheckResult, all_fine, results_table
from daemon.console.safe_console import SafeConsole
from daemon.stopping import INTERRUPTED

__all__ = ["Command", "CommandGroup", "Commands", "examples", "print_results"]

Function = TypeVar("Function", bound=Callable[..., Any])

_PREFIX = "Value error, "
_PLAINER = {
    "Input should be a valid integer": "it must be a whole number",
    "Input should be a valid number": "it must be a number",
}
"""By their beginning, words of the library with which Typer reads values; they are written for programmers."""


class _PlainHelp:
    """Help without Python's types: an option's value is named by its metavar, a flag has none."""

    def get_params(self, ctx: Any) -> list[Any]:
        """List the parameters, `--help` included."""
        params: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for param in params:
            if getattr(param, "is_flag", False):
                param.metavar = ""
            if param.param_type_name == "argument":
                param.display_type_rich = lambda ctx: None  # noqa: ARG005 - Typer's own signature
        return params

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """List the words of the usage line, arguments as `SESSION...`."""
        pieces: list[str] = super().collect_usage_pieces(ctx)  # type: ignore[misc]
        return [piece.replace("{", "").replace("}", "") for piece in pieces]


class Command(_PlainHelp, TyperCommand):
    """A command."""


class CommandGroup(_PlainHelp, TyperGroup):
    """A group of commands; the one behind `gbatrace` holds all others."""

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


class Commands(typer.Typer):
    """Commands of one group.

    Args:
        name: of the group; without it the commands are added to the group that this one is added to.
        description: of the group, for the help.
        panel: heading in the help under which the commands stand, or the group if it has a name.
    """

    def __init__(self, name: str | None = None, description: str | None = None, *, panel: str | None = None) -> None:
        self.group_panel = panel if name else None
        self._command_panel = None if name else panel
        super().__init__(
            name=name,
            help=description,
            cls=CommandGroup,
            no_args_is_help=True,
            rich_markup_mode="markdown",
            pretty_exceptions_enable=False,
            context_settings={"help_option_names": ["-h", "--help"]},
        )

    def add_commands(self, commands: "Commands") -> None:
        """Add the commands of another group, or the group if it has a name."""
        self.add_typer(commands, rich_help_panel=commands.group_panel)

    def command(self, name: str | None = None, **settings: Any) -> Callable[[Function], Function]:
        """Register a command."""
        return super().command(name, cls=Command, rich_help_panel=self._command_panel, **settings)


def examples(*lines: str) -> str:
    """Write the end of a command's help."""
    return f"Example{'s' * (len(lines) > 1)}:\n\n" + "\n\n".join(f"    {line}" for line in lines)


def print_results(results: Sequence[CheckResult]) -> None:
    """Print the table of checks and end with its code: 0 if all that is needed is good, else 1."""
    console = SafeConsole()
    for line in results_table(results):
        console.print(line)
    raise typer.Exit(0 if results and all_fine(results) else 1)


def _plain(message: str) -> str:
    for beginning, plain in _PLAINER.items():
        if message.startswith(beginning):
            return plain
    return message.removeprefix(_PREFIX)
