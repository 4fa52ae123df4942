"""Commands that examine this machine: `doctor`, `check`. Shell."""

from functools import partial
from typing import Annotated

import resources
from daemon.bizhawk.search import find_bizhawk, this_machine
from daemon.checking.demo_check import CHECK_FRAMES, CHECK_NAME
from daemon.checking.doctor import examine
from daemon.checking.results import CheckResult
from daemon.cli.commands import Commands, examples, print_results
from daemon.cli.options import BizHawkOption, Only, spread_options
from daemon.processes.emulator_process import CoreOption, Speed, demo_arguments
from daemon.running import check_stand_in, run_daemon
from daemon.settings import DATA_FOLDER, DataOption, Settings

__all__ = ["app"]

app = Commands(panel="Set up")


@app.command(epilog=examples("gbatrace doctor --data D:\\traces"))
@spread_options
def doctor(
    settings: Annotated[
        Settings, Only("data_folder", "game_config", "link_port", "bus_port", "command_port", "web_port")
    ],
    bizhawk: BizHawkOption = None,
    core: CoreOption = None,
) -> None:
    """Check ports, data folder, BizHawk, core, browser and versions."""
    look = partial(find_bizhawk, this_machine(), bizhawk, settings.data_folder)
    print_results(list(examine(settings, resources.event_logger(), look, core)))


@app.command(epilog=examples("gbatrace check", "gbatrace check --data D:\\traces"))
def check(data: DataOption = DATA_FOLDER) -> None:
    """Check that this machine records well, with a minute of the demo's tape."""
    settings = Settings(data_folder=data, link_port=0, bus_port=0, command_port=0, web_port=0, session_name=CHECK_NAME)
    arguments = demo_arguments(Speed.MAX, core=resources.demo_tape(), frames=CHECK_FRAMES)
    results: list[CheckResult] = []
    run_daemon(check_stand_in(settings, arguments, results))
    print_results(results)
