"""The commands for sessions at rest. Shell: reads options, calls what does the work, prints what it found."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

import resources
from daemon.batch.cli_sessions import sessions_app
from daemon.batch.csv_import import ImportOptions, import_log
from daemon.batch.exporters import EXPORTERS, ExportOptions, Images, Split, find_exporter
from daemon.batch.game_config_check import find_problems
from daemon.batch.import_report import ImportReport
from daemon.batch.session_reader import SessionReader, open_session, session_names
from daemon.batch.statistics import SessionStatistics
from daemon.batch.tables import statistics_tables
from daemon.batch.terminal_progress import progress_bar
from protocol.errors import ConfigError
from protocol.layout import session_folder

__all__ = ["Answer", "check", "export", "import_command", "register", "stats"]

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
        epilog="Examples:\n\n    gbatrace export evening-run --format csv --output logs\n\n"
        "    gbatrace export evening-run morning-run --format parquet --output dataset --split session"
    )(export)
    app.command(epilog="Example:\n\n    gbatrace stats evening-run")(stats)
    config = typer.Typer(no_args_is_help=True, help="Game configs: which game, which keys, what the buttons mean.")
    config.command("check", epilog="Example:\n\n    gbatrace config check metabots_rokusho.json")(check)
    app.add_typer(config, name="config")
    app.add_typer(sessions_app, name="sessions")


def import_command(
    csv: Annotated[list[Path], typer.Option("--csv", help="The log; again for each part of a rotated log.")],
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
        Answer, typer.Option("--cleanup", help="Delete the screenshots when the session has them.")
    ] = Answer.FALSE,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read everything, write nothing.")] = False,  # noqa: FBT002
    progress: ProgressOption = True,  # noqa: FBT002
) -> None:
    """Make a session of a log of the original tool, or of one that was exported.

    Ends with code 0 if every line was a row, 1 if lines had to be left out, 2 if nothing was imported.
    """
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


def export(
    sessions: Annotated[list[str], typer.Argument(help="Sessions by name, or `all`.")],
    format_name: Annotated[str, typer.Option("--format", help=f"One of {', '.join(EXPORTERS)}.")],
    output: Annotated[Path, typer.Option("--output", help="Folder to write to.")],
    data: DataOption = Path("data"),
    images: Annotated[Images, typer.Option(help="Hold screenshots as bytes, as paths, or not at all.")] = Images.BYTES,
    split: Annotated[Split, typer.Option(help="What is dealt to training, validation and test.")] = Split.NONE,
    block: Annotated[int, typer.Option(help="Frame sets in a block of a split.")] = 720,
    gap: Annotated[int, typer.Option(help="Frame sets left out where one split meets another.")] = 20,
    seed: Annotated[int, typer.Option(help="The same seed deals the same way.")] = 0,
    window: Annotated[int, typer.Option(help="Frame sets in an example.")] = 8,
    stride: Annotated[int, typer.Option(help="Frame sets from one example to the next.")] = 4,
    max_changes: Annotated[int, typer.Option(help="Most memory changes told of one frame set of an example.")] = 64,
    max_episode: Annotated[int, typer.Option(help="Frame sets in the longest episode.")] = 720,
    labelled_only: Annotated[bool, typer.Option("--labelled-only", help="Leave out examples without a label.")] = False,  # noqa: FBT002
    language: Annotated[bool, typer.Option("--language/--no-language", help="Write labels as language.")] = True,  # noqa: FBT002
    task: Annotated[str, typer.Option(help='What the player does; without it "Play <game>".')] = "",
    title: Annotated[str, typer.Option(help="Name of the dataset; without it that of the game.")] = "",
    licence: Annotated[str, typer.Option(help="Identifier of the dataset's licence.")] = "",
    progress: ProgressOption = True,  # noqa: FBT002
) -> None:
    """Write sessions in a format of other tools. A format ignores the options that do not concern it."""
    exporter = find_exporter(format_name)
    chosen = _chosen(data, sessions)
    options = ExportOptions(
        images=images,
        split=split,
        block=block,
        gap=gap,
        seed=seed,
        window=window,
        stride=stride,
        max_changes=max_changes,
        max_episode=max_episode,
        labelled_only=labelled_only,
        language=language,
        task=task,
        title=title,
        licence=licence,
    )
    total = sum(len(session.frame_set_ids()) for session in chosen)
    with progress_bar("exporting", total, shown=progress) as advance:
        exporter.export(chosen, output, options, advance)
    _console().print(f"Exported {total:,} frame sets of {_sessions(len(chosen))} to {escape(str(output))}")


def stats(
    session: Annotated[str, typer.Argument(help="The session's name.")],
    data: DataOption = Path("data"),
    addresses: Annotated[int, typer.Option(min=0, help="How many of the busiest addresses to list.")] = 10,
    progress: ProgressOption = True,  # noqa: FBT002
) -> None:
    """Count what a session is made of: labels, memory changes, idle frames, busy addresses."""
    reader = open_session(session_folder(data, session).path)
    statistics = SessionStatistics()
    numbers = reader.frame_set_ids()
    with progress_bar("counting", len(numbers), shown=progress) as advance:
        for number in numbers:
            statistics.add(reader.frame_set(number, with_png=False), reader.annotations(number))
            advance(1)
    console = _console()
    for table in statistics_tables(statistics, addresses):
        console.print(table)
        console.print()


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Game configs to check.")],
) -> None:
    """Check game configs. Ends with code 1 if one of them can not be used."""
    console = _console()
    label_sets = {path.stem for path in resources.label_sets().glob("*.json")}
    good = True
    for file in files:
        try:
            problems = find_problems(file.read_bytes(), label_sets)
        except OSError as error:
            raise ConfigError(f"{file} can not be read ({error.strerror or error}).") from None
        for problem in problems:
            sign = "[yellow]–[/yellow]" if problem.harmless else "[red]✗[/red]"
            console.print(f"{sign} [bold]{escape(str(file))}[/bold]: {escape(str(problem))}")
        if all(problem.harmless for problem in problems):
            console.print(f"[green]✓[/green] [bold]{escape(str(file))}[/bold] is a game config.")
        else:
            good = False
    raise typer.Exit(0 if good else 1)


def _chosen(data: Path, names: Sequence[str]) -> list[SessionReader]:
    if list(names) == ["all"]:
        names = session_names(data)
    return [open_session(session_folder(data, name).path) for name in dict.fromkeys(names)]


def _print_report(report: ImportReport, options: ImportOptions) -> None:
    console = _console()
    done = "Would import" if options.dry_run else "Imported"
    console.print(
        f"{done} {report.rows:,} rows as {report.frame_sets:,} frame sets: "
        f"[bold]{escape(str(options.output / report.session_id))}[/bold]"
    )
    for line in report.lines():
        console.print(f"  {escape(line)}")


def _sessions(count: int) -> str:
    return "1 session" if count == 1 else f"{count:,} sessions"


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True)
