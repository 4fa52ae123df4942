"""Command line of EmuHawk, as words and as a line to copy. Pure.

The flags are those of BizHawk 2.10, which later ones keep as aliases.
"""

import shlex
from collections.abc import Mapping
from pathlib import Path

from protocol.network_addresses import EVERYWHERE, LOOPBACK

__all__ = ["ROM_PLACEHOLDER", "emuhawk_arguments", "launch_command"]

ROM_PLACEHOLDER = "<your ROM>"


def emuhawk_arguments(
    host: str, port: int, script: Path, rom: str, userdata: Mapping[str, object] | None = None
) -> list[str]:
    """Return the words that follow the program's name.

    Args:
        host: address of the daemon. EmuHawk takes an IPv4 address, no host name.
        port: its link port.
        script: the Lua script.
        rom: the game.
        userdata: settings for the script; neither names nor values may hold a semicolon, names no colon.
    """
    address = LOOPBACK if host in {EVERYWHERE, "localhost"} else host
    words = [f"--socket_ip={address}", f"--socket_port={port}", f"--lua={script}"]
    if userdata:
        words.append("--userdata=" + ";".join(f"{name}:{value}" for name, value in userdata.items()))
    return [*words, rom]


def launch_command(host: str, port: int, script: Path, token: str = "", *, windows: bool) -> str:
    """Return the exact line that starts EmuHawk, to be typed in BizHawk's folder.

    It works in the Command Prompt and in PowerShell, which runs a program of the current folder only if the line says
    that it is there; elsewhere in any shell of POSIX.

    Args:
        host: address of the daemon.
        port: its link port.
        script: the Lua script.
        token: for the script's HELLO, empty for none.
        windows: whether the line is for Windows.
    """
    words = emuhawk_arguments(host, port, script, ROM_PLACEHOLDER, {"token": token} if token else None)
    if windows:
        return " ".join([r".\EmuHawk.exe", *map(_quoted, words)])
    return shlex.join(["./EmuHawkMono.sh", *words])


def _quoted(word: str) -> str:
    """Quote a word for the Command Prompt and PowerShell; paths there hold no quotation mark."""
    option, equals, value = word.partition("=")
    if not equals:
        return f'"{word}"'
    return f'{option}="{value}"' if option in {"--lua", "--userdata"} else word
