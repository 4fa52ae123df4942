"""Commands that write for other tools: `export`, `dataset check`. Shell."""

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from daemon.cli.commands import Commands, examples
from daemon.cli.options import ProgressOption, SessionsArgument, spread_options
from daemon.console.progress_bar import progress_bar
from daemon.console.safe_console import SafeConsole
from daemon.exporting.dataset_check import dataset_folders, dataset_problems
from daemon.exporting.engines import EngineName
from daemon.exporting.exporters import EXPORTERS, open_exporter
from daemon.exporting.options import DatasetOptions
from daemon.fleet.export_engine import ray_engine
from daemon.fleet.fetching import readable_folder
from daemon.fleet.options import AddressOption
from daemon.managing.sessions import chosen_sessions
from daemon.settings import DATA_FOLDER
from protocol.errors import ExportError, SettingsError
from protocol.wording import counted

__all__ = ["app"]

app = Commands(panel="Other tools")
dataset_app = Commands("dataset", "Check datasets that were exported.", panel="Other tools")
app.add_commands(dataset_app)


_FORMATS = "\n".join(f"- **{name}**: {known.summary}" for name, known in EXPORTERS.items())


@app.command(
    help=f"""Write sessions in a format of other tools.

{_FORMATS}

An export that was interrupted goes on where it stopped when the same command is given again. A format ignores the
options that do not concern it.
""",
    epilog=examples(
        "gbatrace export evening-run --format csv --output logs",
        "gbatrace export evening-run morning-run --format parquet --output dataset --split session",
        "gbatrace export all --data runs --format parquet --output dataset --engine ray",
        "gbatrace export all --data s3://bucket/runs --format parquet --output dataset",
    ),
)
@spread_options
def export(
    sessions: SessionsArgument,
    format_name: Annotated[str, typer.Option("--format", metavar="FORMAT", help="One of those above.")],
    output: Annotated[Path, typer.Option("--output", metavar="FOLDER", help="Folder to write to, new or empty.")],
    options: DatasetOptions,
    engine: Annotated[
        EngineName,
        typer.Option(
            metavar="|".join(EngineName),
            help="Export in this process, or with Ray in a process for each session; not lerobot and minari.",
        ),
    ] = EngineName.LOCAL,
    address: AddressOption = "",
    data: Annotated[
        str,
        typer.Option(
            metavar="FOLDER|URL", help="Data folder, with a folder per session; or where a fleet put its archives."
        ),
    ] = str(DATA_FOLDER),
    progress: ProgressOption = True,  # noqa: FBT002
) -> None:
    """Write sessions in a format of other tools."""
    if address and engine is not EngineName.RAY:
        raise SettingsError("--address goes with --engine ray.")
    with ExitStack() as stack:
        chosen = chosen_sessions(stack.enter_context(readable_folder(data, sessions, output, shown=progress)), sessions)
        exporter = open_exporter(format_name, chosen, options)
        total = sum(len(session.frame_set_ids()) for session in chosen)
        ray = stack.enter_context(ray_engine(address)) if engine is EngineName.RAY else None
        advance = stack.enter_context(progress_bar("exporting", total, shown=progress))
        remarks = exporter.export(output, advance, ray)
    console = SafeConsole()
    for remark in remarks:
        console.print(escape(remark))
    console.print(
        f"Exported {counted(total, 'frame set')} of {counted(len(chosen), 'session')} to {escape(str(output))}"
    )


@dataset_app.command("check", epilog=examples("gbatrace dataset check parquet"))
def check(
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER", help="Folders that were exported to.")],
) -> None:
    """Compare every file of a dataset with its checksum.

    Ends with code 1 if one differs from `dataset.json` or was added, or a folder holds no dataset.
    """
    console = SafeConsole()
    sound = True
    for folder in [dataset for named in folders for dataset in dataset_folders(named)]:
        try:
            problems = list(dataset_problems(folder))
        except ExportError as error:
            problems = [str(error)]
        sound = sound and not problems
        for problem in problems:
            console.print(f"[red]✗[/red] [bold]{escape(str(folder))}[/bold]: {escape(problem)}")
        if not problems:
            console.print(f"[green]✓[/green] [bold]{escape(str(folder))}[/bold] is as it was exported.")
    raise typer.Exit(0 if sound else 1)
