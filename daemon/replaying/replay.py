"""Replay of a whole session in a core of this process, compared with its recording. Shell."""

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from daemon.analysis.timeline import EMPTY_TIMELINE, Timeline
from daemon.names.book import NameBook
from daemon.names.book_files import session_book
from daemon.names.lookup import name_at
from daemon.probing.replay_path import Lead, ReplayPaths
from daemon.probing.rom_search import find_rom
from daemon.progress import Progress
from daemon.replaying.recorded_memory import RecordedMemory
from daemon.replaying.replayed_memory import ReplayedMemory
from daemon.replaying.result import DifferentWord, Parting, Replay
from lua.headless.console_choice import open_console
from lua.headless.core import Core
from protocol.disk import complete_lines
from protocol.errors import DocumentError, MomentError
from protocol.regions import WORD_BYTES, ScanMode
from protocol.session.change_log_reader import logged_blocks
from protocol.session.integrity import ProofRecord, parse_proof_line
from protocol.session.metadata import session_regions
from protocol.session.origin import parse_origin, savestate_frame
from protocol.session.reader import SessionReader, stored_session

__all__ = ["replay_session"]

_LISTED = 8
"""Different words that are named."""


def replay_session(
    data_folder: Path, session: str, rom: str = "", core: Path | None = None, progress: Progress = lambda _frames: None
) -> Replay:
    """Play a session again with its buttons, and compare memory with what was recorded.

    Args:
        data_folder: the session folders.
        session: the session's name.
        rom: path of its game; found by its hash if empty.
        core: a libretro mGBA core; one is looked for if not given.
        progress: called with the frame sets that were played since the last call.

    Raises:
        GbatraceError: there is no such session, it was made of a log, its ROM is not found, or no core works here.
    """
    reader = stored_session(data_folder, session)
    if reader.metadata.is_of_a_log:
        raise MomentError(f"{session} was made of a log, which lacks frames: only recordings can be played again.")
    game = find_rom(data_folder, reader.metadata, rom)
    console = open_console(game, core, None, lambda _line: None)
    try:
        return _Replaying(reader, session_book(data_folder, reader), console, progress).run()
    finally:
        console.close()


class _Replaying:
    """One replay."""

    def __init__(self, reader: SessionReader, book: NameBook, console: Core, progress: Progress) -> None:
        metadata = reader.metadata
        self._session = reader.session_id
        self._book = book
        self._console = console
        self._progress = progress
        self._start = reader.start_state()
        blocks = list(logged_blocks(reader))
        self._timeline: Timeline = EMPTY_TIMELINE.with_stride(metadata.num_frames_per_set).extended(blocks)
        self._paths = ReplayPaths(self._timeline, savestate_frame(metadata))
        self._recorded = RecordedMemory(sum(region.words for region in session_regions(metadata)), blocks)
        mode = ScanMode(str(metadata.recorder.get("scan_mode") or ScanMode.CHUNKED))
        self._replayed = ReplayedMemory(session_regions(metadata), mode, metadata.num_frames_per_set)
        self._proofs = _proofs(reader)
        self._states: dict[int, bytes] = {}
        self._here = -1
        """Index of the frame that was played last."""
        self._notes: list[str] = []
        self._frames = self._agreeing = self._compared = self._equal = 0
        self._contradicted = False
        self._parting: Parting | None = None
        origin = parse_origin(metadata.recorder)
        if origin is not None and origin.core != console.name:
            self._notes.append(f"It was recorded on {origin.core}.")

    def run(self) -> Replay:
        began = time.perf_counter()
        timeline, starts = self._timeline, self._paths.starts
        buttons = self._paths.buttons(np.arange(len(timeline.frames)))
        leads = {int(start): self._paths.lead_to(int(start)) for start in starts}
        # Frames to whose ends the play comes back later: after a savestate, a rewind or a gap.
        wanted = Counter(lead.after for lead in leads.values() if lead and lead.after is not None)
        is_known = False
        for place in range(len(timeline)):
            self._recorded.advance()
            first, end = int(timeline.first_frames[place]), int(timeline.first_frames[place + 1])
            for index in range(first, end):
                if index in leads:
                    lead = leads[index]
                    is_known = lead is not None and (lead.after is None or lead.after in self._states)
                    if is_known and lead is not None:
                        self._go_to(index, lead, buttons)
                    if lead is not None and lead.after is not None:
                        wanted[lead.after] -= 1
                        if not wanted[lead.after]:
                            self._states.pop(lead.after, None)
                if is_known:
                    at = int(timeline.numbers[place]), int(timeline.frames[index])
                    self._run_frame(buttons[index], index - first, at)
                    self._here = index
                    if wanted[index]:
                        self._states[index] = self._console.save_state()
            if is_known:
                self._compare(place)
            self._progress(1)
        words, unknown = len(self._recorded.known), int(np.count_nonzero(~self._recorded.known))
        if unknown:
            self._notes.append(f"The recording does not know {unknown:,} of {words:,} words of memory.")
        if self._compared < len(timeline):
            missing = len(timeline) - self._compared
            self._notes.append(
                f"{missing:,} frame sets go on from something that the recording does not hold, such as a savestate of "
                "another day."
            )
        return Replay(
            session=self._session,
            core=self._console.name,
            frame_sets=len(timeline),
            compared=self._compared,
            equal=self._equal,
            frames=self._frames,
            proofs=self._agreeing,
            words=words,
            unknown_words=unknown,
            parting=self._parting,
            seconds=time.perf_counter() - began,
            notes=tuple(self._notes),
        )

    def _go_to(self, index: int, lead: Lead, buttons: Sequence[int]) -> None:
        """Bring the console to where the stretch of frames begins that starts at an index."""
        if lead.after is not None:
            if lead.after != self._here:  # Over a gap the game ran on, and does here.
                self._console.load_state(self._states[lead.after])
        elif index == 0 and self._start is not None:
            self._console.load_state(self._start)
        else:
            self._console.reset()
        self._replayed.connect(self._console.memories())
        for _ in range(lead.missing):
            self._console.run_frame(0 if lead.after is None else buttons[lead.after])

    def _run_frame(self, pressed: int, position: int, at: tuple[int, int]) -> None:
        """Play a frame; `at` is its frame set and its number."""
        self._console.run_frame(pressed)
        self._frames += 1
        self._replayed.scan(position)
        for proof in self._proofs.get(at, ()):
            is_equal = self._replayed.sha256(proof.region, proof.chunk) == proof.sha256
            self._agreeing += is_equal
            self._contradicted |= not is_equal

    def _compare(self, place: int) -> None:
        """Compare memory after a frame set."""
        recorded, replayed = self._recorded, self._replayed.words
        differ = np.flatnonzero((recorded.values ^ replayed) & recorded.known)
        is_equal = not len(differ) and not self._contradicted
        self._compared += 1
        self._equal += is_equal
        self._contradicted = False
        if not is_equal and self._parting is None:
            self._parting = self._parting_at(place, differ.tolist())

    def _parting_at(self, place: int, words: list[int]) -> Parting:
        """Describe a frame set that is not equal, by the chunks that were scanned first."""
        frames = self._timeline.frames[self._timeline.first_frames[place] : self._timeline.first_frames[place + 1]]
        found = [(self._replayed.position_of(word), word) for word in words]
        position = min((position for position, _ in found), default=0)
        first = [word for at, word in found if at == position]
        return Parting(
            frame_set=int(self._timeline.numbers[place]),
            frame=int(frames[min(position, len(frames) - 1)]),
            count=len(words),
            words=tuple(map(self._different, first[:_LISTED])),
        )

    def _different(self, word: int) -> DifferentWord:
        address = self._replayed.address_of(word)
        recorded, known = int(self._recorded.values[word]), int(self._recorded.known[word])
        replayed = int(self._replayed.words[word])
        # The name of the byte that differs first, where the word has several.
        byte = next(byte for byte in range(WORD_BYTES) if (recorded ^ replayed) & known & 0xFF << 8 * byte)
        name = name_at(self._book, address + byte, 1) or name_at(self._book, address, WORD_BYTES)
        return DifferentWord(address, name, recorded & known, replayed)


def _proofs(reader: SessionReader) -> dict[tuple[int, int], list[ProofRecord]]:
    """Read the emulator's hashes of its memory, by frame set and frame."""
    found: dict[tuple[int, int], list[ProofRecord]] = defaultdict(list)
    for line in complete_lines(reader.folder.proofs):
        with suppress(DocumentError):
            proof = parse_proof_line(line)
            found[proof.frame_set_id, proof.frame].append(proof)
    return found
