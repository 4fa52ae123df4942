"""The command line that starts EmuHawk on this machine. Pure."""

from pathlib import Path

from protocol.addresses import EVERYWHERE, LOOPBACK

__all__ = ["ROM_PLACEHOLDER", "launch_command"]

ROM_PLACEHOLDER = "<your ROM>"


def launch_command(host: str, port: int, script: Path, token: str = "") -> str:
    """Return the exact EmuHawk command for a player to copy.

    The flags are those of BizHawk 2.10, which later ones keep as aliases. EmuHawk takes an IPv4 address, no host name.

    Args:
        host: address of the daemon.
        port: its link port.
        script: the Lua script.
        token: what the script has to say in its HELLO, empty for nothing.
    """
    address = LOOPBACK if host in {EVERYWHERE, "localhost"} else host
    userdata = f' --userdata "token:{token}"' if token else ""
    return f'EmuHawk.exe --socket_ip={address} --socket_port={port} --lua="{script}"{userdata} "{ROM_PLACEHOLDER}"'
