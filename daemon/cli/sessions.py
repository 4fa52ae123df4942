"""Commands for the sessions of a data folder: `sessions list` and its like, `stats`. Shell."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.text import Text

from daemon.cli.commands import Commands, examples
from daemon.cli.options import JsonOption, ProgressOption, SessionArgument, SessionsArgument, json_text
from daemon.console.progress_bar import progress_bar
from daemon.console.safe_console import SafeConsole
from daemon.managing.busy_addresses import BusyAddresses
from daemon.managing.sessions import chosen_sessions, delete_session, merge_sessions, rename_session
from daemon.managing.tables import SessionRow, session_facts, session_lines, statistics_tables
from daemon.names.book_files import read_book, session_place
from daemon.settings import DATA_FOLDER, DataOption
from protocol.errors import SessionError, SettingsError
from protocol.regions import WORD_BYTES
from protocol.session.layout import session_folder
from protocol.session.reader import SessionReader, session_names, stored_session
from protocol.session.statistics import SessionStatistics, SetCounts
from protocol.wording import counted

__all__ = ["app"]

app = Commands(panel="Recorded sessions")
sessions_app = Commands("sessions", "List, show, rename, delete and merge sessions.", panel="Recorded sessions")
app.add_commands(sessions_app)


@sessions_app.command("list", epilog=examples("gbatrace sessions list --data D:\\traces"))
def list_sessions(
    data: DataOption = DATA_FOLDER,
    as_json: JsonOption = False,  # noqa: FBT002
) -> None:
    """List the sessions, by name."""
    rows = [_row(data, name) for name in session_names(data)]
    if as_json:
        typer.echo(json_text([row.as_map() for row in rows]))
    else:
        for row in rows:
            _print(*session_lines(row))


@sessions_app.command(epilog=examples("gbatrace sessions show evening-run"))
def show(session: SessionArgument, data: DataOption = DATA_FOLDER) -> None:
    """Show the metadata of a session."""
    reader = stored_session(data, session)
    _print(*session_facts(reader.metadata, len(reader.frame_set_ids())))


@sessions_app.command(epilog=examples("gbatrace sessions rename 20260731-201500-medabots evening-run"))
def rename(
    session: SessionArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its new name.")],
    data: DataOption = DATA_FOLDER,
) -> None:
    """Give a session another name."""
    _print(f"{session} is now {rename_session(stored_session(data, session), name).session_id}.")


@sessions_app.command(epilog=examples("gbatrace sessions delete evening-run --yes"))
def delete(
    session: SessionArgument,
    data: DataOption = DATA_FOLDER,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,  # noqa: FBT002
) -> None:
    """Delete a session and everything in it."""
    reader = stored_session(data, session)
    count = len(reader.frame_set_ids())
    if not yes:
        typer.confirm(f"Delete {session} with its {counted(count, 'frame set')} and all of their labels?", abort=True)
    delete_session(reader)
    _print(f"{session} is deleted.")


@sessions_app.command(epilog=examples("gbatrace sessions merge evening-run evening-run-2 --into evening"))
def merge(
    sessions: Annotated[list[str], typer.Argument(metavar="SESSION", help="Two or more parts, in any order.")],
    into: Annotated[str, typer.Option("--into", metavar="NAME", help="Name of the new session.")],
    data: DataOption = DATA_FOLDER,
) -> None:
    """Make one session of the parts of an interrupted recording. The parts stay as they are."""
    parts = [stored_session(data, name) for name in dict.fromkeys(sessions)]
    if len(parts) < 2:
        raise SettingsError("A merge takes two sessions or more.")
    total = sum(len(part.frame_set_ids()) for part in parts)
    with progress_bar("merging", total, shown=True) as advance:
        merged = merge_sessions(parts, into, advance)
    _print(f"{merged.session_id} has the {counted(total, 'frame set')} of {', '.join(dict.fromkeys(sessions))}.")


@app.command(epilog=examples("gbatrace stats evening-run", "gbatrace stats all"))
def stats(
    sessions: SessionsArgument,
    data: DataOption = DATA_FOLDER,
    addresses: Annotated[
        int, typer.Option(min=0, metavar="NUMBER", help="How many of the busiest addresses to list.")
    ] = 10,
    progress: ProgressOption = True,  # noqa: FBT002
) -> None:
    """Count labels, memory changes, idle frames and busy addresses of sessions, all together."""
    statistics, busy = SessionStatistics(), BusyAddresses()
    numbers = [(reader, number) for reader in chosen_sessions(data, sessions) for number in reader.frame_set_ids()]
    with progress_bar("counting", len(numbers), shown=progress) as advance:
        for reader, number in numbers:
            frame_set = reader.frame_set(number, with_png=False)
            statistics.add(SetCounts.of(frame_set), reader.annotations(number))
            busy.add(frame_set)
            advance(1)
    console, busiest = SafeConsole(), busy.top(addresses)
    names = _names_of(data, dict.fromkeys(reader for reader, _ in numbers), [address for _, address, _ in busiest])
    for table in statistics_tables(statistics, busiest, names):
        console.print(table)
        console.print()


def _names_of(data: Path, sessions: Iterable[SessionReader], addresses: Iterable[int]) -> dict[int, str]:
    """Return the names in the words at some addresses, of all games together."""
    places = {place.path: place for place in (session_place(data, session) for session in sessions)}
    books = [read_book(place)[0] for place in places.values()]
    found = {
        address: dict.fromkeys(name.name for book in books for name in book.at(address, WORD_BYTES))
        for address in addresses
    }
    return {address: ", ".join(names) for address, names in found.items() if names}


def _row(data: Path, name: str) -> SessionRow:
    reader = SessionReader(session_folder(data, name))
    count = len(reader.frame_set_ids())
    try:
        return SessionRow(name, reader.metadata, count)
    except SessionError:
        return SessionRow(name, None, count)


def _print(*lines: str | Text) -> None:
    console = SafeConsole()
    for line in lines:
        console.print(escape(line) if isinstance(line, str) else line)
