"""Every option of the daemon, with its unit and default. Read once by the command line and passed down."""

from dataclasses import dataclass, field
from pathlib import Path

from daemon.access.keys import new_page_secret
from daemon.disk.durability import Durability
from protocol.addresses import EVERYWHERE, LOOPBACK
from protocol.bus.page_secret import PageSecret
from protocol.errors import SettingsError

__all__ = ["LOOPBACK", "Settings"]

_MAX_PORT = 65535


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The daemon's options.

    Raises:
        SettingsError: an option has an impossible value.
    """

    data_folder: Path
    """Data folder, with a folder for each session."""

    host: str = LOOPBACK
    """Address on which emulators are awaited, IPv4. On any but loopback they must know the token of the link."""

    link_port: int = 9999
    """Port on which emulators are awaited; 0 takes any free one."""

    bus_host: str = LOOPBACK
    """Address on which the bus is opened beside loopback, IPv4; there it takes only programs that have keys."""

    bus_keys: Path | None = None
    """Folder with the keys of the bus; None is `.keys/bus` in the data folder."""

    bus_port: int = 9990
    """Port of the bus's PUB socket; 0 takes any free one."""

    command_port: int = 9991
    """Port of the bus's ROUTER socket; 0 takes any free one."""

    other_bus_ports: bool = False
    """The bus takes free ports where its own are in use."""

    web_host: str = LOOPBACK
    """Address of the live page, IPv4. Beyond loopback it is opened by the password, or by a link that works once."""

    web_port: int | None = 5000
    """Port of the live page; None runs without a page."""

    game_config: Path | None = None
    """Game config for every ROM, instead of the one that fits the ROM."""

    session_name: str = ""
    """Session id of the user's choice; empty makes one of date, time and game."""

    lost_patience: float = 600.0
    """Seconds that a session waits for its emulator to come back before it is ended."""

    durability: Durability = Durability.PROCESS
    """What a recording survives: a killed daemon (`process`), or a power cut but for its last second (`power`)."""

    page_secret: PageSecret = field(default_factory=new_page_secret, compare=False)
    """What lets other devices open the page."""

    def __post_init__(self) -> None:
        if self.bus_host == EVERYWHERE:
            raise SettingsError("--bus-host must be one address of this machine, such as 192.168.1.20.")
        for option, port in (
            ("--link-port", self.link_port),
            ("--bus-port", self.bus_port),
            ("--command-port", self.command_port),
            ("--web-port", self.web_port or 0),
        ):
            if not 0 <= port <= _MAX_PORT:
                raise SettingsError(f"{option} is {port}, it must be 0 to {_MAX_PORT}.")
        if not self.lost_patience >= 0:
            raise SettingsError("--lost-patience must not be negative.")
