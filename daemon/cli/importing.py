"""The command that imports logs and spool folders: `import`. Shell."""

from dataclasses import replace
from enum import StrEnum
from typing import Annotated

import typer
from rich.markup import escape

from daemon.cli.commands import Commands, examples
from daemon.cli.options import ProgressOption, spread_options
from daemon.console.progress_bar import progress_bar
from daemon.console.safe_console import SafeConsole
from daemon.importing.csv_import import ImportOptions, import_log
from daemon.importing.import_report import ImportReport
from daemon.importing.spool_import import SpoolImport, import_spool, spool_folder
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
        "gbatrace import --csv event_log.csv --snapshots snapshots --output data --game-config metabots_rokusho.json",
        "gbatrace import --csv event_log.1.csv --csv event_log.csv --dry-run",
    ),
)
@spread_options
def import_command(
    options: ImportOptions,
    cleanup: Annotated[
        _Answer,
        typer.Option(
            metavar="|".join(_Answer), case_sensitive=False, help="Delete the screenshots when they are stored."
        ),
    ] = _Answer.FALSE,
    progress: ProgressOption = True,  # noqa: FBT002
) -> None:
    """Make a session of a log of the original tool, or of a spool folder of the script.

    A spool folder knows its game, config and session; a session that was cut off goes on.

    Ends with code 0 if every line was a row and every screenshot a picture, 1 if some had to be left out, 2 if nothing
    was imported.
    """
    options = replace(options, cleanup=cleanup is _Answer.TRUE)
    spool = spool_folder(options.logs[0]) if len(options.logs) == 1 else None
    if spool is not None:
        _import_spool(
            SpoolImport(
                folder=spool,
                output=options.output,
                session_name=options.session_name,
                game_config=options.game_config,
                cleanup=options.cleanup,
                dry_run=options.dry_run,
            ),
            shown=progress,
        )
        return
    size = sum(log.stat().st_size for log in options.logs if log.is_file())
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
    console.print(f"Imported {sets} {'after those of' if report.goes_on else 'as'} {where}")
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
