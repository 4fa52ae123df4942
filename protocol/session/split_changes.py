"""Changes that are no aligned words, split into the one or two that each touches. Pure.

The original script reads words from odd addresses on, three of its five chunks long. Of a word that such a change
touches only some bytes may be known: an entry of the log says which are not (`change_log.known_bytes`).
"""

from dataclasses import dataclass

import numpy as np

from protocol.changes import I64, U8, U32, Bools
from protocol.regions import WORD_BYTES
from protocol.session.change_log import ALL_BYTES, bits_of_bytes, order_by_word, word_starts

__all__ = ["Pieces", "SplitChanges", "follow_pieces", "split"]

_BITS = np.uint32(8)


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Parts of words that changed, in the order in which they did, shape (m,) each.

    Args:
        frames: of the changes, in any numbering that ascends.
        words: numbers of the words.
        bytes: which bytes the change covers, bit 0 for the lowest address.
        previous: the word before, 0 where it is not covered.
        current: the word now, the same way.
        whole: whether the change was that of an aligned word.
    """

    frames: I64
    words: U32
    bytes: U8
    previous: U32
    current: U32
    whole: Bools


@dataclass(frozen=True, slots=True, eq=False)
class SplitChanges:
    """Pieces with what memory came to: shape (m,) each.

    Args:
        values: the whole word from then on.
        known: which of its bytes are known from then on.
        before: the whole word right before the change.
        restated: whether that is not what memory had come to.
        changed: whether the word changed: of the two that a change touches one may not.
        lasts: index of the last piece of each word.
    """

    values: U32
    known: U8
    before: U32
    restated: Bools
    changed: Bools
    lasts: I64


def split(frames: I64, words: U32, shifts: U8, ends: U32, previous: U32, current: U32) -> Pieces:
    """Split changes at any address into words.

    Args:
        frames: of the changes, ascending.
        words: in which each begins.
        shifts: at which byte of it, 0 to 3.
        ends: numbers behind the last word of each region; what lies beyond is dropped.
        previous: values before, of four bytes each.
        current: values now.
    """
    own = (ALL_BYTES << shifts & ALL_BYTES).astype(np.uint8)
    following = (ALL_BYTES >> (WORD_BYTES - shifts)).astype(np.uint8)
    following[np.isin(words + np.uint32(1), ends)] = 0
    up, down = _BITS * shifts.astype(np.uint32), _BITS * (WORD_BYTES - shifts).astype(np.uint32)

    def halves(values: U32) -> U32:
        # Shifted as 64 bits: by all 32 where the change is a whole word.
        wide = values.astype(np.uint64)
        both = np.stack([wide << up, wide >> down], axis=1).astype(np.uint32)
        return both.ravel()

    covered = np.stack([own, following], axis=1).ravel()
    some = np.flatnonzero(covered)
    pieces = Pieces(
        frames=np.repeat(frames, 2)[some],
        words=np.stack([words, words + np.uint32(1)], axis=1).ravel()[some],
        bytes=covered[some],
        previous=halves(previous)[some],
        current=halves(current)[some],
        whole=covered[some] == ALL_BYTES,
    )
    return _joined(pieces)


def _joined(pieces: Pieces) -> Pieces:
    """Join the end of one change with the beginning of the next where both lie in one word."""
    starts = np.ones(len(pieces.words), np.bool_)
    starts[1:] = (
        (pieces.words[1:] != pieces.words[:-1])
        | (pieces.frames[1:] != pieces.frames[:-1])
        | (pieces.bytes[1:] & pieces.bytes[:-1] != 0)
    )
    firsts = np.flatnonzero(starts)
    return Pieces(
        frames=pieces.frames[firsts],
        words=pieces.words[firsts],
        bytes=np.bitwise_or.reduceat(pieces.bytes, firsts),
        previous=np.bitwise_or.reduceat(pieces.previous, firsts),
        current=np.bitwise_or.reduceat(pieces.current, firsts),
        whole=pieces.whole[firsts],
    )


def follow_pieces(pieces: Pieces, values: U32, known: U8) -> SplitChanges:
    """Work out the whole words that pieces come to.

    Args:
        pieces: the pieces.
        values: memory before them, by word number.
        known: which bytes of it are known.
    """
    order = order_by_word(pieces.words)
    words, covered, current = pieces.words[order], pieces.bytes[order], pieces.current[order]
    count = len(words)
    starts = np.flatnonzero(word_starts(words))
    row_start = np.repeat(starts, np.diff(starts, append=count))
    before, after = values[words], values[words]
    known_before, known_after = known[words], known[words]
    for byte in range(WORD_BYTES):
        bit, mask = np.uint8(1 << byte), np.uint32(0xFF << 8 * byte)
        # The last piece of the word that covered the byte, up to each one and before each one.
        last = np.maximum.accumulate(np.where(covered & bit, np.arange(count), -1))
        for earlier, word, flags in (
            (last, after, known_after),
            (np.concatenate(([-1], last[:-1])), before, known_before),
        ):
            some = np.flatnonzero(earlier >= row_start)
            word[some] = word[some] & ~mask | current[earlier[some]] & mask
            flags[some] |= bit
    covered_bits = bits_of_bytes(covered)
    previous = before & ~covered_bits | pieces.previous[order] & covered_bits
    restated = (previous != before) | (covered & ~known_before != 0)

    given = np.argsort(order)
    return SplitChanges(
        values=after[given],
        known=known_after[given],
        before=previous[given],
        restated=restated[given],
        changed=pieces.whole | (pieces.previous != pieces.current),
        lasts=order[np.append(starts[1:], count) - 1],
    )
