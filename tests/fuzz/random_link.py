"""Millions of damaged messages: `python -m tests.fuzz.random_link --messages 10000000`.

Each input is one of the corpus, or two of them together, with some bytes changed, cut out or doubled, the same way for
the same seed. At the end it says how fast it was and whether memory grew.
"""

import argparse
import gc
import sys
import time
from collections.abc import Iterator, Sequence
from random import Random

from tests.fuzz.conversation import Counts, converse
from tests.fuzz.make_corpus import inputs

__all__ = ["WARM_UP", "blocks_in_use", "damaged", "run"]

WARM_UP = 5000
"""Inputs after which every cache is full."""

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
    while counts.messages < messages:
        for _ in range(1000):
            converse(damaged(corpus, random), counts)
        yield (done := done + 1000)


def blocks_in_use() -> int:
    """Count the blocks of memory that Python has given out."""
    gc.collect()
    return sys.getallocatedblocks()


def main() -> None:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--messages", type=int, default=1_000_000, help="how many are taken in (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the damage (%(default)s)")
    options = parser.parse_args()
    began, inputs_done, after_warm_up = time.monotonic(), 0, 0
    counts = Counts()
    for inputs_done in run(options.messages, options.seed, counts):
        if inputs_done == WARM_UP:
            after_warm_up = blocks_in_use()
    seconds = time.monotonic() - began
    sys.stdout.write(
        f"{counts.messages:,} messages in {inputs_done:,} inputs, {counts.frame_sets:,} frame sets stored, "
        f"{counts.rejected:,} connections ended\n"
        f"{seconds:.0f} s, {counts.messages / seconds:,.0f} messages/s, {blocks_in_use() - after_warm_up:+,} blocks "
        f"of memory since input {WARM_UP:,} (of {after_warm_up:,})\n"
    )


if __name__ == "__main__":
    main()
