"""`gbatrace sessions`: list, show, rename, delete, merge. Shell."""

from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.markup import escape

from daemon.console.progress_bar import progress_bar
from daemon.console.safe_console import SafeConsole
from daemon.managing.sessions import delete_session, merge_sessions, rename_session
from daemon.managing.tables import SessionRow, session_facts, sessions_table
from protocol.errors import SessionError, SettingsError
from protocol.session.layout import session_folder
from protocol.session.reader import SessionReader, open_session, session_names
from protocol.wording import counted

__all__ = ["sessions_app"]

sessions_app = typer.Typer(no_args_is_help=True, help="The sessions of a data folder.")

DataOption = Annotated[Path, typer.Option("--data", help="Folder of the session folders.")]
NameArgument = Annotated[str, typer.Argument(metavar="SESSION", help="The session's name.")]


@sessions_app.command("list", epilog="Example:\n\n    gbatrace sessions list --data D:\\traces")
def list_sessions(
    data: DataOption = Path("data"),
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")] = False,  # noqa: FBT002
) -> None:
    """List the sessions, by name."""
    rows = [_row(data, name) for name in session_names(data)]
    if as_json:
        typer.echo(orjson.dumps([row.as_map() for row in rows], option=orjson.OPT_INDENT_2).decode())
    else:
        _print(sessions_table(rows))


@sessions_app.command(epilog="Example:\n\n    gbatrace sessions show evening-run")
def show(session: NameArgument, data: DataOption = Path("data")) -> None:
    """Show what a session says of itself."""
    reader = _open(data, session)
    _print(session_facts(reader.metadata, len(reader.frame_set_ids())))


@sessions_app.command(epilog="Example:\n\n    gbatrace sessions rename 20260731-201500-medabots evening-run")
def rename(
    session: NameArgument,
    name: Annotated[str, typer.Argument(help="Its new name.")],
    data: DataOption = Path("data"),
) -> None:
    """Give a session another name."""
    _print(f"{session} is now {rename_session(_open(data, session), name).session_id}.")


@sessions_app.command(epilog="Example:\n\n    gbatrace sessions delete evening-run --yes")
def delete(
    session: NameArgument,
    data: DataOption = Path("data"),
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,  # noqa: FBT002
) -> None:
    """Delete a session and everything in it."""
    reader = _open(data, session)
    count = len(reader.frame_set_ids())
    if not yes:
        typer.confirm(f"Delete {session} with its {counted(count, 'frame set')} and all of their labels?", abort=True)
    delete_session(reader)
    _print(f"{session} is deleted.")


@sessions_app.command(epilog="Example:\n\n    gbatrace sessions merge evening-run evening-run-2 --into evening")
def merge(
    sessions: Annotated[list[str], typer.Argument(metavar="SESSION...", help="Two or more parts, in any order.")],
    into: Annotated[str, typer.Option("--into", help="Name of the new session.")],
    data: DataOption = Path("data"),
) -> None:
    """Make one session of the parts of an interrupted recording. The parts stay as they are."""
    parts = [_open(data, name) for name in dict.fromkeys(sessions)]
    if len(parts) < 2:
        raise SettingsError("A merge takes two sessions or more.")
    total = sum(len(part.frame_set_ids()) for part in parts)
    with progress_bar("merging", total, shown=True) as advance:
        merged = merge_sessions(parts, into, advance)
    _print(f"{merged.session_id} has the {counted(total, 'frame set')} of {', '.join(dict.fromkeys(sessions))}.")


def _open(data: Path, name: str) -> SessionReader:
    return open_session(session_folder(data, name).path)


def _row(data: Path, name: str) -> SessionRow:
    reader = SessionReader(session_folder(data, name))
    count = len(reader.frame_set_ids())
    try:
        return SessionRow(name, reader.metadata, count)
    except SessionError:
        return SessionRow(name, None, count)


def _print(what: object) -> None:
    SafeConsole().print(escape(what) if isinstance(what, str) else what)
