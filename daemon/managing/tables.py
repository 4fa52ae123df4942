"""Sessions and their statistics as text for the terminal. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from protocol.session.frame_set import hex_word
from protocol.session.metadata import CONFIG_CONTENT, SessionMetadata
from protocol.session.origin import ORIGIN, parse_origin
from protocol.session.statistics import SessionStatistics
from protocol.wording import counted

__all__ = ["SessionRow", "session_facts", "session_lines", "statistics_tables"]

_INDENT = "  "
_TOP_VALUES = 10


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A line of the list of sessions.

    Args:
        session_id: the session.
        metadata: its metadata; None where that is damaged.
        frame_sets: how many folders of frame sets it has.
    """

    session_id: str
    metadata: SessionMetadata | None
    frame_sets: int

    def as_map(self) -> dict[str, object]:
        """Return the line for programs; `created` is ms since the epoch."""
        metadata = self.metadata
        known = (
            {}
            if metadata is None
            else {
                "game_name": metadata.game_name,
                "created": metadata.created,
                "ended_by": metadata.ended_by,
                "flawed": metadata.lost.flawed,
                **_parent(metadata),
            }
        )
        return {"session_id": self.session_id, "frame_sets": self.frame_sets, "damaged": metadata is None, **known}


def session_lines(row: SessionRow) -> list[Text]:
    """Describe a session in two lines: its name alone, so that it can be copied, then the rest."""
    name, metadata = Text(row.session_id, "bold"), row.metadata
    sets = counted(row.frame_sets, "frame set")
    if metadata is None:
        return [name, Text.assemble(_INDENT, ("damaged", "red"), f", {sets}")]
    ending = (metadata.ending, "" if metadata.ended_by or metadata.is_of_a_log else "yellow")
    flawed = f", {metadata.lost.flawed:,} flawed" if metadata.lost.flawed else ""
    game = f"{metadata.game_name}, " if metadata.game_name else ""
    origin = parse_origin(metadata.recorder)
    branch = f"{origin.parent}, " if origin and origin.parent else ""
    return [name, Text.assemble(_INDENT, f"{game}{_moment(metadata.created)}, {sets}{flawed}, {branch}", ending)]


def session_facts(metadata: SessionMetadata, frame_sets: int) -> list[Text]:
    """List the metadata of a session, a fact a line, never cut."""
    facts = list(_facts(metadata, frame_sets))
    width = max(len(name) for name, _ in facts)
    return [Text.assemble((name.ljust(width), "bold"), "  ", value) for name, value in facts]


def statistics_tables(
    statistics: SessionStatistics, busiest_addresses: Iterable[tuple[str, int, int]], names: Mapping[int, str]
) -> Iterator[Table]:
    """Make the tables of a session's statistics.

    Args:
        statistics: its counts.
        busiest_addresses: `(region, address, changes)`, most changes first.
        names: what lies in the words at those addresses; without any there is no column for it.
    """
    yield _summary(statistics)
    changes = Table("changes", box=None)
    changes.add_column("count", justify="right")
    changes.add_column("per frame set", justify="right")
    for region, count in sorted(statistics.changes.items()):
        changes.add_row(region, f"{count:,}", f"{count / statistics.frame_sets:,.1f}")
    yield changes
    if statistics.held:
        yield _shares("button", "frames", statistics.held.most_common(), statistics.frames)
    for name, values in statistics.labels.items():
        if values:
            yield _shares(name, "frame sets", values.most_common(_TOP_VALUES), statistics.frame_sets)
    busiest = Table("busiest address", "region", box=None)
    busiest.add_column("changes", justify="right")
    if names:
        busiest.add_column("names")
    for region, address, count in busiest_addresses:
        named = [escape(names.get(address, ""))] if names else []
        busiest.add_row(hex_word(address), region, f"{count:,}", *named)
    yield busiest


def _summary(statistics: SessionStatistics) -> Table:
    table = Table(box=None, show_header=False)
    table.add_column(style="bold")
    table.add_column(justify="right")
    table.add_row("frame sets", f"{statistics.frame_sets:,}")
    table.add_row("flawed", f"{statistics.flawed:,}")
    table.add_row("minutes of play", f"{statistics.minutes:,.1f}")
    table.add_row("frame sets per minute", f"{statistics.sets_per_minute:,.0f}")
    table.add_row("frames without a button", f"{statistics.idle_share:.1%}")
    table.add_row("labelled", f"{statistics.labelled:,}")
    table.add_row("labelled completely", f"{statistics.complete:,}")
    return table


def _shares(name: str, unit: str, values: Iterable[tuple[str, int]], total: int) -> Table:
    table = Table(name, box=None)
    table.add_column(unit, justify="right")
    table.add_column("share", justify="right")
    for value, count in values:
        table.add_row(value, f"{count:,}", f"{count / total:.1%}")
    return table


def _facts(metadata: SessionMetadata, frame_sets: int) -> Iterator[tuple[str, str]]:
    yield "session", metadata.session_id
    yield "game", metadata.game_name or "not known"
    yield "game config", metadata.game_config or "none"
    yield "recorded", _moment(metadata.created)
    yield "ended", f"{_moment(metadata.ended)}, {metadata.ended_by}" if metadata.ended else metadata.ending
    yield "frame sets", f"{frame_sets:,}, of {metadata.num_frames_per_set} frames"
    yield "frame set ids", "none" if metadata.first_set is None else f"{metadata.first_set} to {metadata.last_set}"
    lost = metadata.lost
    yield "flawed", f"{lost.flawed:,}, of which {lost.screenshots:,} lack a screenshot"
    yield "lost", counted(lost.frame_sets, "frame set")
    if metadata.source_csv:
        yield "source", metadata.source_csv
    for name, value in metadata.recorder.items():
        if name == ORIGIN and (origin := parse_origin(metadata.recorder)):
            yield name, str(origin)
        elif name != CONFIG_CONTENT:
            yield name.replace("_", " "), _plain(value)


def _parent(metadata: SessionMetadata) -> dict[str, object]:
    origin = parse_origin(metadata.recorder)
    return {"parent": asdict(origin.parent)} if origin and origin.parent else {}


def _plain(value: object) -> str:
    match value:
        case {"name": str(name), "base": int(base), "size": int(size)}:
            return f"{name} {hex_word(base)}, {size / 1024:,g} KiB"
        case [{}, *_]:
            return "; ".join(map(_plain, value))
        case [*_]:
            return ", ".join(map(_plain, value))
        case _:
            return str(value)


def _moment(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000).astimezone().strftime("%Y-%m-%d %H:%M")
