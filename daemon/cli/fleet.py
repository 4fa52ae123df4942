"""Command that records with many recorders: `fleet`. Shell."""

import typer
from rich.markup import escape

from daemon.cli.commands import Commands, examples
from daemon.cli.options import ProgressOption, spread_options
from daemon.console.safe_console import SafeConsole
from daemon.fleet.options import FleetOptions
from daemon.fleet.screen import FleetScreen
from daemon.fleet.service import record_fleet
from protocol.console import GBA
from protocol.wording import counted

__all__ = ["app"]

app = Commands(panel="Record")


@app.command(
    help="""Record many sessions at once, on this machine or a Ray cluster.

Nobody watches: the sessions are played from power-on in consoles without emulator and page, and go to the output when
they are whole. The same command again goes on with those that are missing, after Ctrl+C too. A recorder that dies is
replaced, and its session begun again.
""",
    epilog=examples(
        "gbatrace fleet --rom game.gba --hours 20 --output runs",
        "gbatrace fleet --rom game.gba --policy inputs --inputs start.inputs --hours 20 --output runs --recorders 4",
        "gbatrace fleet --rom game.gba --policy players:Explorer --hours 1000 --output s3://bucket/runs "
        "--address ray://head:10001",
    ),
)
@spread_options
def fleet(options: FleetOptions, progress: ProgressOption = True) -> None:  # noqa: FBT002
    """Record many sessions at once, on this machine or a Ray cluster."""
    console = SafeConsole()
    with FleetScreen(shown=progress) as screen:
        report = record_fleet(options, screen.show)
    hours = sum(row.frames for row in report.stored) / GBA.frames_per_second / 3600
    console.print(
        f"Recorded {counted(report.recorded, 'session')}; {escape(options.output)} has "
        f"{counted(len(report.stored), 'session')} of this fleet, {hours:,.2f} hours of play."
    )
    for failure in report.given_up:
        console.print(f"[red]✗[/red] {escape(failure.session)}: {escape(failure.reason)}")
    raise typer.Exit(1 if report.given_up else 0)
