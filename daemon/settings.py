"""Options of the daemon, annotated as the command line offers them."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from daemon.access.keys import new_page_secret
from daemon.disk.durability import Durability
from protocol.bus.page_secret import PageSecret
from protocol.errors import SettingsError
from protocol.network_addresses import EVERYWHERE, LOOPBACK

__all__ = ["DATA_FOLDER", "PAGE_PANEL", "DataOption", "Settings"]

DATA_FOLDER = Path("data")
"""The data folder where none is named."""

DataOption = Annotated[Path, typer.Option("--data", metavar="FOLDER", help="Data folder, with a folder per session.")]

_MAX_PORT = 65535
_ADDRESSES = "Ports and addresses"
PAGE_PANEL = "Live page"
"""Heading of the page's options in the help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The daemon's options.

    Raises:
        SettingsError: an option has an impossible value.
    """

    data_folder: DataOption = DATA_FOLDER

    game_config: Annotated[Path | None, typer.Option(metavar="FILE", help="Game config to use, whatever the ROM.")] = (
        None
    )

    session_name: Annotated[
        str, typer.Option(metavar="NAME", help="Name of the session; without it date, time and game.")
    ] = ""

    lost_patience: Annotated[
        float, typer.Option(metavar="SECONDS", help="How long a session waits for a lost emulator.")
    ] = 600.0

    durability: Annotated[
        Durability,
        typer.Option(
            metavar="|".join(Durability),
            help="What a recording survives: a killed daemon, or a power cut but for its last second.",
        ),
    ] = Durability.PROCESS

    host: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="IPv4 address that emulators connect to; beyond loopback they need the token.",
            rich_help_panel=_ADDRESSES,
        ),
    ] = LOOPBACK

    link_port: Annotated[
        int,
        typer.Option(
            metavar="PORT", help="Port that emulators connect to; 0 takes any free one.", rich_help_panel=_ADDRESSES
        ),
    ] = 9999

    bus_host: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="IPv4 address that opens the bus to programs with keys.",
            rich_help_panel=_ADDRESSES,
        ),
    ] = LOOPBACK

    bus_keys: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Keys of the bus; without it `.keys/bus` in the data folder.",
            rich_help_panel=_ADDRESSES,
        ),
    ] = None

    bus_port: Annotated[
        int,
        typer.Option(
            metavar="PORT",
            help="Port where frame sets are published; 0 takes any free one.",
            rich_help_panel=_ADDRESSES,
        ),
    ] = 9990

    command_port: Annotated[
        int,
        typer.Option(
            metavar="PORT", help="Port where commands are answered; 0 takes any free one.", rich_help_panel=_ADDRESSES
        ),
    ] = 9991

    other_bus_ports: bool = False
    """The bus takes free ports where its own are in use."""

    web_host: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="IPv4 address of the live page; 0.0.0.0 is the same as --share.",
            rich_help_panel=PAGE_PANEL,
        ),
    ] = LOOPBACK

    web_port: Annotated[
        int | None,
        typer.Option(metavar="PORT", help="Port of the live page; 0 takes any free one.", rich_help_panel=PAGE_PANEL),
    ] = 5000
    """None runs without a page."""

    page_secret: PageSecret = field(default_factory=new_page_secret, compare=False)
    """Signing key and password of the page, by which other devices may open it."""

    def __post_init__(self) -> None:
        if self.bus_host == EVERYWHERE:
            raise SettingsError("--bus-host must be one address of this machine, such as 192.168.1.20.")
        for name in ("link_port", "bus_port", "command_port", "web_port"):
            port = getattr(self, name)
            if port is not None and not 0 <= port <= _MAX_PORT:
                raise SettingsError(f"--{name.replace('_', '-')} is {port}, it must be 0 to {_MAX_PORT}.")
        if not self.lost_patience >= 0:
            raise SettingsError("--lost-patience must not be negative.")
