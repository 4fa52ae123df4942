"""Commands for game configs: `config check`. Shell."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from daemon.cli.commands import Commands, examples
from daemon.console.safe_console import SafeConsole
from daemon.settings import DATA_FOLDER, DataOption
from protocol.errors import ConfigError
from resources.config_files import find_game_config, label_set_names, read_object
from resources.game_config import Problem, Severity, find_problems

__all__ = ["app"]

app = Commands(panel="Set up")
config = Commands("config", "Game configs: which game, which keys, what the buttons mean.", panel="Set up")
app.add_commands(config)


@config.command(epilog=examples("gbatrace config check metabots_rokusho.json"))
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Game configs to check, by path or name.")],
    data: DataOption = DATA_FOLDER,
) -> None:
    """Check game configs. Ends with code 1 if one of them cannot be used.

    Game configs and label sets are looked for in the data folder, in `game_configs` and `label_sets`, and among those
    that ship.
    """
    console = SafeConsole()
    label_sets = label_set_names(data)
    good = True
    for named in files:
        file = find_game_config(named, data)
        try:
            problems = find_problems(read_object(file), label_sets)
        except ConfigError as error:
            problems = [Problem("", str(error), Severity.FILE)]
        except OSError as error:
            raise ConfigError(f"{file} cannot be read ({error.strerror or error}).") from None
        for problem in problems:
            sign = "[yellow]–[/yellow]" if problem.severity is Severity.NOTE else "[red]✗[/red]"
            console.print(f"{sign} [bold]{escape(str(file))}[/bold]: {escape(str(problem))}")
        if all(problem.severity is Severity.NOTE for problem in problems):
            console.print(f"[green]✓[/green] [bold]{escape(str(file))}[/bold] is a game config.")
        else:
            good = False
    raise typer.Exit(0 if good else 1)
