"""The command that examines sessions: `verify`. Shell."""

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from daemon.cli.commands import Commands, examples
from daemon.cli.options import ProgressOption
from daemon.console.progress_bar import progress_bar
from daemon.console.safe_console import SafeConsole
from daemon.managing.sessions import chosen_names
from daemon.settings import DATA_FOLDER, DataOption
from daemon.verifying.report import Grade, Report
from daemon.verifying.verify import verify_session
from protocol.errors import GbatraceError, SessionError
from protocol.session.layout import SessionFolder, session_folder
from protocol.session.reader import SessionReader
from protocol.wording import counted

__all__ = ["app"]

app = Commands(panel="Recorded sessions")

_SIGNS = {
    Grade.WHOLE: "[green]✓[/green]",
    Grade.EDITED: "[cyan]–[/cyan]",
    Grade.FLAWED: "[yellow]–[/yellow]",
    Grade.DAMAGED: "[red]✗[/red]",
}
_LOST = 3
"""Exit code where nothing is damaged and something is lost."""


@app.command(epilog=examples("gbatrace verify evening-run", "gbatrace verify all --data D:\\traces"))
def verify(
    sessions: Annotated[list[str], typer.Argument(metavar="SESSION", help="Sessions by name or path, or `all`.")],
    data: DataOption = DATA_FOLDER,
    progress: ProgressOption = True,  # noqa: FBT002
) -> None:
    """Check every file, screenshot and frame of sessions, and memory against the proofs.

    *whole* and *flawed* sessions can be trusted byte for byte; a flawed one names what it lacks; the labels of an
    *edited* one were written by another program. Ends with code 1 if one is *damaged*, else with code 3 if frame sets
    or screenshots that were played are not stored.
    """
    console = SafeConsole()
    worst, lost = Grade.WHOLE, 0
    for path in _paths(data, sessions):
        start = time.perf_counter()
        try:
            count = len(SessionReader(SessionFolder(path)).frame_set_ids())
            with progress_bar("verifying", count, shown=progress) as advance:
                report = verify_session(path, advance)
        except GbatraceError as error:
            console.print(f"{_SIGNS[Grade.DAMAGED]} [bold]{escape(path.name)}[/bold]: {escape(str(error))}")
            worst = Grade.DAMAGED
            continue
        _print(console, report, time.perf_counter() - start)
        worst = max(worst, report.grade)
        lost += report.lost
    raise typer.Exit(1 if worst is Grade.DAMAGED else _LOST if lost else 0)


def _paths(data: Path, names: list[str]) -> list[Path]:
    names = chosen_names(data, names)
    paths = [Path(name) if Path(name).is_dir() else session_folder(data, name).path for name in names]
    for path in paths:
        if not path.is_dir():
            raise SessionError(f"There is no session {path}.")
    return paths


def _print(console: SafeConsole, report: Report, seconds: float) -> None:
    console.print(
        f"{_SIGNS[report.grade]} [bold]{escape(report.session_id)}[/bold] is {report.grade.name.lower()}: "
        f"{counted(report.frame_sets, 'frame set')}, {counted(report.changes, 'memory change')}, "
        f"{counted(report.screenshots, 'screenshot')}, "
        f"{counted(report.images, 'memory image')} and {counted(report.proofs, 'proof')} agree, in {seconds:.1f} s"
    )
    for flaw, count in report.flaws.most_common():
        console.print(f"  {_SIGNS[Grade.FLAWED]} {count:,} × {escape(flaw)}")
    if report.unproven:
        console.print(
            f"  {_SIGNS[Grade.FLAWED]} {report.unproven:,} proofs cannot be compared: that memory is not known"
        )
    for note in report.notes:
        console.print(f"  [dim]{escape(note)}[/dim]")
    for finding in report.findings:
        console.print(f"  {_SIGNS[finding.grade]} {escape(str(finding))}")
