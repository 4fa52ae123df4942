"""Commands that look into recorded memory: `search`, `values`, `memory`. Shell."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from daemon.analysis.addresses import AddressRange
from daemon.analysis.candidates import Order
from daemon.analysis.filters import parse_filters
from daemon.analysis.history import Steps
from daemon.analysis.moments import parse_moment, place_of
from daemon.analysis.saved_searches import (
    SavedSearches,
    read_saved_searches,
    read_search_file,
    save_search,
    write_search_file,
)
from daemon.analysis.search import Search, SearchEngine, SearchFilter, SearchResult
from daemon.analysis.session_history import RecordedSession, open_history
from daemon.analysis.value_types import VALUE_TYPES, type_names, value_type
from daemon.cli.commands import Commands, examples
from daemon.cli.options import JsonOption, SessionArgument, json_text, split_values
from daemon.console.plots import bars_for, curve_plot, resampled, sparkline
from daemon.console.safe_console import SafeConsole
from daemon.disk.files import map_os_errors, write_file
from daemon.names.book import NameBook
from daemon.names.book_files import session_book
from daemon.names.lookup import add_names, find_variable, name_at
from daemon.settings import DATA_FOLDER, DataOption
from protocol.errors import FilterError, SettingsError
from protocol.session.frame_set import hex_word
from protocol.session.layout import SessionFolder, session_folder
from protocol.session.reader import stored_session
from protocol.session.word_numbers import left_out_sentence
from protocol.wording import counted

__all__ = ["app"]

app = Commands(panel="Recorded memory")

_FILE = ".json"
"""Ending that distinguishes a file of searches from a name."""

_SPARK = 24
_PLOT_LINES = 12
_PLOT_COLUMNS = 100
_PLOT_MARGIN = 16
"""Columns for the scale of a plot: a number with six digits, a point, a sign and an exponent."""

_AtOption = Annotated[
    str, typer.Option("--at", metavar="MOMENT", help="Moment of the values: a frame set, last, mark 2, 12:31.5 …")
]


@app.command(
    help="""Find addresses by what they did in a session.

Filters are separated by `;` and their order does not matter:

- `= 7 @ last`, `!= 7 @ 300`, `between 3 9 @ 12:31.5`: the value at a moment
- `= @300 @ last`, `> @mark 1 @ mark 2`: the value at two moments
- `rose 300..700`, `fell`, `changed`, `same`, `changed by -3 300..700`: over a stretch
- `times >= 4 300..700`: how often it changed
- `only while A`, `only in context=battle`: when it changed
- `changes with 0x03000A14`: wherever that changed

Moments are frame sets, `first`, `last`, `mark 2`, `12:31.5` or `start of context=battle #3`.
""",
    epilog=examples(
        'gbatrace search evening-run --where "same 300..700; rose 700..900; = 7 @ last"',
        'gbatrace search evening-run --where "fell 12:31..12:33" --type u8,u16 --region ewram --save hit',
        "gbatrace search next-run --load hit.json --json",
    ),
)
def search(
    session: SessionArgument,
    where: Annotated[
        list[str] | None, typer.Option("--where", metavar="FILTERS", help="Filters, separated by ;")
    ] = None,
    types: Annotated[
        list[str] | None,
        typer.Option("--type", metavar="TYPES", help=f"Value types: {', '.join(VALUE_TYPES)}. All without it."),
    ] = None,
    regions: Annotated[list[str] | None, typer.Option("--region", metavar="NAME", help="Search this region.")] = None,
    ranges: Annotated[
        list[str] | None, typer.Option("--range", metavar="FROM..TO", help="Search these addresses, in hex.")
    ] = None,
    excluded: Annotated[
        list[str] | None, typer.Option("--exclude", metavar="FROM..TO", help="Leave these addresses out.")
    ] = None,
    aligned: Annotated[  # noqa: FBT002
        bool, typer.Option("--aligned", help="Only values at multiples of their size.")
    ] = False,
    at: _AtOption = "last",
    order: Annotated[
        Order, typer.Option("--order", metavar="ORDER", help=f"Order of the candidates: {', '.join(Order)}.")
    ] = Order.INTEREST,
    limit: Annotated[int, typer.Option(min=0, metavar="NUMBER", help="How many addresses to list.")] = 20,
    as_json: JsonOption = False,  # noqa: FBT002
    load: Annotated[
        str, typer.Option("--load", metavar="FILE|NAME", help="Begin with a search saved with the session, or a file.")
    ] = "",
    save: Annotated[
        str, typer.Option("--save", metavar="FILE|NAME", help=f"Save the search; as a new file if it ends in {_FILE}.")
    ] = "",
    data: DataOption = DATA_FOLDER,
) -> None:
    """Find addresses by what they did in a session."""
    folder = session_folder(data, session)
    if save.endswith(_FILE):
        _require_absent(Path(save), "--save")
    chosen = _asked(
        _loaded(folder, load),
        filters="; ".join(where or ()),
        types=split_values(types),
        regions=tuple(split_values(regions)),
        ranges=tuple(map(AddressRange.parse, split_values(ranges))),
        excluded=tuple(map(AddressRange.parse, split_values(excluded))),
        aligned=aligned,
    )
    if not chosen.filters:
        raise SettingsError(f"Give filters with --where, or a search with --load; saved: {_saved_names(folder)}.")
    recorded = open_history(data, session).now
    moment = parse_moment(at)
    book = _book(data, session)
    engine = SearchEngine(recorded, lambda name: find_variable(book, name)[0])
    result = engine.search(chosen, at=moment, order=order, limit=limit)
    if save:
        _save(folder, save, chosen)
    if as_json:
        document = result.as_map()
        add_names(book, document["candidates"])
        typer.echo(json_text(document))
    else:
        _print_result(result, book, save)


@app.command(
    epilog=examples(
        "gbatrace values evening-run party[0].hp --plot",
        "gbatrace values evening-run 0x02004A1C --type u16 --csv > hp.csv",
    )
)
def values(
    session: SessionArgument,
    variable: Annotated[str, typer.Argument(metavar="NAME|ADDRESS", help="Its name, or its bus address in hex.")],
    type_name: Annotated[
        str, typer.Option("--type", metavar="TYPE", help="Its value type; that of its name, or u8.")
    ] = "",
    as_csv: Annotated[bool, typer.Option("--csv", help="Write CSV: frame set, frame, seconds, value.")] = False,  # noqa: FBT002
    plot: Annotated[bool, typer.Option("--plot", help="Draw the curve.")] = False,  # noqa: FBT002
    limit: Annotated[int, typer.Option(min=1, metavar="NUMBER", help="How many of the latest changes to list.")] = 20,
    data: DataOption = DATA_FOLDER,
) -> None:
    """Show a value over a whole session: its first one, and each frame set in which it changed."""
    if as_csv and plot:
        raise SettingsError("Values are written or drawn: choose --csv or --plot.")
    recorded = open_history(data, session).now
    address, named_type = find_variable(_book(data, session), variable)
    steps = recorded.history.values_of(recorded.history.position_of(address), value_type(type_name or named_type))
    if as_csv:
        typer.echo(_csv(recorded, steps), nl=False)
    elif plot:
        _print_plot(recorded, steps)
    else:
        _print_steps(recorded, steps, limit)


@app.command(epilog=examples("gbatrace memory evening-run --at 12:31.5 --output dump.bin"))
def memory(
    session: SessionArgument,
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="File to write; it must not exist.")],
    at: _AtOption = "last",
    data: DataOption = DATA_FOLDER,
) -> None:
    """Write all of memory at a moment: region after region, zeros where it is not known."""
    _require_absent(output, "--output")
    recorded = open_history(data, session).now
    number = int(recorded.timeline.numbers[place_of(parse_moment(at), recorded)])
    found = recorded.history.memory_at(number)
    with map_os_errors(output):
        write_file(output, found.image.tobytes())
    console = SafeConsole()
    console.print(f"Wrote memory after frame set {number} to {escape(str(output))}:")
    offset = 0
    for region in recorded.history.regions:
        console.print(f"  {region.name} {hex_word(region.base)}, {region.size:,} bytes from byte {offset:,}")
        offset += region.size
    if not found.known.all():
        console.print(f"  not known, and zeros there: {counted(int((~found.known).sum()), 'byte')}")


def _asked(
    loaded: Search,
    *,
    filters: str,
    types: Sequence[str],
    regions: tuple[str, ...],
    ranges: tuple[AddressRange, ...],
    excluded: tuple[AddressRange, ...],
    aligned: bool,
) -> Search:
    """Add what was typed to a saved search."""
    return Search(
        filters=(*loaded.filters, *map(SearchFilter, parse_filters(filters))),
        types=type_names(types) if types else loaded.types,
        regions=regions or loaded.regions,
        ranges=ranges or loaded.ranges,
        excluded=(*loaded.excluded, *excluded),
        aligned=aligned or loaded.aligned,
    )


def _loaded(folder: SessionFolder, named: str) -> Search:
    if not named:
        return Search()
    if not named.endswith(_FILE):
        return read_saved_searches(folder).named(named)
    searches = read_search_file(Path(named)).searches
    if len(searches) > 1:
        raise FilterError(f"{named} has several searches ({', '.join(searches)}): leave one in it.")
    return next(iter(searches.values()))


def _require_absent(path: Path, option: str) -> None:
    """Refuse to replace a file.

    Raises:
        SettingsError: it exists.
    """
    if path.exists():
        raise SettingsError(f"{path} exists already: choose another file with {option}.")


def _save(folder: SessionFolder, named: str, chosen: Search) -> None:
    if named.endswith(_FILE):
        path = Path(named)
        write_search_file(path, SavedSearches().saved(path.stem, chosen))
    else:
        save_search(folder, named, chosen)


def _saved_names(folder: SessionFolder) -> str:
    return ", ".join(read_saved_searches(folder).searches) or "none"


def _book(data: Path, session: str) -> NameBook:
    return session_book(data, stored_session(data, session))


def _print_result(result: SearchResult, book: NameBook, saved: str) -> None:
    console = SafeConsole()
    for count in result.counts:
        if count.passes is None:
            console.print(f"[dim]off  {escape(str(count.filter))}[/dim]")
        else:
            unknown = f" [dim]({count.unknown:,} unknown)[/dim]" if count.unknown else ""
            console.print(f"[bold]{count.passes:>11,}[/bold]  {escape(str(count.filter))}{unknown}")
    if result.candidates:
        bars = bars_for(console.encoding)
        table = Table("address", "name", "region", "type", "value", "changes", "curve", box=None)
        for each in result.candidates:
            value = "unknown" if each.value is None else value_type(each.type).format(each.value)
            table.add_row(
                hex_word(each.address),
                escape(name_at(book, each.address, value_type(each.type).width)),
                escape(each.region),
                each.type + (f" [dim]+{len(each.also)}[/dim]" if each.also else ""),
                value,
                f"{each.changes:,}",
                sparkline(each.curve.values[-_SPARK:], bars),
            )
        console.print(table)
    if result.hint:
        console.print(escape(result.hint))
    else:
        shown = len(result.candidates)
        rest = f"; the first {shown:,} are shown" if shown < result.addresses else ""
        left = counted(result.left, "candidate")
        console.print(f"{left} left at {result.addresses:,} address{'' if result.addresses == 1 else 'es'}{rest}.")
    if result.unknown:
        console.print(f"{counted(result.unknown, 'candidate')} could not be judged: a value is not known there.")
    if result.left_out:
        console.print(f"{left_out_sentence(result.left_out)}.")
    if saved:
        console.print(f"The search is saved as {escape(saved)}.")


def _csv(recorded: RecordedSession, steps: Steps) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["frame_set", "frame", "seconds", "value"])
    writer.writerows(_rows(recorded, steps))
    return text.getvalue()


def _rows(recorded: RecordedSession, steps: Steps) -> list[tuple[int, int, float, int | float | str]]:
    timeline = recorded.timeline
    frames = timeline.frames_at(steps.time)
    seconds = (timeline.timestamps[frames] - timeline.timestamps[0]) / 1000 if len(frames) else []
    return [
        (number, frame, second, "" if value is None else value)
        for number, frame, second, value in zip(
            timeline.numbers_at(steps.time).tolist(),
            timeline.frames[frames].tolist(),
            [round(float(each), 3) for each in seconds],
            steps.numbers(),
            strict=True,
        )
    ]


def _print_steps(recorded: RecordedSession, steps: Steps, limit: int) -> None:
    console = SafeConsole()
    table = Table("frame set", "seconds", "value", box=None)
    rows = _rows(recorded, steps)
    for number, _, second, value in rows[-limit:]:
        table.add_row(str(number), f"{second:.3f}", "unknown" if value == "" else str(value))
    console.print(table)
    if limit < len(rows):
        console.print(f"The latest {limit:,} of {len(rows):,} values; --csv writes all.")


def _print_plot(recorded: RecordedSession, steps: Steps) -> None:
    console = SafeConsole()
    timeline = recorded.timeline
    end = len(timeline) * timeline.stride - 1
    columns = max(1, min(_PLOT_COLUMNS, console.width - _PLOT_MARGIN))
    curve = resampled(steps.time, steps.numbers(), end, columns)
    for line in curve_plot(curve, _PLOT_LINES, bars_for(console.encoding)):
        console.print(escape(line))
    if len(timeline):
        console.print(f"frame sets {timeline.numbers[0]} to {timeline.numbers[-1]}, {counted(len(steps), 'value')}")
