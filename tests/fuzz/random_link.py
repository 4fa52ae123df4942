"""Millions of damaged messages: `python -m tests.fuzz.random_link --messages 10000000`.

Each input is one of the corpus, or two of them together, with some bytes changed, cut out or doubled, the same way for
the same seed. An input that takes too long ends the run with a traceback; one after which a connection keeps more than
it may, or memory that grows, fails it. The last line says how many there were, how long it took and what it needed.
"""

import argparse
import faulthandler
import gc
import sys
import time
from collections.abc import Iterator, Sequence
from random import Random

import psutil

from tests.fuzz.conversation import Counts, converse
from tests.fuzz.make_corpus import inputs

__all__ = ["HANG", "MOST_GROWTH", "WARM_UP", "blocks_in_use", "damaged", "run"]

WARM_UP = 5000
"""Inputs after which every cache is full."""

MOST_GROWTH = 0.01
"""Of the blocks in use: what the run itself keeps, and what other threads of the process do."""

HANG = 120.0
"""Seconds for a thousand inputs, which take a fraction of one: nothing waits, so whatever takes longer never ends."""


_TELL_EVERY = 1_000_000

_NUMBERS = tuple(map(bytes.fromhex, ("00", "7f", "80", "ff", "ccff", "cdffff", "ceffffffff", "cfffffffffffffffff")))
_TYPES = tuple(map(bytes.fromhex, ("c0", "c1", "c2", "c3", "90", "ddffffffff", "80", "a0", "c400", "cb" + 16 * "0")))


def damaged(corpus: Sequence[bytes], random: Random) -> bytes:
    """Make one input."""
    data = bytearray(random.choice(corpus))
    if random.random() < 0.2:
        data += random.choice(corpus)[1:]
    data[0] = random.randrange(256) if random.random() < 0.1 else data[0] & 1 | random.randrange(128) << 1
    for _ in range(random.choice((0, 0, 1, 1, 2, 4, 16))):
        at = random.randrange(1, len(data)) if len(data) > 1 else 0
        match random.randrange(6):
            case 0:
                data[at] = random.randrange(256)
            case 1:
                data[at] ^= 1 << random.randrange(8)
            case 2:
                del data[at : at + random.randrange(1, 16)]
            case 3:
                data[at:at] = random.choice(_NUMBERS + _TYPES)
            case 4:
                data[at : at + 1] = random.choice(_NUMBERS + _TYPES)
            case _:
                data[at:at] = data[at : at + random.randrange(1, 64)]
        if not data:
            data = bytearray(1)
    return bytes(data)


def run(messages: int, seed: int, counts: Counts) -> Iterator[int]:
    """Converse until so many messages were taken in; yields how many inputs there were, after each thousand."""
    corpus = [data for _, data in inputs()]
    random, done = Random(seed), 0
    try:
        while counts.messages < messages:
            faulthandler.dump_traceback_later(HANG, exit=True)
            for _ in range(1000):
                converse(damaged(corpus, random), counts)
            yield (done := done + 1000)
    finally:
        faulthandler.cancel_dump_traceback_later()


def blocks_in_use() -> int:
    """Count the blocks of memory that Python has given out."""
    gc.collect()
    return sys.getallocatedblocks()


def main() -> int:
    """Run and report; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--messages", type=int, default=1_000_000, help="how many are taken in (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the damage (%(default)s)")
    options = parser.parse_args()
    began, told, inputs_done, after_warm_up = time.monotonic(), 0, 0, 0
    resident: list[int] = []
    counts = Counts()
    for inputs_done in run(options.messages, options.seed, counts):
        if inputs_done == WARM_UP:
            after_warm_up = blocks_in_use()
        if counts.messages - told >= _TELL_EVERY:
            told = counts.messages
            resident.append(psutil.Process().memory_info().rss)
            sys.stdout.write(f"{told:,} messages, {time.monotonic() - began:.0f} s, {resident[-1] >> 20} MiB\n")
            sys.stdout.flush()
    seconds, growth = time.monotonic() - began, blocks_in_use() - after_warm_up
    grew = growth > MOST_GROWTH * after_warm_up
    resident.append(psutil.Process().memory_info().rss)
    sys.stdout.write(
        f"{counts.messages:,} messages in {inputs_done:,} inputs, {counts.frame_sets:,} frame sets stored, "
        f"{counts.rejected:,} connections ended; {seconds:.0f} s, {counts.messages / seconds:,.0f} messages/s; "
        f"a link kept at most {counts.most_kept:,} bytes; {growth:+,} blocks of memory since input {WARM_UP:,} "
        f"(of {after_warm_up:,}); {max(resident) >> 20} MiB at most: "
        f"{'memory grew' if grew else 'no crash, no hang, no growth'}\n"
    )
    return int(grew)


if __name__ == "__main__":
    sys.exit(main())
