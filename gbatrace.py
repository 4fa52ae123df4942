"""Recorded memory of Game Boy Advance games, for notebooks and programs.

    import gbatrace

    run = gbatrace.open("data/evening-run")
    run.search("same 300..700; rose 700..900; = 7 @ last").candidates
    run.find("hp", readings={812: 23, 1040: 17}, events="down@900,1033").candidates
    run.values("party[0].hp").at_each_set()
    run.memory_at(300).image

A session is opened by its folder, also while it is being recorded: `refresh` takes what was stored since.
`docs/memory_lab.ipynb` is a tour.

    env = gbatrace.make_env("gbatrace_demo", observe="picture+variables", actions="discrete")

is an environment of Gymnasium in which the game is played, see `docs/environment.md`.
"""

import itertools
import operator
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.addresses import AddressRange
from daemon.analysis.candidates import Order
from daemon.analysis.filters import parse_filters
from daemon.analysis.history import MemoryAt
from daemon.analysis.moments import parse_moment, place_of
from daemon.analysis.search import Candidate, Search, SearchEngine, SearchFilter, SearchResult
from daemon.analysis.session_history import SessionHistory
from daemon.analysis.value_types import type_names, value_type
from daemon.finding.evidence import Axis, Query, Reading, parse_events, parse_readings
from daemon.finding.found import Found, FoundCandidate
from daemon.finding.session_finder import SessionFinder
from daemon.names.book import NameBook
from daemon.names.book_files import session_book
from daemon.names.lookup import find_variable
from daemon.names.named_address import NamedAddress
from daemon.probing.request import ProbeRequest, ProbeResult
from daemon.probing.service import probe
from daemon.replaying.result import Replay
from daemon.suggesting.snapping import Snap
from daemon.suggesting.suggester import Suggester
from daemon.suggesting.suggestions import SUGGESTED_FIELD, Suggestions, suggested_field
from protocol.bus.memory_questions import DEFAULT_CANDIDATES, DEFAULT_FOUND
from protocol.errors import FilterError, GbatraceError, SettingsError
from protocol.recorded_inputs import parse_presses
from protocol.regions import Region
from protocol.session.annotations import Annotations
from protocol.session.metadata import SessionMetadata
from protocol.session.reader import open_session
from protocol.version import PACKAGE_VERSION
from protocol.wording import how_to_install

if TYPE_CHECKING:
    from daemon.environment.game_environment import GameEnvironment

__all__ = [
    "Annotations",
    "Candidate",
    "Found",
    "FoundCandidate",
    "GbatraceError",
    "MemoryAt",
    "NamedAddress",
    "ProbeResult",
    "Replay",
    "SearchResult",
    "Session",
    "Snap",
    "Suggestions",
    "Values",
    "make_env",
    "open",
    "register_envs",
]

__version__ = PACKAGE_VERSION


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """A value over a session: from each frame set on, until the next, shape (m,) each.

    Args:
        numbers: frame set ids, ascending; one may come twice where the value changed twice in it.
        seconds: times since the start of the session.
        values: as numbers of the type; they mean nothing where they are not known.
        known: whether all bytes are known from then on, and are a value of the type.
        sets: ids of all frame sets of the session, shape (n,).
    """

    numbers: NDArray[np.uint32]
    seconds: NDArray[np.float64]
    values: NDArray[Any]
    known: NDArray[np.bool_]
    sets: NDArray[np.uint32]

    def at_each_set(self) -> NDArray[np.float64]:
        """Return the value after each frame set, NaN where it is not known: shape (n,)."""
        place = np.searchsorted(self.numbers, self.sets, "right") - 1
        dense = np.full(len(self.sets), np.nan)
        some = place >= 0
        dense[some] = np.where(self.known, self.values, np.nan)[place[some]]
        return dense


class Session:
    """A recorded session. Made by `open`.

    Moments are numbers of frame sets, or texts such as `last`, `mark 2`, `12:31.5` or `start of context=battle`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._history = SessionHistory(open_session(folder))
        self._engine = SearchEngine(self._history.now, self._address_of)
        self._suggester = Suggester()
        self._finder = SessionFinder(self._history.now)

    def refresh(self) -> bool:
        """Take what was stored since the last time.

        Returns:
            Whether there is anything new but labels.

        Raises:
            GbatraceError: the session is no longer there, or cannot be read.
        """
        is_new = self._history.refresh()
        self._engine.renew(self._history.now)
        return is_new

    @property
    def name(self) -> str:
        """The session's name, that of its folder."""
        return self._folder.name

    @property
    def metadata(self) -> SessionMetadata:
        """The session's metadata."""
        return self._history.now.metadata

    @property
    def regions(self) -> tuple[Region, ...]:
        """Regions that were recorded, in the order of memory images."""
        return self._history.history.regions

    @property
    def numbers(self) -> NDArray[np.uint32]:
        """Ids of its frame sets, ascending, shape (n,)."""
        return self._history.now.timeline.numbers

    @property
    def marks(self) -> list[int]:
        """Ids of the frame sets in which marks were set."""
        return list(self._history.now.marks)

    @property
    def labels(self) -> Mapping[int, Annotations]:
        """Labels by frame set id; sets without any are not there.

        Raises:
            GbatraceError: they cannot be read.
        """
        found = ((number, self._history.now.labels_of(number)) for number in self.numbers.tolist())
        return {number: labels for number, labels in found if labels is not None}

    @property
    def names(self) -> NameBook:
        """Names of the game's memory: `names.get("money")`, `names.at(0x03000086)`, `names.names`.

        Raises:
            GbatraceError: the session's metadata cannot be read.
        """
        return session_book(self._folder.parent, open_session(self._folder))

    def memory_at(self, moment: int | str = "last") -> MemoryAt:
        """Return all of memory at a moment.

        `image` is u8 of shape (bytes,), `known` bool of the same shape.

        Raises:
            GbatraceError: the session has no such moment.
        """
        now = self._history.now
        return now.history.memory_at(int(now.timeline.numbers[place_of(parse_moment(str(moment)), now)]))

    def values(self, variable: SupportsIndex | str, type: str = "") -> Values:  # noqa: A002 - the field's own word
        """Return a value over the whole session.

        Args:
            variable: its bus address (numpy's numbers too), or its name.
            type: its value type, such as `u16` or `fixed20.12`; that of its name, or u8.

        Raises:
            GbatraceError: there is no such address, name or type.
        """
        text = variable if isinstance(variable, str) else f"0x{operator.index(variable):08X}"
        address, named_type = find_variable(self.names, text)
        now = self._history.now
        steps = now.history.values_of(now.history.position_of(address), value_type(type or named_type))
        timeline = now.timeline
        milliseconds = timeline.timestamps[timeline.frames_at(steps.time)] - timeline.timestamps[:1]
        return Values(
            numbers=timeline.numbers_at(steps.time),
            seconds=milliseconds / 1000,
            values=steps.typed.values,
            known=steps.typed.where_valid(steps.known),
            sets=timeline.numbers,
        )

    def search(
        self,
        where: str,
        *,
        types: Sequence[str] | str = (),
        regions: Sequence[str] | str = (),
        ranges: Sequence[str] | str = (),
        excluded: Sequence[str] | str = (),
        aligned: bool = False,
        at: int | str = "last",
        order: str = Order.INTEREST,
        limit: int = DEFAULT_CANDIDATES,
    ) -> SearchResult:
        """Find addresses by what they did.

        Filters are remembered: to change one costs that one alone.

        Args:
            where: filters, separated by `;`: see `gbatrace search --help`.
            types: value types among which to search, several or one; all without any.
            regions: names of regions.
            ranges: of bus addresses, such as `03000000..030000FF`.
            excluded: ranges that are left out.
            aligned: only values at multiples of their size.
            at: moment at which the candidates have their values.
            order: of the candidates: `interest`, `address`, `changes` or `value`.
            limit: how many addresses to list.

        Raises:
            GbatraceError: a filter cannot be read, or not be used on this session; the sentence says why.
        """
        if order not in list(Order):
            raise FilterError(f"{order[:60]!r} is no order of candidates: choose one of {', '.join(Order)}.")
        if limit < 0:
            raise FilterError(f"{limit} addresses cannot be listed: choose a limit from 0.")
        search = Search(
            filters=tuple(map(SearchFilter, parse_filters(where))),
            types=type_names(_several(types)),
            regions=_several(regions),
            ranges=tuple(map(AddressRange.parse, _several(ranges))),
            excluded=tuple(map(AddressRange.parse, _several(excluded))),
            aligned=aligned,
        )
        return self._engine.search(search, at=parse_moment(str(at)), order=Order(order), limit=limit)

    def find(
        self,
        name: str,
        *,
        readings: Mapping[int, float] | Sequence[str] | str = (),
        events: Sequence[str] | str = (),
        axis: str = "",
        field: str = "",
        limit: int = DEFAULT_FOUND,
    ) -> Found:
        """Find a variable by what was seen of it.

        What a label says is remembered: one more costs that one alone.

        Args:
            name: what you call it.
            readings: numbers that pictures showed, by frame set, or as texts: `812=23`, `812=23 live`.
            events: when it changed: `down@900,1033`, `up@900 paused`.
            axis: opposite buttons that move it: `Left/Right`.
            field: label field whose value it tells: `context`.
            limit: how many candidates to list.

        Raises:
            GbatraceError: some of it cannot be read, or not be used on this session; the sentence says why.
        """
        if isinstance(readings, Mapping):
            read = tuple(itertools.starmap(Reading, readings.items()))
        else:
            read = parse_readings(_several(readings))
        query = Query(
            name=name,
            readings=read,
            events=parse_events(_several(events)),
            axis=Axis.parse(axis) if axis else None,
            field=field or None,
        )
        return self._finder.find(self._history.now, query, limit)

    def probe(
        self,
        *,
        axis: bool = False,
        cursor: bool = False,
        button: str = "",
        poke: Sequence[str] | str = (),
        at: int | None = None,
        rom: str | PathLike[str] = "",
        core: str | PathLike[str] = "",
    ) -> ProbeResult:
        """Play on from a moment, in a core and a process of its own, and compare memories; takes some seconds.

        Ask for one of the four.

        Args:
            axis: find what the arrows move.
            cursor: find the cursor of a menu.
            button: find what this button moves, such as `A`.
            poke: names or addresses (`0x03000A14:u16`) that are given another value, to see which follow.
            at: frame set to begin after; chosen by what the recording shows if not given.
            rom: the game's file; found by its hash if not given.
            core: a libretro core of mGBA; found if not given.

        Raises:
            GbatraceError: the ROM is not found, no core works here, or the game cannot be played up to the moment.
        """
        asked = {"axis": axis, "cursor": cursor, "button": button, "poke": list(_several(poke)), "at": at}
        request = ProbeRequest.from_map({"session": self.name, **asked, "rom": str(rom), "core": str(core)})
        return probe(self._folder.parent, request)

    def replay(self, *, rom: str | PathLike[str] = "", core: str | PathLike[str] | None = None) -> Replay:
        """Play the session again in a core, and compare memory with the recording.

        Args:
            rom: the game's file; found by its hash if not given.
            core: a libretro core of mGBA; found if not given.

        Raises:
            GbatraceError: it was made of a log, its ROM is not found, or no core works here.
        """
        from daemon.replaying.replay import replay_session  # noqa: PLC0415 - the core is an extra

        return replay_session(self._folder.parent, self.name, str(rom), Path(core) if core else None)

    def branch(
        self,
        *,
        at: int,
        press: str | Sequence[int],
        name: str = "",
        rom: str | PathLike[str] = "",
        core: str | PathLike[str] | None = None,
    ) -> "Session":
        """Press other buttons from a frame set on, and record that as a session of its own.

        Args:
            at: the frame set after which the branch begins.
            press: presses such as `Right*30 A*2`, or the buttons held in each frame, bit sets like `GBA.buttons`.
            name: of the branch; made of this session's if not given.
            rom: the game's file; found by its hash if not given.
            core: a libretro core of mGBA; found if not given.

        Returns:
            The branch.

        Raises:
            GbatraceError: as `replay`, or the game cannot be played up to there.
        """
        from daemon.replaying.branch import BranchOptions, record_branch  # noqa: PLC0415 - the core is an extra

        pressed = parse_presses(press) if isinstance(press, str) else [int(held) for held in press]
        options = BranchOptions(
            session=self.name, at=at, pressed=pressed, name=name, rom=str(rom), core=Path(core) if core else None
        )
        return Session(record_branch(self._folder.parent, options))

    def suggestions(self, field: str = SUGGESTED_FIELD) -> Suggestions:
        """Suggest labels for frame sets that have none, by the bytes that tell the others.

        Nothing is written: `gbatrace suggest --take` and the page give labels.

        Args:
            field: of the labels.

        Raises:
            GbatraceError: no labels are suggested for the field, or the labels cannot be read.
        """
        now = self._history.now
        return self._suggester.suggestions(now.history, suggested_field(field), now.values_of_labels(field))

    def snaps(self, field: str = SUGGESTED_FIELD) -> list[Snap]:
        """Find where ends of labelled runs belong, as `gbatrace snap` moves them. Nothing is written.

        Args:
            field: of the labels.

        Raises:
            GbatraceError: no labels are suggested for the field, or the labels cannot be read.
        """
        now = self._history.now
        return self._suggester.snaps(now.history, suggested_field(field), now.values_of_labels(field))

    def _address_of(self, name: str) -> int:
        return find_variable(self.names, name)[0]


def open(folder: str | PathLike[str]) -> Session:  # noqa: A001 - read as gbatrace.open
    """Open a session by its folder.

    Raises:
        GbatraceError: there is no session, or it cannot be read.
    """
    return Session(Path(folder).absolute())


def make_env(
    game: str | PathLike[str] = "gbatrace_demo",
    *,
    rom: str | PathLike[str] = "",
    observe: str = "variables",
    actions: str = "buttons",
    combinations: Sequence[str] | str | PathLike[str] = (),
    names: Sequence[str] | str = (),
    goal: Mapping[str, str] | str | PathLike[str] | None = None,
    starts: Sequence[str] | str = ("power-on",),
    frame_skip: int = 5,
    max_steps: int = 0,
    render_mode: str | None = None,
    data_folder: str | PathLike[str] = "data",
    core: str | PathLike[str] = "",
    record_to: str | PathLike[str] = "",
) -> "GameEnvironment":
    """Make an environment of Gymnasium in which a game is played, in a core of its own in this process.

    Args:
        game: name of a game config, or path of a ROM.
        rom: the game's file, where a game config is named whose ROM is not found by its hash.
        observe: `picture`, `memory` or `variables`; several, joined by `+`, make observations dictionaries.
        actions: `buttons`, held for the whole step; `frames`, the buttons of each of its frames; `discrete`, none or a
            single button; or `combinations`.
        combinations: of the actions, such as `A+Right` or `None`; or the folder of a session: those seen in it.
        names: of the variables that are observed, in this order, several or one; all of the game if not given.
        goal: `reward` and `done`, or a file of them; that of the game config if not given.
        starts: of episodes, several or one: `power-on`, or a session's folder, `@` and a moment.
        frame_skip: frames of a step.
        max_steps: steps after which an episode is truncated; 0 for never.
        render_mode: `rgb_array`, or None.
        data_folder: has a person's own names, game configs and folders of ROMs.
        core: a libretro core of mGBA; found if not given.
        record_to: data folder into which each episode is recorded as a session.

    Raises:
        GbatraceError: an option has an impossible value; Gymnasium or a core is not installed; the ROM, a session or
            the goal cannot be used.
    """
    environment = _environment("game_environment").GameEnvironment
    made: GameEnvironment = environment(
        fspath(game),
        rom=fspath(rom),
        observe=observe,
        actions=actions,
        combinations=combinations,
        names=names,
        goal=goal,
        starts=starts,
        frame_skip=frame_skip,
        max_steps=max_steps,
        render_mode=render_mode,
        data_folder=fspath(data_folder),
        core=fspath(core),
        record_to=fspath(record_to),
    )
    return made


def register_envs() -> None:
    """Register an environment for each game config that ships, `gbatrace/gbatrace_demo-v0`, with `gymnasium.make`.

    It is done already where this module is imported after Gymnasium.

    Raises:
        SettingsError: Gymnasium is not installed.
    """
    _environment("registration").register_envs()


def _environment(module: str) -> Any:
    """Import a module of the environment's room, which needs Gymnasium.

    Raises:
        SettingsError: it is not installed.
    """
    try:
        return import_module(f"daemon.environment.{module}")
    except ModuleNotFoundError as error:
        if error.name != "gymnasium":
            raise
        raise SettingsError(f"An environment needs Gymnasium: {how_to_install('environment')} brings it.") from None


def _several(given: Sequence[str] | str) -> tuple[str, ...]:
    """Return texts, of which one may be given alone."""
    return (given,) if isinstance(given, str) else tuple(given)


if sys.modules.get("gymnasium"):  # It takes a third of a second to import, and few need it.
    register_envs()
