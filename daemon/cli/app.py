"""The command line. Shell: reads options, starts what they ask for, turns our errors into one line and an exit code."""

import os
import sys
from collections.abc import Callable, Coroutine
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

import resources
from daemon.access.keys import default_bus_keys, make_client, new_page_secret
from daemon.bizhawk.game_file import look_at_game
from daemon.bizhawk.search import find_bizhawk, last_bizhawk, this_machine
from daemon.cli import importing as batch_cli
from daemon.cli import verifying as verify_cli
from daemon.cli.arguments import meant_arguments
from daemon.cli.command_group import CommandGroup
from daemon.console.safe_console import SafeConsole
from daemon.console.terminal import losses
from daemon.disk.durability import Durability
from daemon.machine.demo_check import CHECK_FRAMES, CHECK_NAME
from daemon.machine.doctor import examine, has_core
from daemon.machine.file_limit import allow_many_files
from daemon.machine.findings import Finding, all_fine, findings_table
from daemon.processes.emulator_process import PlayArguments, demo_arguments
from daemon.running import (
    SCRIPT,
    Begun,
    check_bizhawk,
    check_stand_in,
    demo_in_bizhawk,
    play_in_bizhawk,
    play_in_stand_in,
    serve_until_stopped,
)
from daemon.server import Endpoints
from daemon.settings import LOOPBACK, Settings
from daemon.stopping import run_until_stopped
from protocol.addresses import EVERYWHERE, is_loopback
from protocol.bus.page_secret import PASSWORD_VARIABLE, PageSecret
from protocol.errors import GbatraceError, RomError, SettingsError
from protocol.regions import ScanMode
from protocol.version import PACKAGE_VERSION

__all__ = ["SCRIPT", "Flavour", "Speed", "app", "main"]

app = typer.Typer(
    name="gbatrace",
    cls=CommandGroup,
    help="Trace, watch and label Game Boy Advance memory while the game is being played.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Speed(StrEnum):
    """How fast the stand-in emulator runs."""

    REAL = "real"
    MAX = "max"


class Flavour(StrEnum):
    """Version of BizHawk that the stand-in emulator imitates."""

    V2_10 = "2.10"
    V2_11 = "2.11"
    V2_11_1 = "2.11.1"


DataOption = Annotated[Path, typer.Option("--data", help="Folder that session folders are written to.")]
HostOption = Annotated[str, typer.Option("--host", help="Address on which emulators are awaited.")]
LinkPortOption = Annotated[int, typer.Option(help="Port on which emulators are awaited; 0 takes any free one.")]
BusPortOption = Annotated[int, typer.Option(help="Port on which frame sets are published; 0 takes any free one.")]
CommandPortOption = Annotated[int, typer.Option(help="Port on which commands are answered; 0 takes any free one.")]
BusHostOption = Annotated[str, typer.Option(help="Address on which the bus is opened to programs that have keys.")]
BusKeysOption = Annotated[
    Path | None, typer.Option(help="Folder with the keys of the bus, instead of the data folder's own.")
]
WebHostOption = Annotated[str, typer.Option(help="Address of the live page; 0.0.0.0 is the same as --share.")]
ShareOption = Annotated[
    bool, typer.Option("--share", help="Let other devices open the live page, by a link that works once.")
]
PasswordOption = Annotated[
    bool,
    typer.Option(
        "--web-password", help=f"Ask for a password that opens the page as well; {PASSWORD_VARIABLE} may hold one."
    ),
]
WebPortOption = Annotated[int, typer.Option(help="Port of the live page; 0 takes any free one.")]
PageOption = Annotated[bool, typer.Option("--page/--no-page", help="Serve the live page.")]
OpenOption = Annotated[bool, typer.Option("--open/--no-open", help="Open the live page in a browser.")]
GameConfigOption = Annotated[Path | None, typer.Option(help="Game config to use, whatever the ROM.")]
NameOption = Annotated[str, typer.Option("--session-name", help="Name of the session's folder.")]
DurabilityOption = Annotated[
    Durability, typer.Option(help="What a recording survives: a killed daemon, or a power cut but for its last second.")
]
PatienceOption = Annotated[float, typer.Option(help="Seconds that a session waits for a lost emulator.")]
BizHawkOption = Annotated[
    Path | None, typer.Option("--bizhawk", help="BizHawk's folder; found by itself in the usual places.")
]
CheckOption = Annotated[
    bool, typer.Option("--check", help="Play the demo game for a minute by recorded buttons, and judge the result.")
]
CoreOption = Annotated[
    Path | None, typer.Option(help="libretro core of mGBA; stable-retro's and RetroArch's are found.")
]
FlavourOption = Annotated[Flavour, typer.Option(help="BizHawk to imitate.")]
FramesOption = Annotated[int | None, typer.Option(min=1, help="Frames to run; without it until Ctrl+C.")]
ScanModeOption = Annotated[ScanMode | None, typer.Option(help="When memory is scanned within a frame set.")]


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        typer.echo(f"gbatrace {PACKAGE_VERSION}")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[  # noqa: FBT002
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command(
    epilog="Examples:\n\n    gbatrace serve\n\n    gbatrace serve --data D:\\traces --session-name evening-run"
)
def serve(
    data: DataOption = Path("data"),
    host: HostOption = LOOPBACK,
    link_port: LinkPortOption = 9999,
    bus_host: BusHostOption = LOOPBACK,
    bus_keys: BusKeysOption = None,
    bus_port: BusPortOption = 9990,
    command_port: CommandPortOption = 9991,
    share: ShareOption = False,  # noqa: FBT002
    web_host: WebHostOption = LOOPBACK,
    web_password: PasswordOption = False,  # noqa: FBT002
    web_port: WebPortOption = 5000,
    page: PageOption = True,  # noqa: FBT002
    open_page: OpenOption = False,  # noqa: FBT002
    game_config: GameConfigOption = None,
    session_name: NameOption = "",
    lost_patience: PatienceOption = 600.0,
    durability: DurabilityOption = Durability.PROCESS,
) -> None:
    """Wait for BizHawk and record what it plays. Start this first, then BizHawk with the line it prints."""
    settings = Settings(
        data_folder=data,
        host=host,
        link_port=link_port,
        bus_host=bus_host,
        bus_keys=bus_keys,
        bus_port=bus_port,
        command_port=command_port,
        web_host=_shared(web_host, share=share),
        web_port=web_port if page else None,
        page_secret=_page_secret(ask=web_password),
        game_config=game_config,
        session_name=session_name,
        lost_patience=lost_patience,
        durability=durability,
    )
    _run(serve_until_stopped(settings, open_page=open_page))


@app.command(epilog="Examples:\n\n    gbatrace play game.gba\n\n    gbatrace play --check --bizhawk D:\\BizHawk-2.11.1")
def play(
    game: Annotated[Path | None, typer.Argument(help="The game, a .gba or .zip file.")] = None,
    data: DataOption = Path("data"),
    bizhawk: BizHawkOption = None,
    check: CheckOption = False,  # noqa: FBT002
    link_port: LinkPortOption = 9999,
    bus_port: BusPortOption = 9990,
    command_port: CommandPortOption = 9991,
    share: ShareOption = False,  # noqa: FBT002
    web_host: WebHostOption = LOOPBACK,
    web_password: PasswordOption = False,  # noqa: FBT002
    web_port: WebPortOption = 5000,
    open_page: OpenOption = True,  # noqa: FBT002
    game_config: GameConfigOption = None,
    session_name: NameOption = "",
    durability: DurabilityOption = Durability.PROCESS,
) -> None:
    """Play a game in BizHawk and record it: starts everything, and ends when BizHawk is closed."""
    if check == (game is not None):
        raise SettingsError("Name a game, or leave it out and ask for --check.")
    remark = "" if game is None else look_at_game(game)
    found = find_bizhawk(this_machine(), bizhawk, data)
    if check:
        link_port = bus_port = command_port = 0  # A BizHawk that was left open does not find them, and stays out of it.
    settings = Settings(
        data_folder=data,
        link_port=link_port,
        bus_port=bus_port,
        command_port=command_port,
        web_host=_shared(web_host, share=share),
        web_port=web_port,
        page_secret=_page_secret(ask=web_password),
        game_config=game_config,
        session_name=CHECK_NAME if check else session_name,
        durability=durability,
    )
    if game is None:
        findings: list[Finding] = []
        _run(check_bizhawk(settings, found, findings, open_page=open_page))
        _judge(findings)
    else:
        path = game.absolute()
        _run_whole(lambda begun: play_in_bizhawk(settings, found, path, remark, begun, open_page=open_page))


@app.command(epilog="Examples:\n\n    gbatrace demo\n\n    gbatrace demo --no-open --frames 3600")
def demo(
    data: DataOption = Path("data"),
    share: ShareOption = False,  # noqa: FBT002
    web_host: WebHostOption = LOOPBACK,
    web_password: PasswordOption = False,  # noqa: FBT002
    web_port: WebPortOption = 5000,
    open_page: OpenOption = True,  # noqa: FBT002
    core: CoreOption = None,
    flavour: FlavourOption = Flavour.V2_11_1,
    frames: FramesOption = None,
    tape: Annotated[bool, typer.Option("--tape", help="Play the demo's tape, whatever core there is.")] = False,  # noqa: FBT002
) -> None:
    """Play the demo game by itself and watch it being traced.

    Without an mGBA core, the BizHawk that `gbatrace play` used last plays it once. Without that, a tape shows what a
    core did when it played the same, memory and pictures alike.
    """
    settings = Settings(
        data_folder=data,
        link_port=0,
        other_bus_ports=True,
        web_host=_shared(web_host, share=share),
        web_port=web_port,
        page_secret=_page_secret(ask=web_password),
    )
    if tape:
        core = resources.demo_tape()
    if core is None and not has_core() and (bizhawk := last_bizhawk(data)):
        count = frames or resources.DEMO_FRAMES
        _run_whole(lambda begun: demo_in_bizhawk(settings, bizhawk, count, begun, open_page=open_page))
        return
    arguments = demo_arguments(SCRIPT, core=core, frames=frames, flavour=flavour.value)
    _run_whole(lambda begun: play_in_stand_in(settings, arguments, begun, open_page=open_page))


@app.command(
    epilog="Examples:\n\n    gbatrace record --rom game.gba --frames 3600 --seed 1\n\n"
    "    gbatrace record --rom game.gba --inputs run.inputs --scan-mode full"
)
def record(
    rom: Annotated[Path, typer.Option(help="The game, a .gba file.")],
    data: DataOption = Path("data"),
    core: CoreOption = None,
    frames: FramesOption = None,
    seed: Annotated[int | None, typer.Option(help="Play at random, the same way for the same seed.")] = None,
    inputs: Annotated[Path | None, typer.Option(help="Play a recorded input file, then by the seed.")] = None,
    speed: Annotated[Speed, typer.Option(help="Real time, or as fast as it goes.")] = Speed.MAX,
    flavour: FlavourOption = Flavour.V2_11_1,
    scan_mode: ScanModeOption = None,
    game_config: GameConfigOption = None,
    session_name: NameOption = "",
) -> None:
    """Record any game in the stand-in emulator, without BizHawk and without a page."""
    if not rom.is_file():
        raise RomError(f"There is no game at {rom}: name a .gba file with --rom.")
    settings = Settings(
        data_folder=data,
        link_port=0,
        bus_port=0,
        command_port=0,
        web_port=None,
        game_config=game_config,
        session_name=session_name,
    )
    arguments = PlayArguments(
        rom=rom,
        script=SCRIPT,
        core=core,
        frames=frames,
        seed=seed,
        inputs=inputs,
        speed=speed.value,
        flavour=flavour.value,
        scan_mode=scan_mode.value if scan_mode else "",
    )
    _run_whole(lambda begun: play_in_stand_in(settings, arguments, begun, open_page=False))


@app.command(epilog="Example:\n\n    gbatrace doctor --data D:\\traces")
def doctor(
    data: DataOption = Path("data"),
    link_port: LinkPortOption = 9999,
    bus_port: BusPortOption = 9990,
    command_port: CommandPortOption = 9991,
    web_port: WebPortOption = 5000,
    bizhawk: BizHawkOption = None,
    core: CoreOption = None,
    game_config: GameConfigOption = None,
) -> None:
    """Check ports, data folder, BizHawk, core, browser and versions, and explain what is missing."""
    settings = Settings(
        data_folder=data,
        link_port=link_port,
        bus_port=bus_port,
        command_port=command_port,
        web_port=web_port,
        game_config=game_config,
    )
    look = partial(find_bizhawk, this_machine(), bizhawk, data)
    _judge(list(examine(settings, SCRIPT, look, core)))


@app.command(epilog="Examples:\n\n    gbatrace check\n\n    gbatrace check --data D:\\traces")
def check(data: DataOption = Path("data")) -> None:
    """Check that this machine records well: plays a minute of the demo's tape and judges what was stored and shown."""
    settings = Settings(data_folder=data, link_port=0, bus_port=0, command_port=0, web_port=0, session_name=CHECK_NAME)
    arguments = demo_arguments(SCRIPT, core=resources.demo_tape(), frames=CHECK_FRAMES, speed=Speed.MAX.value)
    findings: list[Finding] = []
    _run(check_stand_in(settings, arguments, findings))
    _judge(findings)


@app.command(epilog="Example:\n\n    gbatrace keys laptop --data D:\\traces")
def keys(
    name: Annotated[str, typer.Argument(help="The machine whose programs may connect to the bus.")],
    data: DataOption = Path("data"),
    bus_keys: BusKeysOption = None,
) -> None:
    """Make keys with which programs on another machine connect to the bus, see `serve --bus-host`."""
    folder = make_client((bus_keys or default_bus_keys(data)).absolute(), name, data)
    typer.echo(f"Copy this folder to {name}, by a way that nobody else sees:\n  {folder}")


batch_cli.register(app)
verify_cli.register(app)


def main() -> None:
    """Run the command line; an error of ours is one line on standard error and exit code 2."""
    try:
        app(args=meant_arguments(sys.argv[1:], windows=sys.platform == "win32"))
    except GbatraceError as error:
        SafeConsole(stderr=True).print(f"[red]gbatrace:[/red] {escape(str(error))}")
        sys.exit(2)


def _judge(findings: list[Finding]) -> None:
    """Print the table and end with its code: 0 if everything that is needed is good, else 1."""
    console = SafeConsole()
    for line in findings_table(findings):
        console.print(line)
    raise typer.Exit(0 if findings and all_fine(findings) else 1)


def _shared(web_host: str, *, share: bool) -> str:
    return EVERYWHERE if share and is_loopback(web_host) else web_host


def _page_secret(*, ask: bool) -> PageSecret:
    """Make the page's secret, with the password of the environment or one that is asked for."""
    if not ask:
        return new_page_secret(os.environ.get(PASSWORD_VARIABLE, ""))
    return new_page_secret(typer.prompt("Password of the live page", hide_input=True, confirmation_prompt=True))


def _run(work: Coroutine[Any, Any, None]) -> None:
    allow_many_files()
    run_until_stopped(work)


def _run_whole(play: Callable[[Begun], Coroutine[Any, Any, None]]) -> None:
    """Play; ends with code 1 where something that was played is not stored."""
    played: list[Endpoints] = []
    _run(play(played.append))
    summaries = [summary for endpoints in played for summary in endpoints.summaries()]
    if any(losses(summaries)):
        raise typer.Exit(1)
