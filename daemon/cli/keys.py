"""The command that makes keys of the bus: `keys`. Shell."""

from typing import Annotated

import typer

from daemon.access.keys import default_bus_keys, make_client
from daemon.cli.commands import Commands, examples
from daemon.cli.options import Only, spread_options
from daemon.settings import Settings

__all__ = ["app"]

app = Commands(panel="Set up")


@app.command(epilog=examples("gbatrace keys laptop --data D:\\traces"))
@spread_options
def keys(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The machine whose programs may connect to the bus.")],
    settings: Annotated[Settings, Only("data_folder", "bus_keys")],
) -> None:
    """Make keys for programs on another machine; see `serve --bus-host`."""
    folder = settings.bus_keys or default_bus_keys(settings.data_folder)
    client = make_client(folder.absolute(), name, settings.data_folder)
    typer.echo(f"Copy this folder to {name}, in a way that nobody else can read:\n  {client}")
