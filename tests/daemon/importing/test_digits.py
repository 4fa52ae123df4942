"""Numbers out of text, against Python's own reading."""

import string

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from daemon.importing.digits import FIELD, decimal, hex_words, names, windows

PADDING = b"\0" * FIELD
ODD = st.text(string.digits + string.ascii_letters + ":/@`G- \x10\x7f+_.", max_size=10).map(str.encode)


def fields(texts: list[bytes]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    text = PADDING + b",".join(texts) + PADDING
    lengths = np.array([len(each) for each in texts], np.int64)
    ends = FIELD + np.cumsum(lengths + 1) - 1
    return windows(text), ends - lengths, ends


@given(st.lists(st.integers(0, 99_999_999).map(lambda n: str(n).encode()) | ODD, min_size=1))
def test_decimal_reads_what_int_reads(texts: list[bytes]) -> None:
    values, good = decimal(*fields(texts))
    for text, value, fine in zip(texts, values.tolist(), good.tolist(), strict=True):
        assert fine == (text.isdigit() and len(text) <= FIELD)
        assert not fine or value == int(text)


@given(st.lists(st.integers(0, 0xFFFF_FFFF).map(lambda n: f"{n:08X}".encode()) | ODD, min_size=1))
def test_hex_words_read_what_int_reads(texts: list[bytes]) -> None:
    values, good = hex_words(*fields(texts))
    for text, value, fine in zip(texts, values.tolist(), good.tolist(), strict=True):
        assert fine == (len(text) == FIELD and all(chr(sign) in string.hexdigits for sign in text))
        assert not fine or value == int(text, 16)


def test_hex_words_know_every_wrong_character() -> None:
    texts = [b"0" * at + bytes([sign]) + b"0" * (7 - at) for sign in range(256) for at in (0, 3, 7)]
    texts = [text for text in texts if b"," not in text]
    _, good = hex_words(*fields(texts))
    assert good.tolist() == [all(chr(sign) in string.hexdigits for sign in text) for text in texts]


@given(st.lists(st.sampled_from([b"iwram", b"ewram", b"x", b"palette8", b"", b"far_too_long"]), min_size=1))
def test_equal_names_are_equal_integers(texts: list[bytes]) -> None:
    codes, good = names(*fields(texts))
    for text, code, fine in zip(texts, codes.tolist(), good.tolist(), strict=True):
        assert fine == (0 < len(text) <= FIELD)
        assert not fine or code.to_bytes(FIELD, "little").rstrip(b"\0") == text
