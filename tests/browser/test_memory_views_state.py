"""The pure modules of the memory views, run in the browser that they are written for."""

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from daemon.analysis.value_types import VALUE_TYPES
from tests.browser.page_modules import call

REGIONS = [
    {"name": "iwram", "base": 0x0300_0000, "size": 0x8000},
    {"name": "ewram", "base": 0x0200_0000, "size": 0x4_0000},
]
SMALL = [{"name": "iwram", "base": 0x0300_0000, "size": 64}, {"name": "ewram", "base": 0x0200_0000, "size": 32}]
NAMES = [
    {"name": "hp", "address": 0x0300_0004, "type": "u16"},
    {"name": "flags", "address": 0x0300_0007, "type": "u8"},
    {"name": "money", "address": 0x0200_0010, "type": "u32"},
]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (
            "[0x3000000, 0x3007FFF, 0x2000000, 0x3008000, 0].map((one) => m.positionOf(a, one))",
            [0, 0x7FFF, 0x8000, None, None],
        ),
        (
            "[0, 0x7FFF, 0x8000, 0x48000, -1].map((one) => m.addressAt(a, one))",
            [0x3000000, 0x3007FFF, 0x2000000, None, None],
        ),
        ("m.sizeOf(a)", 0x48000),
        ("m.addressText(a, 0x2000010)", "02000010 ewram"),
        ("['03000A14', ' 0x3000a14 ', '$3000A14', 'iwram+A14'].map((one) => m.parseAddress(one, a))", [0x3000A14] * 4),
        ("['', 'hp', '08000000', 'vram+4', 'iwram+8000', '12 34'].map((one) => m.parseAddress(one, a))", [None] * 6),
        ("['HP', 'money', '2000010'].map((one) => m.parseAddress(one, a, b))", [0x3000004, 0x2000010, 0x2000010]),
    ],
)
def test_addresses(modules: Page, expression: str, expected: object) -> None:
    assert call(modules, "memory/addresses", expression, REGIONS, NAMES) == expected


def test_a_name_that_reads_like_an_address_is_the_name(modules: Page) -> None:
    names = [{"name": "bad", "address": 0x0200_0010, "type": "u8"}]
    assert call(modules, "memory/addresses", "m.parseAddress('bad', a, b)", REGIONS, names) == 0x0200_0010


def test_values_are_those_of_the_daemon(modules: Page) -> None:
    random = np.random.default_rng(7)
    image = random.integers(0, 256, 400, dtype=np.uint8)
    image[:40] = random.choice(np.array([0x00, 0x09, 0x12, 0x42, 0x99], np.uint8), 40)
    assert call(modules, "memory/value_types", "Object.keys(m.VALUE_TYPES)") == list(VALUE_TYPES)
    for name, kind in VALUE_TYPES.items():
        typed = kind.view(image)
        expected = [
            value.item() if typed.valid is None or typed.valid[at] else None for at, value in enumerate(typed.values)
        ]
        read = "Array.from({ length: 401 - m.bytesOf(b) }, (_, at) => m.readValue(Uint8Array.from(a), at, b))"
        assert call(modules, "memory/value_types", read, image.tolist(), name) == pytest.approx(expected), name


@pytest.mark.parametrize(
    ("value", "type_name", "text"),
    [(7, "u8", "7"), (-3, "s16", "-3"), (1.25, "fixed20.12", "1.25"), (0.1, "float32", "0.1"), (None, "bcd8", "–")],
)
def test_values_as_they_are_written(modules: Page, value: float | None, type_name: str, text: str) -> None:
    assert call(modules, "memory/value_types", "m.valueText(a, b)", value, type_name) == text


MEMORY = """
    const bytes = Uint8Array.from({ length: 96 }, (_, at) => at);
    const bits = new Uint8Array(12).fill(255);
    bits[0] = 0b00001111;
    const ages = new Uint8Array(24).fill(255);
    ages[1] = 0; ages[2] = 3;
    const data = new Uint8Array(96 + 12 + 24);
    data.set(bytes); data.set(bits, 96); data.set(ages, 108);
    const memory = (await import('/static/state/memory/memory_image.js')).memoryFrom(data.buffer, 10, 96);
"""


def with_memory(page: Page, module: str, expression: str, *arguments: Any) -> Any:
    """Evaluate an expression with a small `memory` after set 10: word 1 is not known; words 1 and 2 changed lately."""
    names = ", ".join("abcd"[: len(arguments)])
    script = (
        f"async ([{names}]) => {{ const m = await import('/static/state/{module}.js'); {MEMORY} return {expression}; }}"
    )
    return page.evaluate(script, list(arguments))


def test_memory_is_read_with_what_is_known_and_when_it_changed(modules: Page) -> None:
    read = "[0, 3, 4, 7, 8].map((at) => [m.isKnown(memory, at), m.valueAt(memory, at, 'u8'), m.ageAt(memory, at)])"
    expected = [[True, 0, None], [True, 3, None], [False, None, 0], [False, None, 0], [True, 8, 3]]
    assert with_memory(modules, "memory/memory_image", read) == expected
    assert with_memory(modules, "memory/memory_image", "m.valueAt(memory, 3, 'u16')") is None
    assert with_memory(modules, "memory/memory_image", "m.valueAt(memory, 95, 'u16')") is None


CHANGES = [
    {"region": "iwram", "frame": 1, "address": "03000004", "prev_val": "00000001", "curr_val": "00000300", "freq": 1},
    {"region": "ewram", "frame": 1, "address": "02000010", "prev_val": "00000000", "curr_val": "0000000F", "freq": 1},
    {"region": "vram", "frame": 1, "address": "06000010", "prev_val": "00000000", "curr_val": "0000000F", "freq": 1},
]


def test_memory_goes_on_with_the_changes_of_a_set(modules: Page) -> None:
    script = (
        "await import('/static/state/changes.js').then(({ fromRows }) => {"
        " const next = m.withChanges(memory, 11, fromRows(a), b);"
        " return [[4, 80, 8].map((at) => [m.valueAt(next, at, 'u32'), m.ageAt(next, at)]), next.number, next.derived,"
        " m.isKnown(memory, 4)]; })"
    )
    expected = [[[0x300, 0], [15, 0], [0x0B0A0908, 4]], 11, True, False]
    assert with_memory(modules, "memory/memory_image", script, CHANGES, SMALL) == expected


@pytest.mark.parametrize(("width", "height"), [(544, 180), (1074, 700), (390, 100), (695, 560), (60, 40)])
def test_every_word_has_a_pixel_of_the_map_and_every_pixel_its_word(modules: Page, width: int, height: int) -> None:
    layout = call(modules, "memory/memory_map", "m.mapLayout(a, b, c)", REGIONS, width, height)
    assert layout["columns"] % 64 == 0
    assert layout["width"] <= max(width, 64)
    if layout["scale"] > 1:
        assert layout["height"] <= height
    words = [0, 1, 8191, 8192, 20_000, 73_727]
    back = "b.map((word) => { const { x, y } = m.pixelOfWord(a, word); return m.wordAtPixel(a, x, y); })"
    assert call(modules, "memory/memory_map", back, layout, words) == words
    outside = "[m.pixelOfWord(a, 73728), m.wordAtPixel(a, -1, 0), m.wordAtPixel(a, 0, a.height + 1)]"
    assert call(modules, "memory/memory_map", outside, layout) == [None, None, None]


def test_the_map_is_as_large_as_its_place_allows(modules: Page) -> None:
    scales = "[[544, 180], [1100, 700], [2400, 1200]].map(([w, h]) => m.mapLayout(a, w, h).scale)"
    assert call(modules, "memory/memory_map", scales, REGIONS) == [1, 3, 6]


def test_the_cursor_stays_within_the_regions(modules: Page) -> None:
    layout = call(modules, "memory/memory_map", "m.mapLayout(a, 544, 180)", REGIONS)
    moves = "[[0, { columns: -1 }], [0, { rows: 1 }], [8191, { columns: 1 }], [73727, { rows: 1 }]]"
    assert call(modules, "memory/memory_map", f"{moves}.map(([word, by]) => m.moved(a, word, by))", layout) == [
        0,
        512,
        8192,
        73_727,
    ]


def test_a_part_of_the_map_is_magnified_around_the_cursor(modules: Page) -> None:
    layout = call(modules, "memory/memory_map", "m.mapLayout(a, 544, 180)", REGIONS)
    box = {"columns": 64, "width": 544, "height": 104, "largest": 12}
    for word, first in ((0, 0), (5_000, 4_608), (8_191, 7_360), (8_192, 8_192), (73_727, 72_896)):
        detail = call(modules, "memory/memory_map", "m.detailLayout(a, b, c)", layout, word, box)
        assert detail["bands"][0]["firstWord"] == first
        assert call(modules, "memory/memory_map", "m.pixelOfWord(a, b)", detail, word) is not None
        assert (detail["scale"], detail["height"] <= 104) == (8, True)
    large = {**layout, "scale": 12}
    assert call(modules, "memory/memory_map", "m.detailLayout(a, 0, b)", large, box) is None


def test_what_is_hot_at_rest_and_not_known_has_other_colours(modules: Page) -> None:
    colours = (
        "(() => { const layout = m.mapLayout(a, 64, 8); const pixels = m.mapColours(layout, memory);"
        " return [0, 1, 2, 3].map((word) => { const { x, y } = m.pixelOfWord(layout, word);"
        " return pixels[(y / layout.scale) * layout.columns + x / layout.scale]; }); })()"
    )
    at_rest, unknown, hot, busy = with_memory(modules, "memory/memory_map", colours, SMALL)
    assert len({at_rest, unknown, hot, busy}) == 4


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (
            "[3, 4, 5, 6, 7].map((one) => m.nameAt(m.nameIndex(a), 0x3000000 + one)?.name)",
            [None, "hp", "hp", None, "flags"],
        ),
        ("m.namesIn(m.nameIndex(a), 0x3000000, 16).map(({ name }) => name)", ["hp", "flags"]),
        ("m.namesIn(m.nameIndex(a), 0x3000005, 2).map(({ name }) => name)", ["hp"]),
        ("m.namesIn(m.nameIndex(a), 0x2000013, 1).map(({ name }) => name)", ["money"]),
        ("m.nameAt([], 5)", None),
    ],
)
def test_names_are_found_by_every_byte_of_their_value(modules: Page, expression: str, expected: object) -> None:
    assert call(modules, "memory/name_index", expression, NAMES) == expected


def test_rows_show_values_of_a_type_names_and_what_is_lit(modules: Page) -> None:
    names = [NAMES[0]]
    grid = {"size": 96, "perRow": 16, "phase": 0}
    row = "m.rowAt(a, 0, { memory, changed: b && new Map(b), type: c, isHex: true, regions: d, names: [] })"
    cells = with_memory(modules, "memory/hex_rows", row, grid, None, "u16", SMALL)["cells"]
    assert [cell["text"] for cell in cells] == ["0100", "0302", "????", "????", "0908", "0B0A", "0D0C", "0F0E"]
    assert [cell["lit"] for cell in cells] == ["", "", "now", "now", "lately", "lately", "", ""]
    cells = with_memory(modules, "memory/hex_rows", row, grid, [[2, 0xFF00]], "u8", SMALL)["cells"]
    assert [cell["position"] for cell in cells if cell["lit"] == "now"] == [9]
    row = row.replace("names: []", "names: a").replace("m.rowAt(a", "m.rowAt({ size: 96, perRow: 16, phase: 0 }")
    shown = with_memory(modules, "memory/hex_rows", row, names, None, "s16be", SMALL)
    assert (shown["address"], [name["name"] for name in shown["names"]]) == (0x0300_0000, ["hp"])
    assert shown["cells"][1]["text"] == "0203"


def test_rows_begin_where_the_chosen_value_does(modules: Page) -> None:
    assert call(modules, "memory/hex_rows", "[m.phaseOf(5, 'u16'), m.phaseOf(4, 'u16'), m.phaseOf(null, 'u32')]") == [
        1,
        0,
        0,
    ]
    grid = {"size": 96, "perRow": 16, "phase": 1}
    assert call(modules, "memory/hex_rows", "[m.rowCount(a), m.rowOf(a, 16), m.rowOf(a, 17)]", grid) == [6, 0, 1]
    row = "m.rowAt(a, 5, { memory, changed: null, type: 'u16', isHex: true, regions: b, names: [] }).cells.length"
    assert with_memory(modules, "memory/hex_rows", row, grid, SMALL) == 7, "the last byte has no value of two bytes"


STEPS = {"numbers": [0, 10, 20, 30], "values": [5, 7, None, 3]}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("[-1, 0, 9, 10, 35].map((one) => m.stepAt(a, one))", [-1, 0, 0, 1, 3]),
        (
            "[[10, 1], [10, -1], [15, -1], [30, 1], [0, -1]].map(([at, by]) => m.neighbourStep(a, at, by))",
            [20, 0, 10, None, None],
        ),
        ("[8.5, 11, 14.2].map((one) => m.nearStep(a, one, 2))", [10, 10, 14]),
        ("m.curveOf(a, 12, 25)", [[12, 20, 25], [7, None, None]]),
        ("m.curveOf({ numbers: [], values: [] }, 3, 9)", [[3, 9], [None, None]]),
        (
            "m.withSamples(a, [[25, 9], [31, 3], [32, 4]].map(([number, value]) => ({ number, value })))",
            {"numbers": [0, 10, 20, 30, 32], "values": [5, 7, None, 3, 4]},
        ),
        (
            "m.stepsQuestion('0300', 'u16', { first: 100, last: 220 }, [[0, 5000]])",
            "values?address=0300&type=u16&most=1000&last=384",
        ),
        (
            "m.stepsQuestion('0300', 'u16', { first: 1000, last: 1100 }, [[0, 700], [880, 1300]])",
            "values?address=0300&type=u16&most=1000&first=700&last=1280",
        ),
    ],
)
def test_steps_of_a_value(modules: Page, expression: str, expected: object) -> None:
    assert call(modules, "memory/steps", expression, STEPS) == expected


def test_the_question_for_a_curve_stays_while_the_strip_follows_live(modules: Page) -> None:
    questions = (
        "Array.from({ length: 60 }, (_, at) =>"
        " m.stepsQuestion('03000004', 'u8', { first: 900 + at, last: 1000 + at }, [[0, 1000 + at]]))"
    )
    assert len(set(call(modules, "memory/steps", questions))) <= 2


def test_views_are_gone_through_and_an_address_opens_one(modules: Page) -> None:
    state = (
        "a.reduce(m.reduce, m.initialState({ now: 0 }))",
        [{"type": "memoryStep", "by": 1}, {"type": "memoryStep", "by": 1}, {"type": "address", "address": 5}],
    )
    reduced = call(modules, "reducer", *state)
    assert (reduced["panel"], reduced["memory"]["view"], reduced["memory"]["address"]) == ("memory", "hex", 5)
    there = call(modules, "reducer", state[0], [{"type": "address", "address": 5, "view": "hex"}])
    assert (there["panel"], there["memory"]["view"]) == ("memory", "hex")


def test_names_of_another_session_are_not_taken(modules: Page) -> None:
    actions = [{"type": "names", "session": "other", "names": NAMES}]
    state = call(modules, "reducer", "a.reduce(m.reduce, m.initialState({ now: 0, session: 'this' }))", actions)
    assert state["memory"]["names"] == []
