"""The command that imports logs and spool folders: `import`. Shell."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from daemon.cli.commands import Commands, examples
from daemon.cli.options import ProgressOption
from daemon.console.progress_bar import progress_bar
from daemon.console.safe_console import SafeConsole
from daemon.importing.csv_import import ImportOptions, import_log
from daemon.importing.import_report import ImportReport
from daemon.importing.spool_import import SpoolImport, import_spool, spool_folder
from daemon.settings import DATA_FOLDER
from protocol.link.spool import JOURNAL
from protocol.wording import counted

__all__ = ["app"]


class _Answer(StrEnum):
    """Yes or no, as the original's command line spells it."""

    TRUE = "true"
    FALSE = "false"


app = Commands(panel="Recorded sessions")


@app.command(
    "import",
    epilog=examples(
        "gbatrace import --csv event_log.csv --snapshots snapshots --output data --game_config metabots_rokusho.json",
        "gbatrace import --csv event_log.1.csv --csv event_log.csv --dry-run",
    ),
)
def import_command(
    csv: Annotated[
        list[Path],
        typer.Option("--csv", metavar="FILE", help="The log, or a spool folder; again for each part of a rotated log."),
    ],
    snapshots: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="The screenshots; without it `snapshots` beside the log.")
    ] = None,
    output: Annotated[Path, typer.Option("--output", "--data", metavar="FOLDER", help="Data folder.")] = DATA_FOLDER,
    session_name: Annotated[
        str,
        typer.Option("--session_name", "--session-name", metavar="NAME", help="Name; without it the time of the log."),
    ] = "",
    game_config: Annotated[
        Path | None,
        typer.Option("--game_config", "--game-config", metavar="FILE", help="Keyboard keys of the console buttons."),
    ] = None,
    num_frames: Annotated[
        int, typer.Option("--num_frames", "--num-frames", metavar="NUMBER", help="Frames in a frame set.")
    ] = 5,
    cleanup: Annotated[
        _Answer,
        typer.Option(
            "--cleanup",
            metavar="|".join(_Answer),
            case_sensitive=False,
            help="Delete the screenshots when they are stored.",
        ),
    ] = _Answer.FALSE,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read everything, write nothing.")] = False,  # noqa: FBT002
    progress: ProgressOption = True,  # noqa: FBT002
) -> None:
    """Make a session of a log of the original tool, or of a spool folder of the script.

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
                cleanup=cleanup is _Answer.TRUE,
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
        cleanup=cleanup is _Answer.TRUE,
        dry_run=dry_run,
    )
    size = sum(log.stat().st_size for log in csv if log.is_file())
    with progress_bar("importing", size, shown=progress) as advance:
        report = import_log(options, advance)
    _print_report(report, options)
    raise typer.Exit(0 if report.clean else 1)


def _import_spool(options: SpoolImport, *, shown: bool) -> None:
    size = (options.folder / JOURNAL).stat().st_size
    with progress_bar("importing", size, shown=shown) as advance:
        report = import_spool(options, advance)
    console = SafeConsole()
    sets = counted(report.frame_sets, "frame set")
    if options.dry_run:
        console.print(f"Would import {sets}.")
        return
    where = f"[bold]{escape(str(options.output / report.session_id))}[/bold]"
    console.print(f"Imported {sets} {'behind those of' if report.goes_on else 'as'} {where}")
    for line in report.messages:
        console.print(f"  {escape(line)}")
    if report.known:
        console.print(f"  {counted(report.known, 'frame set')} were there already")


def _print_report(report: ImportReport, options: ImportOptions) -> None:
    console = SafeConsole()
    done = "Would import" if options.dry_run else "Imported"
    console.print(
        f"{done} {counted(report.rows, 'row')} as {counted(report.frame_sets, 'frame set')}: "
        f"[bold]{escape(str(options.output / report.session_id))}[/bold]"
    )
    for line in report.lines():
        console.print(f"  {escape(line)}")
