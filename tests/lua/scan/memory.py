"""Memory for the readers: a block of bytes behind BizHawk's four ways to read it."""

import hashlib
import struct
from collections.abc import Sequence

from lua.headless.costs import weight_of
from tests.lua.machine import Machine

__all__ = ["Changes", "Memory", "changes_between"]

Changes = list[tuple[int, int, int]]
"""Word number, value now, value before."""


class Memory:
    """A memory domain of some words, with an innocent byte on either side, and a count of what is read from it.

    Attributes:
        weighed: milliseconds that the calls so far would take in BizHawk.
        fails_in: calls after which one fails; None for never.
    """

    OFFSET = 8

    def __init__(self, words: Sequence[int]) -> None:
        self.words = list(words)
        self.calls = 0
        self.elements = 0
        self.hashed = 0
        self.weighed = 0.0
        self.fails_in: int | None = None
        self.domain = b"DOMAIN"

    @property
    def image(self) -> bytes:
        return struct.pack(f"<{len(self.words)}I", *self.words)

    def port(self, lua: Machine) -> object:
        """The reader's port."""
        return lua.to_lua(
            {
                "bulk": self._bulk,
                "hash": self._hash,
                "word": self._word,
                "bytes": lambda address, length, domain: lua.to_lua(self._bytes(address, length, domain)),
            }
        )

    def chunk(self) -> dict[str, object]:
        """The chunk that is all of it."""
        return {
            "region": 0,
            "number": 0,
            "domain": "DOMAIN",
            "address": self.OFFSET,
            "bytes": 4 * len(self.words),
            "words": len(self.words),
        }

    def _slice(self, address: int, length: int, domain: bytes) -> bytes:
        assert domain == self.domain
        assert address >= self.OFFSET
        assert address + length <= self.OFFSET + 4 * len(self.words)
        self.calls += 1
        if self.fails_in is not None:
            self.fails_in -= 1
            if self.fails_in < 0:
                self.fails_in = None
                raise RuntimeError("the read failed")
        first, rest = divmod(address - self.OFFSET, 4)
        assert rest == 0
        assert length % 4 == 0
        return struct.pack(f"<{length // 4}I", *self.words[first : first + length // 4])

    def _weigh(self, name: str, *, elements: int = 0, size: int = 0) -> None:
        weight = weight_of(f"memory.{name}", "2.11")
        self.weighed += (weight.call + elements * weight.element + size * weight.byte) / 1000

    def _bulk(self, address: int, length: int, domain: bytes) -> bytes:
        self._weigh("read_bytes_as_binary_string", size=length)
        return self._slice(address, length, domain)

    def _hash(self, address: int, length: int, domain: bytes) -> bytes:
        self.hashed += length
        self._weigh("hash_region", size=length)
        return hashlib.sha256(self._slice(address, length, domain)).hexdigest().upper().encode()

    def _word(self, address: int, domain: bytes) -> int:
        self._weigh("read_u32_le")
        return int.from_bytes(self._slice(address, 4, domain), "little")

    def _bytes(self, address: int, length: int, domain: bytes) -> list[int]:
        self.elements += length
        self._weigh("read_bytes_as_array", elements=length)
        return list(self._slice(address, length, domain))


def changes_between(before: Sequence[int], now: Sequence[int]) -> Changes:
    """The truth, the plain way."""
    return [(i, b, a) for i, (a, b) in enumerate(zip(before, now, strict=True)) if a != b]
