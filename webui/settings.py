"""Settings of the page server."""

from dataclasses import dataclass

__all__ = ["Settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Options of the command line `python -m webui`."""

    bus_pub: str = "tcp://127.0.0.1:9990"
    """ZeroMQ address of the daemon's PUB socket."""
    bus_router: str = "tcp://127.0.0.1:9991"
    """ZeroMQ address of the daemon's ROUTER socket."""
    host: str = "127.0.0.1"
    """Address to listen on; 0.0.0.0 lets other devices of the network in."""
    port: int = 5000
    """TCP port of the page; 0 lets the system choose one."""
    exit_with_stdin: bool = False
    """End when standard input ends, that is, with the process that started this one."""
    secret_from_stdin: bool = False
    """The first line of standard input is the page's secret, see `protocol.bus.page_secret`."""
