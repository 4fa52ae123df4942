"""Value types: bytes read as numbers, at every byte offset, and numbers as text. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from protocol.changes import U8
from protocol.errors import ValueTypeError

__all__ = ["VALUE_TYPES", "Number", "TypedValues", "ValueType", "type_names", "value_type"]

Number: TypeAlias = int | float
"""A value: whole for integers and BCD, else a float."""

_INTEGER = re.compile(r"[+-]?[0-9]+")
_HEX = re.compile(r"0[xX][0-9A-Fa-f]{1,8}")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")

_FLOAT_ERROR = 2.0**-22
"""Relative error of a difference of two float32: twice that of each."""


class _Form(Enum):
    INTEGER = 0
    BCD = 1
    FIXED = 2
    FLOAT = 3


@dataclass(frozen=True, slots=True, eq=False)
class TypedValues:
    """Bytes read as one type.

    Args:
        values: of the type's own dtype for integers and float32, u32 for BCD, f64 for fixed point.
        valid: False where the bytes are no value of the type (BCD with a digit above 9, NaN), same shape; None where
            all are.
    """

    values: NDArray[Any]
    valid: NDArray[np.bool_] | None

    def where_valid(self, condition: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return a condition, False where the bytes are no value."""
        return condition if self.valid is None else condition & self.valid


@dataclass(frozen=True, slots=True, eq=False)
class ValueType:
    """A way to read bytes as a number.

    Args:
        name: as filters and names of addresses have it, `u16be`.
        raw: dtype of the bytes in memory, with their order.
        form: how the raw number is to be understood.
        fraction_bits: of fixed point, how many bits stand behind the point.
    """

    name: str
    raw: np.dtype[Any]
    form: _Form = _Form.INTEGER
    fraction_bits: int = 0

    @property
    def width(self) -> int:
        """Bytes of a value: 1, 2 or 4."""
        return self.raw.itemsize

    @property
    def is_whole(self) -> bool:
        """True where every value is a whole number."""
        return self.form in {_Form.INTEGER, _Form.BCD}

    @property
    def is_integer(self) -> bool:
        """True where the bytes are the value, in the dtype `raw`."""
        return self.form is _Form.INTEGER

    @property
    def least(self) -> Number:
        """The smallest value; of floats the smallest finite one."""
        match self.form:
            case _Form.BCD:
                return 0
            case _Form.FLOAT:
                return float(np.finfo(self.raw).min)
            case _:
                return self._scaled(int(np.iinfo(self.raw).min))

    @property
    def greatest(self) -> Number:
        """The largest value; of floats the largest finite one."""
        match self.form:
            case _Form.BCD:
                return int(10 ** (2 * self.width) - 1)
            case _Form.FLOAT:
                return float(np.finfo(self.raw).max)
            case _:
                return self._scaled(int(np.iinfo(self.raw).max))

    def view(self, image: U8) -> TypedValues:
        """Read the value at every byte offset of an image.

        Args:
            image: shape (n,), contiguous.

        Returns:
            Values of shape (n - width + 1,); none where the image is shorter than a value. Some span two regions: see
            `History.fits`.
        """
        count = max(0, len(image) - self.width + 1)
        # Steps of one byte over wider numbers: numpy reads at odd addresses, here once into an array of its own.
        raw = np.ndarray((count,), self.raw, image, strides=(1,)) if count else np.empty(0, self.raw)
        return self._decode(raw.astype(self.raw.newbyteorder("=")))

    def decode(self, data: U8) -> TypedValues:
        """Read values one after the other.

        Args:
            data: their bytes, shape (m, width).

        Returns:
            Values of shape (m,).
        """
        raw = np.ascontiguousarray(data).view(self.raw).reshape(len(data))
        return self._decode(raw.astype(self.raw.newbyteorder("=")))

    def read(self, data: bytes) -> Number | None:
        """Read one value; None where the bytes are no value of this type.

        Args:
            data: as many bytes as the type is wide.
        """
        typed = self.decode(np.frombuffer(data, np.uint8).reshape(1, self.width))
        if typed.valid is not None and not typed.valid[0]:
            return None
        value: Number = typed.values[0].item()
        return value

    def encode(self, value: Number) -> bytes:
        """Write one value, so that `read` gives the nearest one that the type has.

        Raises:
            ValueTypeError: it is outside of what the type can hold.
        """
        nearest = self.nearest(value)
        match self.form:
            case _Form.BCD:
                raw: Number = int(str(int(nearest)), 16)
            case _Form.FIXED:
                raw = round(nearest * (1 << self.fraction_bits))
            case _:
                raw = nearest
        return np.array([raw]).astype(self.raw).tobytes()

    def parse(self, text: str) -> Number:
        """Read a value as a person writes it.

        Hexadecimal digits (`0xFF`) name the bits of a signed integer; fixed point is rounded to the nearest value.

        Raises:
            ValueTypeError: it is no number, or not one of this type.
        """
        text = text.strip()
        if self.form is not _Form.FLOAT and _HEX.fullmatch(text):
            value: Number = int(text, 16)
            bits = 8 * self.width
            if self.form is _Form.INTEGER and self.least < 0 and 1 << (bits - 1) <= value < 1 << bits:
                value -= 1 << bits
        elif _INTEGER.fullmatch(text):
            value = int(text)
        elif self.is_whole and _DECIMAL.fullmatch(text):
            raise ValueTypeError(f"{text[:60]} is not a whole number, as values of {self.name} are.")
        elif _DECIMAL.fullmatch(text):
            value = float(text)
        else:
            raise ValueTypeError(f"{text[:60]!r} is not a number.")
        return self.nearest(value)

    def nearest(self, value: Number) -> Number:
        """Return the value of this type that is nearest to a number: itself for whole ones.

        Raises:
            ValueTypeError: it is outside of what the type can hold.
        """
        match self.form:
            case _Form.FLOAT:
                with np.errstate(over="ignore"):
                    nearest: Number = float(np.float32(value))
            case _Form.FIXED:
                nearest = round(value * (1 << self.fraction_bits)) / (1 << self.fraction_bits)
            case _:
                nearest = value
        if not self.least <= nearest <= self.greatest:
            least, greatest = self.format(self.least), self.format(self.greatest)
            raise ValueTypeError(f"{value} does not fit {self.name}, which holds {least} to {greatest}.")
        return nearest

    def comparable(self, number: Number) -> Number:
        """Return the value nearest to a number, or the number itself where it does not fit."""
        return self.nearest(number) if self.least <= number <= self.greatest else number

    def differ_by(self, by: Number, old: NDArray[Any], new: NDArray[Any]) -> NDArray[np.bool_]:
        """Return where values differ by a number: exactly, or as nearly as the type can have it.

        Args:
            by: new less old.
            old: values of this type, any shape.
            new: others, the same shape.
        """
        before, after = old.astype(np.float64), new.astype(np.float64)
        if self.is_whole or self.fraction_bits:
            step = 2.0**-self.fraction_bits
            wanted = by if self.is_whole else float(np.rint(by / step)) * step
            return np.asarray(after - before == wanted)
        error = _FLOAT_ERROR * np.maximum(np.abs(before), np.abs(after)) if by else 0
        return np.asarray(np.abs(after - before - by) <= error)

    def format(self, value: Number) -> str:
        """Write a value so that `parse` reads the same one."""
        if self.is_whole:
            return str(int(value))
        text = str(np.float32(value)) if self.form is _Form.FLOAT else repr(float(value))
        return text.removesuffix(".0")

    def _scaled(self, raw: int) -> Number:
        return raw / (1 << self.fraction_bits) if self.form is _Form.FIXED else raw

    def _decode(self, raw: NDArray[Any]) -> TypedValues:
        match self.form:
            case _Form.INTEGER:
                return TypedValues(raw, None)
            case _Form.FIXED:
                return TypedValues(raw / (1 << self.fraction_bits), None)
            case _Form.FLOAT:
                return TypedValues(raw, ~np.isnan(raw))
            case _Form.BCD:
                return _from_digits(raw.astype(np.uint32))


def value_type(name: str) -> ValueType:
    """Find a value type by its name.

    Raises:
        ValueTypeError: there is none of that name; the sentence lists them.
    """
    found = VALUE_TYPES.get(name.strip().lower())
    if found is None:
        raise ValueTypeError(f"{name[:60]!r} is not a value type: choose one of {', '.join(VALUE_TYPES)}.")
    return found


def type_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return value types by their own names, each once; all where none is given.

    Raises:
        ValueTypeError: there is none of one of the names; the sentence lists them.
    """
    return tuple(dict.fromkeys(value_type(name).name for name in names)) or tuple(VALUE_TYPES)


def _from_digits(raw: NDArray[np.uint32]) -> TypedValues:
    """Read packed decimals: four bits a digit, the lowest first.

    Digits are joined to pairs, pairs to fours and these to eight, in all numbers at once.
    """
    above_nine = raw >> 3 & (raw >> 2 | raw >> 1) & 0x1111_1111
    values = raw - (16 - 10) * (raw >> 4 & 0x0F0F_0F0F)
    values -= (256 - 100) * (values >> 8 & 0x00FF_00FF)
    values -= (65_536 - 10_000) * (values >> 16)
    return TypedValues(values, above_nine == 0)


def _all_types() -> dict[str, ValueType]:
    integers = [f"{sign}{8 * width}" for width in (1, 2, 4) for sign in "us"]
    dtypes = {name: np.dtype(f"{name[0].replace('s', 'i')}{int(name[1:]) // 8}") for name in integers}
    types = [ValueType(name, dtype.newbyteorder("<")) for name, dtype in dtypes.items()]
    types += [ValueType(f"{name}be", dtype.newbyteorder(">")) for name, dtype in dtypes.items() if dtype.itemsize > 1]
    types += [ValueType(f"bcd{8 * width}", np.dtype(f"<u{width}"), _Form.BCD) for width in (1, 2, 4)]
    types += [ValueType(f"fixed{32 - bits}.{bits}", np.dtype("<i4"), _Form.FIXED, bits) for bits in (12, 8)]
    types += [ValueType("float32", np.dtype("<f4"), _Form.FLOAT)]
    return {kind.name: kind for kind in types}


VALUE_TYPES: MappingProxyType[str, ValueType] = MappingProxyType(_all_types())
"""All value types by their names; the order in which they are offered."""
