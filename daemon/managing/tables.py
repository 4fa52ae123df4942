"""Sessions and their statistics as tables for the terminal. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from rich.table import Table

from protocol.session.frame_set import hex_word
from protocol.session.metadata import CONFIG_CONTENT, SessionMetadata
from protocol.session.statistics import SessionStatistics

__all__ = ["SessionRow", "session_facts", "sessions_table", "statistics_tables"]

_TOP_VALUES = 10


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A line of the list of sessions.

    Args:
        session_id: the session.
        metadata: what it says of itself; None where that is damaged.
        frame_sets: how many folders of frame sets it has.
    """

    session_id: str
    metadata: SessionMetadata | None
    frame_sets: int

    def as_map(self) -> dict[str, object]:
        """Return the line for programs; `created` is ms since the epoch."""
        metadata = self.metadata
        told = (
            {}
            if metadata is None
            else {
                "game_name": metadata.game_name,
                "created": metadata.created,
                "ended_by": metadata.ended_by,
                "flawed": metadata.lost.flawed,
            }
        )
        return {"session_id": self.session_id, "frame_sets": self.frame_sets, "damaged": metadata is None, **told}


def sessions_table(rows: Iterable[SessionRow]) -> Table:
    """List sessions."""
    table = Table(box=None)
    # A name is folded where the line is too narrow for it, never shortened: it is what other commands are given.
    table.add_column("session", overflow="fold")
    for name in ("game", "recorded", "ended by"):
        table.add_column(name)
    table.add_column("frame sets", justify="right")
    table.add_column("flawed", justify="right")
    for row in rows:
        metadata = row.metadata
        if metadata is None:
            table.add_row(row.session_id, "", "", "[red]damaged[/red]", f"{row.frame_sets:,}", "")
            continue
        table.add_row(
            row.session_id,
            metadata.game_name,
            _moment(metadata.created),
            metadata.ending if metadata.ended_by or metadata.is_of_a_log else f"[yellow]{metadata.ending}[/yellow]",
            f"{row.frame_sets:,}",
            f"{metadata.lost.flawed:,}" if metadata.lost.flawed else "",
        )
    return table


def session_facts(metadata: SessionMetadata, frame_sets: int) -> Table:
    """Tell everything that a session says of itself."""
    table = Table(box=None, show_header=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, value in _facts(metadata, frame_sets):
        table.add_row(name, value)
    return table


def statistics_tables(
    statistics: SessionStatistics, busiest_addresses: Iterable[tuple[str, int, int]]
) -> Iterator[Table]:
    """Tell what a session is made of.

    Args:
        statistics: its counts.
        busiest_addresses: `(region, address, changes)`, most changes first.
    """
    yield _summary(statistics)
    changes = Table("changes", box=None)
    changes.add_column("count", justify="right")
    changes.add_column("per frame set", justify="right")
    for region, count in sorted(statistics.changes.items()):
        changes.add_row(region, f"{count:,}", f"{count / statistics.frame_sets:.1f}")
    yield changes
    if statistics.held:
        yield _shares("button", "frames", statistics.held.most_common(), statistics.frames)
    for name, values in statistics.labels.items():
        if values:
            yield _shares(name, "frame sets", values.most_common(_TOP_VALUES), statistics.frame_sets)
    busiest = Table("busiest address", "region", box=None)
    busiest.add_column("changes", justify="right")
    for region, address, count in busiest_addresses:
        busiest.add_row(hex_word(address), region, f"{count:,}")
    yield busiest


def _summary(statistics: SessionStatistics) -> Table:
    table = Table(box=None, show_header=False)
    table.add_column(style="bold")
    table.add_column(justify="right")
    table.add_row("frame sets", f"{statistics.frame_sets:,}")
    table.add_row("flawed", f"{statistics.flawed:,}")
    table.add_row("minutes of play", f"{statistics.minutes:.1f}")
    table.add_row("frame sets per minute", f"{statistics.sets_per_minute:.0f}")
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
    yield "flawed", f"{lost.flawed:,}, {lost.screenshots:,} without a screenshot; {lost.frame_sets:,} lost"
    if metadata.source_csv:
        yield "source", metadata.source_csv
    for name, value in metadata.recorder.items():
        if name != CONFIG_CONTENT:
            yield name.replace("_", " "), str(value)


def _moment(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000).astimezone().strftime("%Y-%m-%d %H:%M")
