"""Outcome of a replay: equal to its recording, or where the two part. Pure."""

from dataclasses import dataclass
from typing import Any

from protocol.session.frame_set import hex_word
from protocol.wording import counted

__all__ = ["DifferentWord", "Parting", "Replay"]


@dataclass(frozen=True, slots=True)
class DifferentWord:
    """A word that is not as it was recorded.

    Args:
        address: on the bus.
        name: that stands for it in the book of names, or empty.
        recorded: its value in the recording; bytes that are not known are 0.
        replayed: its value in the replay.
    """

    address: int
    name: str
    recorded: int
    replayed: int

    def __str__(self) -> str:
        """Write it as a sentence without its full stop."""
        where = f"{self.name} ({hex_word(self.address)})" if self.name else hex_word(self.address)
        return f"{where} differs, {hex_word(self.replayed)} instead of {hex_word(self.recorded)}"

    def as_map(self) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "address": hex_word(self.address),
            "name": self.name,
            "recorded": hex_word(self.recorded),
            "replayed": hex_word(self.replayed),
        }


@dataclass(frozen=True, slots=True)
class Parting:
    """The first frame set in which replay and recording differ.

    Args:
        frame_set: its number.
        frame: the emulator's number of the frame at which it was scanned.
        count: words that differ in the set.
        words: the first of them; none where a proof alone differs, of memory that the recording does not know.
    """

    frame_set: int
    frame: int
    count: int
    words: tuple[DifferentWord, ...]

    def sentence_part(self) -> str:
        """Write what differs, in a sentence that names the place."""
        if not self.words:
            return "a proof of the emulator's memory differs"
        more = self.count - 1
        return f"{self.words[0]}" + (f", and so do {counted(more, 'other word')}" if more else "")

    def as_map(self) -> dict[str, Any]:
        """Return it for programs."""
        words = [word.as_map() for word in self.words]
        return {"frame_set": self.frame_set, "frame": self.frame, "count": self.count, "words": words}


@dataclass(frozen=True, slots=True)
class Replay:
    """Outcome of a replay.

    Args:
        session: the session's name.
        core: name and version of the core that played.
        frame_sets: how many the session has.
        compared: how many were played again, their memory as far as it is known compared.
        equal: how many of them are equal.
        frames: how many were played.
        proofs: how many hashes that the emulator made of its memory agree.
        words: of memory that were recorded.
        unknown_words: those that the recording does not know at its end.
        parting: where replay and recording part first; None where they do not.
        seconds: that it took.
        notes: sentences on what could not be compared.
    """

    session: str
    core: str
    frame_sets: int
    compared: int
    equal: int
    frames: int
    proofs: int
    words: int
    unknown_words: int
    parting: Parting | None
    seconds: float
    notes: tuple[str, ...] = ()

    @property
    def is_proven(self) -> bool:
        """Return whether every frame set was compared, with some memory known, and is equal."""
        return 0 < self.frame_sets == self.compared == self.equal and self.unknown_words < self.words

    def sentence(self) -> str:
        """Sum the replay up in one line."""
        played = f"{counted(self.frames, 'frame')} on {self.core} in {self.seconds:.1f} s"
        if self.parting is not None:
            what = self.parting.sentence_part()
            return (
                f"{self.session} parts from its recording in frame set {self.parting.frame_set} (frame "
                f"{self.parting.frame}): {what}; {self.equal:,} of {counted(self.compared, 'frame set')} "
                f"are equal, {played}."
            )
        if self.unknown_words == self.words:
            return f"{self.session} proves nothing: none of its memory is known, {played}."
        if not self.is_proven:
            return (
                f"{self.session} can be played again in part: {self.compared:,} of "
                f"{counted(self.frame_sets, 'frame set')} are equal, {played}."
            )
        return (
            f"{self.session} plays as it was recorded: {counted(self.frame_sets, 'frame set')} and "
            f"{counted(self.proofs, 'proof')} equal, {played}."
        )

    def as_map(self) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "session": self.session,
            "proven": self.is_proven,
            "core": self.core,
            "frame_sets": self.frame_sets,
            "compared": self.compared,
            "equal": self.equal,
            "frames": self.frames,
            "proofs": self.proofs,
            "words": self.words,
            "unknown_words": self.unknown_words,
            "parting": self.parting and self.parting.as_map(),
            "seconds": round(self.seconds, 3),
            "notes": list(self.notes),
        }
