"""Tables of probing: axes without a label, and readings with a poke behind them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from daemon.analysis.history import History
from daemon.analysis.label_reader import LabelReader
from daemon.analysis.session_history import RecordedSession
from daemon.analysis.small_pictures import SmallPictures
from daemon.names.book import NameBook
from daemon.probing.request import ProbeKind, ProbeRequest, ProbeResult
from daemon.probing.service import probe_recorded
from protocol.errors import MomentError
from protocol.session.layout import session_folder
from protocol.session.metadata import metadata_json
from protocol.session.reader import open_session
from tests.daemon.importing.made import metadata
from tests.evaluation.find_tables import Outcome
from tests.evaluation.played import FRAMES_A_SECOND, FRAMES_A_SET, REGIONS, Played
from tests.evaluation.statistics import Table, share_of

__all__ = ["Prober", "axes_table", "poke_table"]

_AXES = {"Left/Right": ("x", "column"), "Up/Down": ("y", "row")}
"""Variables that are right for an axis, the one itself first; a game may count cells as well as pixels."""

_LEAST_READINGS = 4
_LOOKED_AT = 5
_MIRRORS = 6
"""Candidates that are poked, and mirrors of each."""


class Prober:
    """Probes of a play, with savestates that are kept between them.

    Args:
        played: the play.
        folder: an empty folder of this play.
    """

    def __init__(self, played: Played, folder: Path) -> None:
        self._played = played
        self._folder = folder
        session = session_folder(folder, "play")
        session.path.mkdir(parents=True)
        recorder = {"regions": [region.as_map() for region in REGIONS]}
        session.metadata.write_bytes(metadata_json(metadata("play", [], recorder=recorder)))
        self._reader = open_session(session.path)

    def probe(self, history: History, kind: ProbeKind, targets: Sequence[str] = ()) -> ProbeResult | None:
        """Probe as if so much had been recorded; None where the game cannot be played again.

        Args:
            history: the play from its beginning.
            kind: of the probe.
            targets: of a poke.
        """
        recorded = RecordedSession(
            self._reader.metadata, history, (), LabelReader(self._reader), SmallPictures(self._reader)
        )
        request = ProbeRequest(session="play", kind=kind, targets=tuple(targets))
        try:
            return probe_recorded(self._folder, recorded, NameBook(), self._played.rom, request)
        except MomentError:
            return None


def axes_table(played: Played, prober: Prober, lengths: Sequence[float]) -> Table:
    """Probe both axes of recordings that go from the beginning for so many seconds."""
    firsts, exact, frames = list[bool](), list[bool](), list[int]()
    for seconds in lengths:
        sets = min(played.sets, round(seconds * FRAMES_A_SECOND / FRAMES_A_SET))
        result = prober.probe(played.stretch(0, sets), ProbeKind.AXIS)
        if result is None:
            firsts += [False] * len(_AXES)
            exact += [False] * len(_AXES)
            continue
        frames.append(result.frames)
        groups = {group.name: [each.address for each in group.candidates] for group in result.groups}
        for axis, names in _AXES.items():
            true = [played.truths[name].address[: sets * FRAMES_A_SET] for name in names if name in played.truths]
            first = next(iter(groups.get(axis, ())), None)  # An address of 0 says that the variable is not there.
            firsts.append(first is not None and any(first in addresses for addresses in true))
            exact.append(first is not None and first in true[0])
    title = f"{played.game}: axes by one probe and pokes, no label, recordings of {lengths[0]:.0f} s and more"
    columns = ("axis first", "pixels, not cells", "emulated frames, at most", "axes")
    row = (str(share_of(firsts)), str(share_of(exact)), str(max(frames, default=0)), str(len(firsts)))
    return Table(title, columns, (row,))


def poke_table(played: Played, prober: Prober, outcomes: Mapping[int, Sequence[Outcome]], most: int) -> Table:
    """Poke the candidates that readings found."""
    rows = []
    for count, cases in outcomes.items():
        if count < _LEAST_READINGS:
            continue
        before, after, in_group = list[bool](), list[bool](), list[bool]()
        for outcome in cases[:: max(1, len(cases) // most)][:most]:
            groups = [
                [(each.address, each.type.name), *((mirror.address, mirror.type) for mirror in each.mirrors[:_MIRRORS])]
                for each in outcome.found.candidates[:_LOOKED_AT]
            ]
            first = _poked(played, prober, groups)
            before.append(outcome.is_exact)
            after.append(first == outcome.address)
            in_group.append(any({first, outcome.address} <= {address for address, _ in group} for group in groups))
        rows.append((f"{count} readings", *(str(share_of(each)) for each in (before, in_group, after))))
    title = f"{played.game}: readings typed live in 60 s, and a poke of the first {_LOOKED_AT} candidates"
    names = ("given", "first before it, exactly", "first after it, by its group", "first after it, exactly")
    return Table(title, names, tuple(rows))


def _poked(played: Played, prober: Prober, groups: Sequence[Sequence[tuple[int, str]]]) -> int:
    """Poke groups of mirrors together; return what is first in the answer."""
    targets = dict.fromkeys(f"0x{address:08X}:{name}" for group in groups for address, name in group)
    result = prober.probe(played.history, ProbeKind.POKE, list(targets)) if targets else None
    first = next((each.address for group in result.groups for each in group.candidates), None) if result else None
    return first or (groups[0][0][0] if groups else 0)
