"""The command line that starts EmuHawk on this machine. Pure."""

from pathlib import Path

__all__ = ["ROM_PLACEHOLDER", "launch_command"]

ROM_PLACEHOLDER = "<your ROM>"


def launch_command(host: str, port: int, script: Path) -> str:
    """Return the exact EmuHawk command for a player to copy.

    The flags are those of BizHawk 2.10, which 2.11 keeps as aliases. EmuHawk takes an IPv4 address, no host name.
    """
    address = "127.0.0.1" if host in {"0.0.0.0", "localhost"} else host  # noqa: S104 - compared, not bound
    return f'EmuHawk.exe --socket_ip={address} --socket_port={port} --lua="{script}" "{ROM_PLACEHOLDER}"'
