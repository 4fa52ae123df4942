"""Probe of a session: finds its ROM, plays it again, tries moments, names a source. Shell."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from daemon.analysis.session_history import RecordedSession, open_history
from daemon.analysis.value_types import value_type
from daemon.finding.axes import presses_of, score_axis
from daemon.names.book import NameBook
from daemon.names.book_files import edit_book, session_book, session_place
from daemon.names.edits import give_name
from daemon.names.lookup import find_variable
from daemon.names.named_address import Status
from daemon.probing.axis_probe import AXES, AxisProbe
from daemon.probing.button_probe import ButtonProbe
from daemon.probing.cursor_probe import CursorProbe
from daemon.probing.moments import axis_moments, button_moments, menu_moments, spread
from daemon.probing.played_session import PlayedSession
from daemon.probing.poke_probe import PokeProbe, PokeTarget, copies_of, poke_moments
from daemon.probing.request import ProbedMoment, ProbeGroup, ProbeKind, ProbeRequest, ProbeResult, Verdict
from daemon.probing.rom_search import find_rom
from daemon.probing.savestates import SavestateCache
from daemon.processes.console_process import ConsoleProcess
from protocol.errors import AnalysisError, MomentError
from protocol.session.reader import stored_session

__all__ = ["probe", "probe_recorded"]

_MOMENTS = {ProbeKind.AXIS: 8, ProbeKind.CURSOR: 4, ProbeKind.BUTTON: 3, ProbeKind.POKE: 3}
"""Moments that are tried at most."""


class _Probe(Protocol):
    """Probe that tries one moment after the other."""

    def try_at(self, place: int) -> tuple[str, ...]:
        """Play from the moment after a set, and return what answered."""


def probe(data_folder: Path, request: ProbeRequest) -> ProbeResult:
    """Probe or poke in a core and a process of its own; blocks for some seconds.

    Args:
        data_folder: the session folders.
        request: what is asked.

    Raises:
        GbatraceError: there is no such session, its ROM is not found, no core works here, the core crashed, the game
            cannot be played again up to the moment, or the name is refused.
    """
    reader = stored_session(data_folder, request.session)
    recorded = open_history(data_folder, request.session).now
    book = session_book(data_folder, reader)
    rom = find_rom(data_folder, recorded.metadata, request.rom)
    result = probe_recorded(data_folder, recorded, book, rom, request, reader.start_state())
    return _named(data_folder, request, result) if request.name else result


def probe_recorded(
    data_folder: Path,
    recorded: RecordedSession,
    book: NameBook,
    rom: Path,
    request: ProbeRequest,
    start: bytes | None = None,
) -> ProbeResult:
    """Probe or poke a session that is open already; no name is given.

    Args:
        data_folder: keeps savestates.
        recorded: the session.
        book: names of its game.
        rom: its game.
        request: what is asked.
        start: the savestate from which the session starts; None for power-on.

    Raises:
        GbatraceError: as `probe`.
    """
    if not len(recorded.timeline):
        raise MomentError("Nothing has been recorded yet: play first.")
    core = Path(request.core) if request.core else None
    regions = [(region.base, region.size) for region in recorded.history.regions]
    with ConsoleProcess(rom, core, regions) as console:
        origin = (recorded.metadata.uuid, console.rom_hash, console.name)
        played = PlayedSession(recorded, console, SavestateCache(data_folder, request.session, *origin), start)
        groups, moments, notes = _KINDS[request.kind](played, recorded, book, request)
        return ProbeResult(
            session=request.session,
            kind=request.kind,
            groups=tuple(groups),
            moments=tuple(moments),
            frames=played.frames,
            forwarded=played.forwarded,
            rom=str(rom),
            core=console.name,
            notes=tuple(notes),
        )


_Answer = tuple[Sequence[ProbeGroup], Sequence[ProbedMoment], list[str]]


def _probe_axis(played: PlayedSession, recorded: RecordedSession, _book: NameBook, request: ProbeRequest) -> _Answer:
    history = recorded.history
    presses = [presses_of(recorded.timeline, *axis) for axis in AXES]
    scores = [score_axis(history, each) for each in presses]
    axis = AxisProbe(played, scores)
    places = axis_moments(history, list(zip(presses, scores, strict=True)), _MOMENTS[request.kind])
    moments, notes = _try(axis, played, recorded, request, places, lambda: axis.is_done)
    axis.try_jump()
    axis.settle()
    if axis.jumps:
        notes.append("Nothing moved both ways with Up and Down at the moments that were tried: it is what A moves.")
    silent = [group.name for group in axis.groups() if not group.candidates]
    notes += [
        f"Nothing moved both ways with {name} at the moments that were tried: name one with --at." for name in silent
    ]
    return axis.groups(), moments, notes


def _probe_cursor(played: PlayedSession, recorded: RecordedSession, _book: NameBook, request: ProbeRequest) -> _Answer:
    cursor = CursorProbe(played)
    presses = presses_of(recorded.timeline, *AXES[1])
    places = menu_moments(recorded.history, presses, _MOMENTS[request.kind])
    moments, notes = _try(cursor, played, recorded, request, places, lambda: cursor.is_done)
    if not cursor.is_done:
        notes.append("No cursor moved at the moments that were tried: name one in a menu with --at.")
    return cursor.groups(), moments, notes


def _probe_button(played: PlayedSession, recorded: RecordedSession, _book: NameBook, request: ProbeRequest) -> _Answer:
    button = ButtonProbe(played, request.button)
    places = button_moments(recorded.history, request.button, _MOMENTS[request.kind])
    moments, notes = _try(button, played, recorded, request, places, lambda: button.is_done)
    if not button.is_done:
        notes.append(f"{request.button} moved nothing at the moments that were tried: name one with --at.")
    return button.groups(), moments, notes


def _probe_poke(played: PlayedSession, recorded: RecordedSession, book: NameBook, request: ProbeRequest) -> _Answer:
    targets = [_target(recorded, book, text) for text in request.targets]
    if not targets:
        raise AnalysisError("Name a variable to poke, or its address, such as 0x03000A14:u16.")
    if len(targets) == 1:
        targets += copies_of(recorded.history, targets[0])
    pokes = PokeProbe(played, targets)
    places = poke_moments(recorded.history, targets, _MOMENTS[request.kind])
    moments, notes = _try(pokes, played, recorded, request, places, lambda: pokes.is_clear)
    return [ProbeGroup(request.targets[0], pokes.candidates())], moments, notes


_KINDS: dict[ProbeKind, Callable[[PlayedSession, RecordedSession, NameBook, ProbeRequest], _Answer]] = {
    ProbeKind.AXIS: _probe_axis,
    ProbeKind.CURSOR: _probe_cursor,
    ProbeKind.BUTTON: _probe_button,
    ProbeKind.POKE: _probe_poke,
}


def _try(
    tried: _Probe,
    played: PlayedSession,
    recorded: RecordedSession,
    request: ProbeRequest,
    places: list[int],
    is_done: Callable[[], bool],
) -> tuple[list[ProbedMoment], list[str]]:
    """Try one moment after the other until something has answered.

    Returns:
        The moments, and a sentence for each that could not be played up to.

    Raises:
        MomentError: none could.
    """
    timeline = recorded.timeline
    moments: list[ProbedMoment] = []

    def try_at(place: int) -> None:
        before = played.frames
        answered = tried.try_at(place)
        moments.append(ProbedMoment(int(timeline.numbers[place]), answered, played.frames - before))

    if request.at is not None:
        try_at(timeline.place_of(request.at))
        return moments, []
    refused: list[MomentError] = []
    count = _MOMENTS[request.kind]
    for place in dict.fromkeys([*places, *spread(len(timeline), count)][:count]):
        if is_done():
            break
        try:
            try_at(place)
        except MomentError as error:
            refused.append(error)
    if refused and not moments:
        raise refused[0]
    return moments, [str(error) for error in refused]


def _target(recorded: RecordedSession, book: NameBook, text: str) -> PokeTarget:
    """Read the target of a poke.

    Raises:
        NamesError: it is neither a name nor an address.
        ValueTypeError: there is no such value type.
        AnalysisError: it was not recorded.
    """
    variable, colon, type_name = text.rpartition(":")
    address, named_type = find_variable(book, variable if colon else text)
    kind = value_type(type_name if colon else named_type)
    position = recorded.history.position_of(address)
    recorded.history.values_of(position, kind)  # It fits into its region.
    return PokeTarget(position, kind)


def _named(data_folder: Path, request: ProbeRequest, result: ProbeResult) -> ProbeResult:
    """Give the name to the source, if there is one."""
    best = next((candidate for group in result.groups for candidate in group.candidates[:1]), None)
    if request.kind is not ProbeKind.POKE or best is None or best.verdict is not Verdict.SOURCE:
        refusal = f"{request.name} was not given: no poke showed which address is the source."
        return replace(result, notes=(*result.notes, refusal))
    place = session_place(data_folder, stored_session(data_folder, request.session))
    at = ", ".join(str(moment.at) for moment in result.moments)
    evidence = f"poked in {request.session} at frame set {at}: {best.reason}"
    known = session_book(data_folder, stored_session(data_folder, request.session)).find(request.name)
    given = {
        "name": request.name,
        "address": best.address,
        "type": best.type,
        "status": Status.CONFIRMED.value,
        "evidence": [*(known.evidence if known and known.address == best.address else ()), evidence[:200]],
        **({"who": request.who} if request.who else {}),
    }
    edit_book(place, lambda book: give_name(place, book, given))
    return replace(result, named=request.name)
