"""Commands that record: `serve`, `play`, `demo`, `record`. Shell."""

import os
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

import resources
from daemon.access.keys import new_page_secret
from daemon.bizhawk.game_file import check_game_file
from daemon.bizhawk.search import find_bizhawk, last_bizhawk, this_machine
from daemon.checking.demo_check import CHECK_NAME
from daemon.checking.doctor import has_core
from daemon.checking.results import CheckResult
from daemon.cli.commands import Commands, examples, print_results
from daemon.cli.options import BizHawkOption, Only, spread_options
from daemon.console.terminal import losses
from daemon.processes.emulator_process import (
    CoreOption,
    Flavour,
    FlavourOption,
    FramesOption,
    PlayArguments,
    demo_arguments,
)
from daemon.running import (
    OnStart,
    check_bizhawk,
    demo_in_bizhawk,
    play_in_bizhawk,
    play_in_stand_in,
    run_daemon,
    serve_until_stopped,
)
from daemon.server import Endpoints
from daemon.settings import PAGE_PANEL, Settings
from protocol.bus.page_secret import PASSWORD_VARIABLE
from protocol.errors import RomError, SettingsError
from protocol.network_addresses import EVERYWHERE, is_loopback

__all__ = ["app"]

app = Commands(panel="Record")

ShareOption = Annotated[
    bool,
    typer.Option("--share", help="Open the page to other devices, by a one-time link.", rich_help_panel=PAGE_PANEL),
]
PasswordOption = Annotated[
    bool,
    typer.Option(
        "--web-password",
        help=f"Ask for a password that opens the page too; {PASSWORD_VARIABLE} may hold one.",
        rich_help_panel=PAGE_PANEL,
    ),
]
OpenOption = Annotated[
    bool, typer.Option("--open/--no-open", help="Open the page in a browser.", rich_help_panel=PAGE_PANEL)
]


@app.command(
    epilog=examples("gbatrace serve", "gbatrace serve --data D:\\traces --session-name evening-run"),
)
@spread_options
def serve(
    settings: Settings,
    share: ShareOption = False,  # noqa: FBT002
    web_password: PasswordOption = False,  # noqa: FBT002
    page: Annotated[  # noqa: FBT002
        bool, typer.Option("--page/--no-page", help="Serve the live page.", rich_help_panel=PAGE_PANEL)
    ] = True,
    open_page: OpenOption = False,  # noqa: FBT002
) -> None:
    """Wait for BizHawk and record what it plays.

    Start this first, then BizHawk with the line that this prints.
    """
    settings = _with_page(settings, share=share, ask=web_password)
    if not page:
        settings = replace(settings, web_port=None)
    run_daemon(serve_until_stopped(settings, open_page=open_page))


@app.command(
    epilog=examples("gbatrace play game.gba", "gbatrace play --check --bizhawk D:\\BizHawk-2.11.1"),
)
@spread_options
def play(
    settings: Annotated[
        Settings,
        Only(
            *("data_folder", "game_config", "session_name", "durability"),
            *("link_port", "bus_port", "command_port", "web_host", "web_port"),
        ),
    ],
    game: Annotated[Path | None, typer.Argument(metavar="GAME", help="The game, a .gba or .zip file.")] = None,
    bizhawk: BizHawkOption = None,
    check: Annotated[  # noqa: FBT002
        bool,
        typer.Option("--check", help="Play the demo game for a minute by recorded buttons, and judge the result."),
    ] = False,
    share: ShareOption = False,  # noqa: FBT002
    web_password: PasswordOption = False,  # noqa: FBT002
    open_page: OpenOption = True,  # noqa: FBT002
) -> None:
    """Play a game in BizHawk and record it: starts everything, and ends when BizHawk is closed."""
    if check == (game is not None):
        raise SettingsError("Name a game, or leave it out and ask for --check.")
    remark = "" if game is None else check_game_file(game)
    found = find_bizhawk(this_machine(), bizhawk, settings.data_folder)
    settings = _with_page(settings, share=share, ask=web_password)
    if game is None:
        # With other ports, a BizHawk that was left open does not find the daemon and stays out of it.
        settings = replace(settings, link_port=0, bus_port=0, command_port=0, session_name=CHECK_NAME)
        results: list[CheckResult] = []
        run_daemon(check_bizhawk(settings, found, results, open_page=open_page))
        print_results(results)
    else:
        path = game.absolute()
        _play_and_judge(lambda on_start: play_in_bizhawk(settings, found, path, remark, on_start, open_page=open_page))


@app.command(epilog=examples("gbatrace demo", "gbatrace demo --no-open --frames 3600"))
@spread_options
def demo(
    settings: Annotated[Settings, Only("data_folder", "web_host", "web_port")],
    core: CoreOption = None,
    flavour: FlavourOption = Flavour.V2_11_1,
    frames: FramesOption = None,
    tape: Annotated[bool, typer.Option("--tape", help="Play the demo's tape, whatever core there is.")] = False,  # noqa: FBT002
    share: ShareOption = False,  # noqa: FBT002
    web_password: PasswordOption = False,  # noqa: FBT002
    open_page: OpenOption = True,  # noqa: FBT002
) -> None:
    """Play the demo game by itself and watch it being traced.

    Without an mGBA core, the BizHawk that `gbatrace play` used last plays it once. Without that, a tape shows what a
    core did when it played the same, memory and pictures alike.
    """
    settings = _with_page(settings, share=share, ask=web_password)
    settings = replace(settings, link_port=0, other_bus_ports=True)
    if tape:
        core = resources.demo_tape()
    if core is None and (bizhawk := last_bizhawk(settings.data_folder)) and not has_core():
        count = frames or resources.DEMO_FRAMES
        _play_and_judge(lambda on_start: demo_in_bizhawk(settings, bizhawk, count, on_start, open_page=open_page))
        return
    arguments = demo_arguments(core=core, frames=frames, flavour=flavour)
    _play_and_judge(lambda on_start: play_in_stand_in(settings, arguments, on_start, open_page=open_page))


@app.command(
    epilog=examples(
        "gbatrace record --rom game.gba --frames 3600 --seed 1",
        "gbatrace record --rom game.gba --inputs run.inputs --scan-mode full",
    ),
)
@spread_options
def record(
    arguments: PlayArguments, settings: Annotated[Settings, Only("data_folder", "game_config", "session_name")]
) -> None:
    """Record any game in the stand-in emulator, without BizHawk and without a page."""
    if not arguments.rom.is_file():
        raise RomError(f"There is no game at {arguments.rom}: name a .gba file with --rom.")
    settings = replace(settings, link_port=0, bus_port=0, command_port=0, web_port=None)
    _play_and_judge(lambda on_start: play_in_stand_in(settings, arguments, on_start, open_page=False))


def _with_page(settings: Settings, *, share: bool, ask: bool) -> Settings:
    """Open the page to other devices, with the environment's password or one asked for."""
    password = os.environ.get(PASSWORD_VARIABLE, "")
    if ask:
        password = typer.prompt("Password of the live page", hide_input=True, confirmation_prompt=True)
    host = EVERYWHERE if share and is_loopback(settings.web_host) else settings.web_host
    return replace(settings, web_host=host, page_secret=new_page_secret(password))


def _play_and_judge(play: Callable[[OnStart], Coroutine[Any, Any, None]]) -> None:
    """Play; end with code 1 where something that was played is not stored."""
    played: list[Endpoints] = []
    run_daemon(play(played.append))
    summaries = [summary for endpoints in played for summary in endpoints.summaries()]
    if any(losses(summaries)):
        raise typer.Exit(1)
