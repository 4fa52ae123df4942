"""The commands for sessions at rest. Shell: reads options, calls what does the work, prints what it found."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from daemon.cli.exporting import EXPORT_HELP, SYMBOLS_HELP, dataset_app, export, symbols
from daemon.cli.sessions import sessions_app
from daemon.console.progress_bar import progress_bar
from daemon.console.safe_console import SafeConsole
from daemon.importing.busy_addresses import BusyAddresses
from daemon.importing.csv_import import ImportOptions, import_log
from daemon.importing.import_report import ImportReport
from daemon.importing.spool_import import SpoolImport, import_spool, spool_folder
from daemon.managing.sessions import chosen_sessions
from daemon.managing.tables import statistics_tables
from protocol.errors import ConfigError
from protocol.link.spool import JOURNAL
from protocol.session.statistics import SessionStatistics, SetCounts
from protocol.wording import counted
from resources.config_files import find_game_config, label_set_names, read_object
from resources.game_config import Problem, Severity, find_problems

__all__ = ["Answer", "check", "import_command", "register", "stats"]

DataOption = Annotated[Path, typer.Option("--data", help="Folder of the session folders.")]
ProgressOption = Annotated[bool, typer.Option("--progress/--no-progress", help="Show how far it is.")]


class Answer(StrEnum):
    """Yes or no, as the original's command line spells it."""

    TRUE = "true"
    FALSE = "false"


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command(
        "import",
        epilog="Examples:\n\n    gbatrace import --csv event_log.csv --snapshots snapshots --output data "
        "--game_config metabots_rokusho.json\n\n"
        "    gbatrace import --csv event_log.1.csv --csv event_log.csv --dry-run",
    )(import_command)
    app.command(
        help=EXPORT_HELP,
        epilog="Examples:\n\n    gbatrace export evening-run --format csv --output logs\n\n"
        "    gbatrace export evening-run morning-run --format parquet --output dataset --split session",
    )(export)
    app.command(
        help=SYMBOLS_HELP,
        epilog="Examples:\n\n    gbatrace symbols demo --format wch --output fernlight.wch\n\n"
        "    gbatrace symbols symbols.json --format stable-retro --output data.json",
    )(symbols)
    app.add_typer(dataset_app, name="dataset")
    app.command(epilog="Examples:\n\n    gbatrace stats evening-run\n\n    gbatrace stats all")(stats)
    config = typer.Typer(no_args_is_help=True, help="Game configs: which game, which keys, what the buttons mean.")
    config.command("check", epilog="Example:\n\n    gbatrace config check metabots_rokusho.json")(check)
    app.add_typer(config, name="config")
    app.add_typer(sessions_app, name="sessions")


def import_command(
    csv: Annotated[
        list[Path],
        typer.Option("--csv", help="The log, or a spool folder; again for each part of a rotated log."),
    ],
    snapshots: Annotated[
        Path | None, typer.Option(help="Folder of the screenshots; `snapshots` beside the log if it is there.")
    ] = None,
    output: Annotated[Path, typer.Option("--output", "--data", help="Folder of the session folders.")] = Path("data"),
    session_name: Annotated[
        str,
        typer.Option("--session_name", "--session-name", help="Name of the session; without it the time of the log."),
    ] = "",
    game_config: Annotated[
        Path | None,
        typer.Option("--game_config", "--game-config", help="Says which keyboard key was which console button."),
    ] = None,
    num_frames: Annotated[int, typer.Option("--num_frames", "--num-frames", help="Frames in a frame set.")] = 5,
    cleanup: Annotated[
        Answer,
        typer.Option("--cleanup", case_sensitive=False, help="Delete the screenshots when they are stored."),
    ] = Answer.FALSE,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read everything, write nothing.")] = False,  # noqa: FBT002
    progress: ProgressOption = True,  # noqa: FBT002
) -> None:
    """Make a session of a log of the original tool, of one that was exported, or of a spool folder of the script.

    A spool folder tells game, config and session itself: a session that was cut off goes on.

    Ends with code 0 if every line was a row and every screenshot a picture, 1 if some had to be left out, 2 if nothing
    was imported.
    """
    spool = spool_folder(csv[0]) if len(csv) == 1 else None
    if spool is not None:
        _import_spool(
            SpoolImport(
                folder=spool,
                output=output,
                session_name=session_name,
                game_config=game_config,
                cleanup=cleanup is Answer.TRUE,
                dry_run=dry_run,
            ),
            shown=progress,
        )
        return
    options = ImportOptions(
        logs=csv,
        output=output,
        snapshots=snapshots,
        session_name=session_name,
        game_config=game_config,
        num_frames=num_frames,
        cleanup=cleanup is Answer.TRUE,
        dry_run=dry_run,
    )
    size = sum(log.stat().st_size for log in csv if log.is_file())
    with progress_bar("importing", size, shown=progress) as advance:
        report = import_log(options, advance)
    _print_report(report, options)
    raise typer.Exit(0 if report.clean else 1)


def stats(
    sessions: Annotated[list[str], typer.Argument(metavar="SESSION...", help="Sessions by name, or `all`.")],
    data: DataOption = Path("data"),
    addresses: Annotated[int, typer.Option(min=0, help="How many of the busiest addresses to list.")] = 10,
    progress: ProgressOption = True,  # noqa: FBT002
) -> None:
    """Count what sessions are made of, together: labels, memory changes, idle frames, busy addresses."""
    statistics, busy = SessionStatistics(), BusyAddresses()
    numbers = [(reader, number) for reader in chosen_sessions(data, sessions) for number in reader.frame_set_ids()]
    with progress_bar("counting", len(numbers), shown=progress) as advance:
        for reader, number in numbers:
            frame_set = reader.frame_set(number, with_png=False)
            statistics.add(SetCounts.of(frame_set), reader.annotations(number))
            busy.add(frame_set)
            advance(1)
    console = _console()
    for table in statistics_tables(statistics, busy.top(addresses)):
        console.print(table)
        console.print()


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Game configs to check, by path or name.")],
    data: DataOption = Path("data"),
) -> None:
    """Check game configs. Ends with code 1 if one of them cannot be used.

    Game configs and label sets are looked for in the data folder, in `game_configs` and `label_sets`, and among those
    that ship.
    """
    console = _console()
    label_sets = label_set_names(data)
    good = True
    for named in files:
        file = find_game_config(named, data)
        try:
            problems = find_problems(read_object(file), label_sets)
        except ConfigError as error:
            problems = [Problem("", str(error), Severity.FILE)]
        except OSError as error:
            raise ConfigError(f"{file} cannot be read ({error.strerror or error}).") from None
        for problem in problems:
            sign = "[yellow]–[/yellow]" if problem.severity is Severity.NOTE else "[red]✗[/red]"
            console.print(f"{sign} [bold]{escape(str(file))}[/bold]: {escape(str(problem))}")
        if all(problem.severity is Severity.NOTE for problem in problems):
            console.print(f"[green]✓[/green] [bold]{escape(str(file))}[/bold] is a game config.")
        else:
            good = False
    raise typer.Exit(0 if good else 1)


def _import_spool(options: SpoolImport, *, shown: bool) -> None:
    size = (options.folder / JOURNAL).stat().st_size
    with progress_bar("importing", size, shown=shown) as advance:
        report = import_spool(options, advance)
    console = _console()
    sets = counted(report.frame_sets, "frame set")
    if options.dry_run:
        console.print(f"Would import {sets}.")
        return
    where = f"[bold]{escape(str(options.output / report.session_id))}[/bold]"
    console.print(f"Imported {sets} {'behind those of' if report.goes_on else 'as'} {where}")
    for line in report.told:
        console.print(f"  {escape(line)}")
    if report.known:
        console.print(f"  {counted(report.known, 'frame set')} were there already")


def _print_report(report: ImportReport, options: ImportOptions) -> None:
    console = _console()
    done = "Would import" if options.dry_run else "Imported"
    console.print(
        f"{done} {counted(report.rows, 'row')} as {counted(report.frame_sets, 'frame set')}: "
        f"[bold]{escape(str(options.output / report.session_id))}[/bold]"
    )
    for line in report.lines():
        console.print(f"  {escape(line)}")


def _console() -> SafeConsole:
    return SafeConsole()
