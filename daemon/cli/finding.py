"""Command that finds a variable by evidence: `find`. Shell."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from daemon.analysis.session_history import open_history
from daemon.analysis.value_types import value_type
from daemon.cli.commands import Commands, examples
from daemon.cli.options import JsonOption, SessionArgument, json_text, split_values
from daemon.console.safe_console import SafeConsole
from daemon.finding.accepting import accepted_fields
from daemon.finding.evidence import Axis, Query, parse_events, parse_readings
from daemon.finding.forms import Form
from daemon.finding.found import Certainty, Found, FoundCandidate, Mirror
from daemon.finding.saved_queries import read_queries, save_query
from daemon.finding.session_finder import SessionFinder
from daemon.names.book import NameBook
from daemon.names.book_files import edit_book, session_book, session_place
from daemon.names.edits import give_name
from daemon.names.lookup import add_names, name_at
from daemon.settings import DATA_FOLDER, DataOption
from protocol.errors import EvidenceError, SettingsError
from protocol.session.frame_set import hex_word
from protocol.session.layout import session_folder
from protocol.session.reader import stored_session
from protocol.wording import counted

__all__ = ["app"]

app = Commands(panel="Recorded memory")

_CONTEXT = "context"

_WORDS = {
    Certainty.CERTAIN: "Certain",
    Certainty.LIKELY: "Likely, and another label would tell",
    Certainty.UNSURE: "Unsure, as others fit about as well",
}
"""Certainty in words, before what leads."""

_SHOWN_COPIES = 6


@app.command(
    help="""Find a variable by what was seen of it: the address, with the evidence and a certainty.

- `--reading 812=23`: on the picture of frame set 812 stood 23; `"812=23 live"` where it was typed while playing
- `--event down@900,1033`: a key pressed when it fell; `up` and `changed` likewise; `"up@900 paused"` on a picture
- `--axis Left/Right`: it moves with these buttons
- `--context`, or `--field scene`: it tells the label of each frame set

Some may be wrong: each only costs its share. Without any evidence the one that was kept under that name is used.
""",
    epilog=examples(
        "gbatrace find evening-run --name hp --reading 812=23 --reading 1040=17 --event down@900,1033",
        "gbatrace find evening-run --name x --axis Left/Right",
        "gbatrace find evening-run --name state --context --accept",
    ),
)
def find(
    session: SessionArgument,
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Name of what is sought.")],
    readings: Annotated[
        list[str] | None, typer.Option("--reading", metavar="SET=NUMBER", help="A number that a picture shows.")
    ] = None,
    events: Annotated[
        list[str] | None, typer.Option("--event", metavar="up|down|changed@SET", help="When it changed.")
    ] = None,
    axis: Annotated[str, typer.Option("--axis", metavar="BUTTON/BUTTON", help="Buttons that move it.")] = "",
    context: Annotated[bool, typer.Option("--context", help="It tells the context: --field context.")] = False,  # noqa: FBT002
    field: Annotated[str, typer.Option("--field", metavar="FIELD", help="Label field whose value it tells.")] = "",
    limit: Annotated[int, typer.Option(min=1, metavar="NUMBER", help="How many candidates to list.")] = 10,
    accept: Annotated[bool, typer.Option("--accept", help="Give the name to the first candidate.")] = False,  # noqa: FBT002
    who: Annotated[str, typer.Option(metavar="NAME", help="Your name, for --accept.")] = "",
    keep: Annotated[bool, typer.Option("--keep", help="Keep the evidence with the session, for the page too.")] = False,  # noqa: FBT002
    as_json: JsonOption = False,  # noqa: FBT002
    data: DataOption = DATA_FOLDER,
) -> None:
    """Find a variable by what was seen of it."""
    if context and field not in {"", _CONTEXT}:
        raise SettingsError(f"A variable tells one label field: leave --context or --field {field} out.")
    query = Query(
        name=name,
        readings=parse_readings(split_values(readings)),
        events=parse_events(events or ()),
        axis=Axis.parse(axis) if axis else None,
        field=_CONTEXT if context else field or None,
    )
    reader = stored_session(data, session)
    folder = session_folder(data, session)
    if query.is_empty:
        query = read_queries(folder).queries.get(name, query)
        if query.is_empty:
            raise EvidenceError(f"Say what was seen of {name}: --reading, --event, --axis or --context.")
    recorded = open_history(data, session).now
    found = SessionFinder(recorded).find(recorded, query, limit)
    if keep:
        save_query(folder, query)
    accepted = _accept(data, session, query, found, who) if accept else []
    book = session_book(data, reader)
    if as_json:
        document = found.as_map()
        add_names(book, document["candidates"])
        typer.echo(json_text(document))
    else:
        _print_found(found, book, accepted)


def _accept(data: Path, session: str, query: Query, found: Found, who: str) -> list[str]:
    """Give the name to the first candidate; returns what there is to say of it."""
    fields = {**accepted_fields(query, found), **({"who": who} if who else {})}
    place = session_place(data, stored_session(data, session))
    entry, notes = edit_book(place, lambda book: give_name(place, book, fields))
    return [f"{entry.name} is {entry.type} at {hex_word(entry.address)} ({entry.status}).", *notes]


def _print_found(found: Found, book: NameBook, accepted: Sequence[str]) -> None:
    console = SafeConsole()
    if found.candidates:
        _print_candidates(console, found.candidates, book)
        _print_evidence(console, found.candidates[0])
    for problem in found.problems:
        console.print(escape(problem))
    console.print(escape(_conclusion(found)))
    if found.ask is not None:
        console.print(f"Look at frame set {found.ask} next and add what it shows: --reading {found.ask}=…")
    for line in accepted:
        console.print(escape(line))


def _print_candidates(console: SafeConsole, candidates: Sequence[FoundCandidate], book: NameBook) -> None:
    table = Table("address", "name", "type", "shown", "value", "changes", "score", "evidence", box=None)
    for each in candidates:
        holding = sum(line.holds for line in each.evidence)
        table.add_row(
            hex_word(each.address),
            escape(name_at(book, each.address, each.type.width)),
            each.type.name,
            "" if each.form is Form.EQUAL else str(each.form),
            "unknown" if each.value is None else each.type.format(each.value),
            f"{each.changes:,}",
            f"{each.score:.1f}",
            f"{holding} of {len(each.evidence)}",
        )
    console.print(table)


def _print_evidence(console: SafeConsole, first: FoundCandidate) -> None:
    console.print(f"\nEvidence for {hex_word(first.address)}:")
    table = Table("frame set", "label", "", "nats", box=None)
    for line in first.evidence:
        text = escape(line.text) if line.holds else f"[red]but {escape(line.text)}[/red]"
        where = str(line.number) if line.kind.has_picture else ""
        table.add_row(where, str(line.kind), text, f"{line.nats:+.1f}")
    console.print(table)
    copies = [mirror for mirror in first.mirrors if not _overlaps(mirror, first)]
    if copies:
        shown = ", ".join(f"{hex_word(copy.address)} {copy.type}" for copy in copies[:_SHOWN_COPIES])
        more = f" and {len(copies) - _SHOWN_COPIES} more" if len(copies) > _SHOWN_COPIES else ""
        console.print(f"The same values are at {shown}{more}: gbatrace probe --poke tells a variable from its copies.")


def _overlaps(mirror: Mirror, first: FoundCandidate) -> bool:
    """Return whether a mirror is the same bytes read otherwise."""
    return (
        mirror.address < first.address + first.type.width
        and first.address < mirror.address + value_type(mirror.type).width
    )


def _conclusion(found: Found) -> str:
    """Write the certainty in words."""
    if not found.candidates:
        return f"Nothing was found for {found.name} among {counted(found.considered, 'candidate')}."
    first = found.candidates[0]
    lead = f"{hex_word(first.address)} leads by {found.lead:.1f} nats among {counted(found.considered, 'candidate')}"
    return f"{_WORDS[found.certainty]}: {lead}."
