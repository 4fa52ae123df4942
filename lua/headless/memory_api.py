"""BizHawk's `memory` library. Sources: `MemoryLuaLibrary.cs`, `MemoryApi.cs`.

Reads outside a domain log a warning and give 0; an unknown domain logs a warning and the current domain is used
instead, the System Bus at first. `hash_region` is the exception that throws. Domain names arrive as bytes: these
functions are called thousands of times per frame.
"""

import hashlib
import struct
from collections.abc import Callable, Mapping

from lua.headless.domains import Domain
from lua.headless.marshalling import LuaTable, Marshaller, net_text, zero_indexed

__all__ = ["MemoryApi"]

Number = int | float
Name = bytes | None

_FLOATS = {False: struct.Struct("<f"), True: struct.Struct(">f")}


class MemoryApi:
    """Access of a script to the console's memory.

    Args:
        domains: the domains, in BizHawk's order; `replace_domains` does so when the console changes.
        log: takes a line for the Lua console.
    """

    def __init__(self, domains: Mapping[str, Domain], log: Callable[[str], None]) -> None:
        self._log = log
        self.replace_domains(domains)

    def replace_domains(self, domains: Mapping[str, Domain]) -> None:
        """Replace the domains after a reset or another game; System Bus is the current one again."""
        self._domains = {name.encode(): domain for name, domain in domains.items()}
        self._current = domains["System Bus"]

    def functions(self, marshaller: Marshaller, *, bulk_reads: bool) -> dict[bytes, Callable[..., object]]:
        """Return the library's functions as Lua gets them.

        Args:
            marshaller: wraps them.
            bulk_reads: whether this BizHawk has `read_bytes_as_binary_string` (from 2.11.1 on).
        """
        library: dict[str, Callable[..., object]] = {
            "getmemorydomainlist": lambda: zero_indexed([domain.name for domain in self._domains.values()]),
            "getmemorydomainsize": lambda name=b"": self._domain(name).size,
            "getcurrentmemorydomain": lambda: self._current.name,
            "getcurrentmemorydomainsize": lambda: self._current.size,
            "usememorydomain": self.use_domain,
            "hash_region": lambda address, count, name=None: self._hash_counted(marshaller, address, count, name),
            "readbyte": lambda address, name=None: self._read(address, 1, name),
            "writebyte": lambda address, value, name=None: self._write(address, value, 1, name),
            "readbyterange": lambda address, length, name=None: zero_indexed([*self.read_bytes(address, length, name)]),
            "read_bytes_as_array": lambda address, length, name=None: [*self.read_bytes(address, length, name)],
            "read_bytes_as_dict": self._read_as_dict,
            "write_bytes_as_array": lambda address, table, name=None: self._write_array(
                marshaller, address, table, name
            ),
            "write_bytes_as_dict": lambda table, name=None: self._write_dict(marshaller, table, name),
            "readfloat": self._read_float,
            "read_u32_le": self.read_u32_le,
        }
        for size in (1, 2, 3, 4):
            for order in ("",) if size == 1 else ("_le", "_be"):
                library.setdefault(f"read_u{size * 8}{order}", self._reader(size, big=order == "_be", signed=False))
                library[f"read_s{size * 8}{order}"] = self._reader(size, big=order == "_be", signed=True)
                for sign in "us":
                    library[f"write_{sign}{size * 8}{order}"] = self._writer(size, big=order == "_be")
        if bulk_reads:
            library["read_bytes_as_binary_string"] = self.read_bytes
        return {name.encode(): marshaller.binary(f"memory.{name}", function) for name, function in library.items()}

    def read_u32_le(self, address: Number, name: Name = None) -> int:
        """Read a word; the reader that a scan calls for every word."""
        domain = self._domains.get(name) if name else self._current
        if domain is None:
            domain = self._domain(name)
        if isinstance(address, int) and 0 <= address <= domain.size - 4:
            return domain.read_u32(address)
        return self._read(address, 4, name)

    def read_bytes(self, address: Number, length: Number, name: Name = None) -> bytes:
        """Read a range; what lies outside the domain is 0, with a warning."""
        start, count = int(address), int(length)
        if count < 0:
            raise ValueError("Arithmetic operation resulted in an overflow.")
        domain = self._domain(name)
        if start >= 0 and start + count <= domain.size:
            return domain.read(start, count)
        if start < 0:
            self._warn_range(f"{start}..-1", domain)
        if start + count > domain.size:
            self._warn_range(f"{domain.size}..{start + count - 1}", domain)
        first, last = min(max(start, 0), domain.size), min(max(start + count, 0), domain.size)
        inside = domain.read(first, last - first) if first < last else b""
        return (bytes(max(0, first - start)) + inside).ljust(count, b"\0")[:count]

    def hash_region(self, address: Number, count: Number, name: Name = None) -> str:
        """Hash a range: SHA-256, upper-case hex.

        Raises:
            ValueError: the range is not inside the domain.
        """
        start, length = int(address), int(count)
        domain = self._domain(name)
        if length and not 0 <= start < domain.size:
            raise self._out_of_bounds(f"Address {start} is outside the bounds of domain {domain.name}")
        if length and start + length > domain.size:
            raise self._out_of_bounds(f"Address {start} + count {length} is outside the bounds of domain {domain.name}")
        return hashlib.sha256(domain.read(start, length)).hexdigest().upper()

    def _hash_counted(self, marshaller: Marshaller, address: Number, count: Number, name: Name) -> str:
        digest = self.hash_region(address, count, name)
        marshaller.count_hashed(int(count))
        return digest

    def use_domain(self, name: bytes) -> bool:
        """Make a domain the current one; returns whether there is one of that name."""
        domain = self._domains.get(name)
        if domain is None:
            self._log(f"Unable to find domain: {net_text(name)}")
            return False
        self._current = domain
        return True

    def _domain(self, name: Name) -> Domain:
        if not name:
            return self._current
        domain = self._domains.get(name)
        if domain is None:
            self._log(f"Unable to find domain: {net_text(name)}, falling back to current")
            return self._current
        return domain

    def _reader(self, size: int, *, big: bool, signed: bool) -> Callable[..., object]:
        def read(address: Number, name: Name = None) -> int:
            value = self._read(address, size, name, big=big)
            return value - (1 << size * 8) if signed and value >> size * 8 - 1 else value

        return read

    def _writer(self, size: int, *, big: bool) -> Callable[..., object]:
        def write(address: Number, value: Number, name: Name = None) -> None:
            self._write(address, value, size, name, big=big)

        return write

    def _read(self, address: Number, size: int, name: Name, *, big: bool = False) -> int:
        start, domain = int(address), self._domain(name)
        if start < 0 or start + size > domain.size:
            self._log(f"Warning: attempted read of {start} outside the memory size of {domain.size}")
            return 0
        return int.from_bytes(domain.read(start, size), "big" if big else "little")

    def _write(self, address: Number, value: Number, size: int, name: Name, *, big: bool = False) -> None:
        start, domain = int(address), self._domain(name)
        if not domain.writable:
            self._log(f"Error: the domain {domain.name} is not writable")
        elif start < 0 or start + size > domain.size:
            self._log(f"Warning: attempted write to {start} outside the memory size of {domain.size}")
        else:
            masked = int(value) & (1 << size * 8) - 1
            domain.write(start, masked.to_bytes(size, "big" if big else "little"))

    def _read_as_dict(self, address: Number, length: Number, name: Name = None) -> dict[object, object]:
        return dict(enumerate(self.read_bytes(address, length, name), int(address)))

    def _write_array(self, marshaller: Marshaller, address: Number, table: LuaTable, name: Name) -> None:
        values = table.values()
        marshaller.count_elements(len(table))
        for offset, value in enumerate(values):
            self._write(int(address) + offset, _number(value), 1, name)

    def _write_dict(self, marshaller: Marshaller, table: LuaTable, name: Name) -> None:
        for address, value in table.items():
            marshaller.count_elements(1)
            self._write(_number(address), _number(value), 1, name)

    def _read_float(self, address: Number, bigendian: object, name: Name = None) -> float:
        value: float = _FLOATS[bool(bigendian)].unpack(self._read(address, 4, name).to_bytes(4, "little"))[0]
        return value

    def _warn_range(self, addresses: str, domain: Domain) -> None:
        outside = f"outside range of domain {domain.name} in ReadByteRange()"
        self._log(f"Warning: Attempted reads on addresses {addresses} {outside}")

    def _out_of_bounds(self, message: str) -> ValueError:
        self._log(message)
        return ValueError(message)


def _number(value: object) -> Number:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise TypeError("Unable to cast object to type 'System.Int64'.")
