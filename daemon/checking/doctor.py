"""Check of everything that gbatrace needs, with advice. Shell: opens ports and files."""

import importlib
import importlib.metadata
import os
import platform
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import resources
from daemon.bizhawk.search import BizHawk, old_script_copies
from daemon.checking.results import CheckResult
from daemon.disk.data_folder import is_synchronised, prepare_data_folder
from daemon.link.quick_ack import acknowledge_every_segment
from daemon.machine.browser import find_browser
from daemon.settings import Settings
from lua.headless.console_choice import open_console
from protocol.errors import GbatraceError
from protocol.listening import listening_socket
from protocol.network_addresses import LOOPBACK
from protocol.version import BUS_VERSION, LINK_VERSION, PACKAGE_VERSION
from protocol.wording import how_to_install
from resources.config_files import read_game_configs

__all__ = ["examine", "has_core", "versions"]

_OLDEST_PYTHON = (3, 11)
_LOW_ROOM = 1 << 30
_SHOWN_VERSIONS = ("pyzmq", "msgpack", "flask-socketio", "pillow", "gevent", "numpy")


def examine(
    settings: Settings, script: Path, look_for_bizhawk: Callable[[], BizHawk], core: Path | None
) -> Iterator[CheckResult]:
    """Check one thing after the other.

    Args:
        settings: as `serve` would get them.
        script: the Lua script.
        look_for_bizhawk: finds the BizHawk that `play` would start.
        core: the libretro core that the user names, if any.
    """
    yield versions()
    for purpose, host, port, option in (
        ("emulators", settings.host, settings.link_port, "--link-port"),
        ("bus", LOOPBACK, settings.bus_port, "--bus-port"),
        ("bus commands", LOOPBACK, settings.command_port, "--command-port"),
        ("live page", settings.web_host, settings.web_port, "--web-port"),
    ):
        if port:
            yield _try(f"port {port}", partial(_free_port, purpose, host, port, option))
    if not _is_acknowledged_at_once():
        text = "Windows refused to acknowledge at once: an emulator may wait up to 200 ms for each reply."
        yield CheckResult("acknowledgements", good=False, text=text, needed=False)
    yield _try("data folder", lambda: _data_folder(settings.data_folder))
    yield _try("game configs", lambda: _game_configs(settings))
    found = script.is_file()
    yield CheckResult(
        "script", good=found, text=str(script) if found else f"{script} is missing: install gbatrace again."
    )
    yield _try("BizHawk", lambda: _bizhawk(look_for_bizhawk()), needed=False)
    yield _core(core)
    yield _browser()


def has_core() -> bool:
    """Return whether the stand-in emulator finds a core that plays the demo game."""
    try:
        _try_core(None)
    except GbatraceError:
        return False
    return True


def _try(subject: str, look: Callable[[], str], *, needed: bool = True) -> CheckResult:
    try:
        return CheckResult(subject, good=True, text=look(), needed=needed)
    except GbatraceError as error:
        return CheckResult(subject, good=False, text=str(error), needed=needed)


def versions() -> CheckResult:
    """List all versions, and check that Python is new enough."""
    shown = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in _SHOWN_VERSIONS)
    text = (
        f"gbatrace {PACKAGE_VERSION} (link {LINK_VERSION}, bus {BUS_VERSION}), "
        f"Python {platform.python_version()} on {platform.system()}, {shown}"
    )
    return CheckResult("versions", good=sys.version_info >= _OLDEST_PYTHON, text=text)


def _free_port(purpose: str, host: str, port: int, option: str) -> str:
    listening_socket(socket, purpose, host, port, option, "--host").close()
    return f"free ({purpose})"


def _is_acknowledged_at_once() -> bool:
    with socket.create_server((LOOPBACK, 0)) as listening, socket.create_connection(listening.getsockname()) as near:
        return acknowledge_every_segment(near)


def _data_folder(path: Path) -> str:
    folder = prepare_data_folder(path)
    free = shutil.disk_usage(folder).free
    text = f"{folder}, {free / (1 << 30):.1f} GiB free"
    if free < _LOW_ROOM:
        text += ": that is little, an hour of play takes up to 1 GiB"
    if is_synchronised(folder, os.environ):
        text += "; it lies in OneDrive, which delays the recording: choose a folder outside with --data"
    return text


def _game_configs(settings: Settings) -> str:
    return ", ".join(config.game for config in read_game_configs(settings.data_folder, settings.game_config))


def _bizhawk(found: BizHawk) -> str:
    version = "" if found.version else ", its version cannot be read: the script will say whether it is new enough"
    copies = "".join(f"; {copy} holds an old copy of the script, delete it" for copy in old_script_copies(found))
    return f"{found}{version}, started by `gbatrace play GAME.gba`{copies}"


def _core(core: Path | None) -> CheckResult:
    subject = "stand-in emulator"
    try:
        importlib.import_module("lupa.lua54")
    except Exception as error:  # A library in C fails in ways of its own.
        text = f"{how_to_install('demo')} installs it ({error}). BizHawk does not need it."
        return CheckResult(subject, good=False, text=text, needed=False)
    try:
        return CheckResult(subject, good=True, text=_try_core(core), needed=False)
    except GbatraceError as error:
        return CheckResult(subject, good=False, text=f"the demo plays from its tape. {error}", needed=False)


def _try_core(core: Path | None) -> str:
    """Open the demo game in a core, and name it.

    Raises:
        CoreError: there is none, or it does not load here.
        RomError: the core does not take the game.
    """
    console = open_console(resources.demo_rom(), core, None, lambda _line: None)
    console.close()
    return console.name


def _browser() -> CheckResult:
    browser = find_browser()
    if browser is None:
        text = "no display here: open the page's address yourself, on this machine or another."
        return CheckResult("browser", good=False, text=text, needed=False)
    return CheckResult(
        "browser", good=True, text=f"the page can be opened here ({type(browser).__name__})", needed=False
    )
