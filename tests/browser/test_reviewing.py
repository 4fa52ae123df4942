"""Review of a recorded session in the page: the grid of frame sets, filters, agreement; real daemon, real files."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from daemon.recording.session_jobs import write_set
from daemon.recording.session_writer import SessionWriter
from protocol.session.layout import SessionFolder, session_folder
from tests.browser.waiting import eventually
from tests.daemon.importing.made import REGIONS, frame_set, metadata, scan
from tests.fakes.patience import PATIENCE
from tests.integration.running_daemon import running_daemon

SETS = 60
JUMPS = range(20, 30)
"""Frame sets in which A is held."""

FLAWED = 33


def make_session(data: Path) -> SessionFolder:
    folder = session_folder(data, "evening")
    writer = SessionWriter(folder)
    writer.open(metadata("evening", [], recorder={"regions": [region.as_map() for region in REGIONS]}, uuid="1"))
    for number in range(SETS):
        scans = [scan("iwram", 5 * number, [0x0300_0010], current=number + 1)] if number % 10 == 0 else []
        keys = "A" if number in JUMPS else ""
        flaws = ("something was lost",) if number == FLAWED else ()
        writer.perform(write_set("evening", frame_set(number, scans, keys, flaws), None))
    writer.close()
    return folder


@pytest.fixture
def evening(browser: Browser, tmp_path: Path) -> Iterator[tuple[Page, SessionFolder]]:
    """The page at the session, in a browser of its own. An error that it does not handle fails the test."""
    folder = make_session(tmp_path)
    errors: list[str] = []
    with running_daemon(tmp_path, web_port=0) as endpoints:
        context = browser.new_context(viewport={"width": 1280, "height": 720})
        page = context.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{endpoints.page}#evening/0")
        expect(page.locator(".place b")).to_have_text("0")
        yield page, folder
        context.close()
    assert errors == []


def labelled(folder: SessionFolder, field: str = "context") -> dict[int, str]:
    """A field's values on disk, by frame set."""
    found = {}
    for number in range(SETS):
        path = folder.annotations(number)
        value = json.loads(path.read_bytes())[field] if path.exists() else ""
        if value:
            found[number] = value
    return found


def cell(page: Page, number: int) -> Any:
    return page.locator(f".set-cell[data-set='{number}']")


def selected(page: Page) -> Any:
    return page.locator(".set-cell[aria-selected=true]")


def open_grid(page: Page) -> None:
    page.keyboard.press("#")
    expect(page.get_by_role("grid", name="Frame sets")).to_be_focused()


def choose_context(page: Page, name: str) -> None:
    page.keyboard.press("c")
    page.locator(".option", has_text=name).first.click()
    expect(page.locator(".option-list")).to_have_count(0)


def test_a_selection_in_the_grid_is_labelled_at_once_and_undone_at_once(evening: tuple[Page, SessionFolder]) -> None:
    page, folder = evening
    open_grid(page)
    start, end = (cell(page, number).locator(".set-picture").bounding_box() for number in (1, 4))
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 20, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(end["x"] + 30, end["y"] + 30, steps=4)
    page.mouse.up()
    expect(selected(page)).to_have_count(4)
    cell(page, 2).locator(".set-picture").click(modifiers=["ControlOrMeta"])
    expect(selected(page)).to_have_count(3)
    choose_context(page, "Battle")
    eventually(page, lambda: sorted(labelled(folder)), [1, 3, 4])
    expect(cell(page, 4).locator(".set-value")).to_contain_text("Battle")
    page.keyboard.press("z")
    eventually(page, lambda: len(labelled(folder)), 0)
    expect(cell(page, 4).locator(".set-value")).not_to_contain_text("Battle")

    page.get_by_role("grid", name="Frame sets").focus()
    cell(page, 0).locator(".set-picture").click()
    expect(selected(page)).to_have_count(0)
    for key in ("ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
    expect(selected(page)).to_have_count(3)
    cell(page, 3).get_by_role("button").click()
    expect(page.locator(".place b")).to_have_text("3")
    expect(page.locator(".set-grid")).to_have_count(0)
    open_grid(page)
    expect(selected(page)).to_have_count(3)
    page.keyboard.press("Enter")
    expect(page.locator(".set-grid")).to_have_count(0)


def test_the_grid_shows_what_the_filters_choose_and_filters_are_saved(evening: tuple[Page, SessionFolder]) -> None:
    page, folder = evening
    open_grid(page)
    shown = page.locator(".set-grid-bar output")
    page.get_by_label("Only sets in which this button is held").select_option("A")
    expect(shown).to_have_text("10 of 60 sets")
    expect(page.locator(".set-cell").first).to_have_attribute("data-set", "20")
    page.get_by_label("Only sets in which this button is held").select_option("")
    page.get_by_role("button", name="Flaws").click()
    expect(page.locator(".set-cell")).to_have_count(1)
    expect(cell(page, FLAWED)).to_contain_text("flawed")
    page.get_by_role("button", name="Flaws").click()
    page.locator("[data-status=unlabelled]").click()
    expect(shown).to_have_text("60 of 60 sets")

    page.locator("summary", has_text="Filters").click()
    page.get_by_label("Name of the filter").fill("to do")
    page.get_by_label("Name of the filter").press("Enter")
    page.get_by_role("grid", name="Frame sets").focus()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowRight")
    choose_context(page, "Battle")
    eventually(page, lambda: sorted(labelled(folder)), [0, 1])
    # What is labelled stays under the pointer until it is filtered again.
    page.get_by_role("button", name="Hide 2").click()
    expect(cell(page, 0)).to_have_count(0)
    expect(cell(page, 2)).to_have_count(1)

    page.reload()
    expect(page.locator("[data-status=all]")).to_have_attribute("aria-checked", "true")
    page.locator("summary", has_text="Filters").click()
    page.get_by_role("button", name="to do", exact=True).click()
    expect(page.locator("[data-status=unlabelled]")).to_have_attribute("aria-checked", "true")


GIVE = """async ([who, first, last, context]) => {
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify({ who, first, last, labels: { context } });
    return (await fetch("/api/sessions/evening/labels", { method: "POST", headers, body })).status;
}"""


def test_two_peoples_labels_are_compared_and_a_click_goes_to_where_they_differ(
    evening: tuple[Page, SessionFolder],
) -> None:
    page, _ = evening
    for command in (["ann", 0, 7, "battle"], ["ben", 0, 3, "battle"], ["ben", 4, 9, "menu"], ["ann", 8, 9, "menu"]):
        assert page.evaluate(GIVE, command) == 200
    page.get_by_role("tab", name="Review").click()
    page.get_by_role("button", name="Agreement").click()
    context = page.locator(".agreement-fields tbody tr").first
    expect(context.locator("td")).to_have_text(["10", "60 %", "0.29", "0", "0"])
    row = page.locator("#disagreements .grid-row")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(re.compile("4 – 7.*Context.*[Bb]attle.*[Mm]enu", re.DOTALL))
    row.click()
    expect(page.locator(".place b")).to_have_text("4")
    page.keyboard.press("x")
    expect(page.locator(".scope")).to_contain_text("4 sets")
    page.get_by_label("One person").select_option("ben")
    expect(row).to_contain_text(re.compile("[Mm]enu.*[Bb]attle", re.DOTALL))


MOUNT = """async () => {
    const [{ html, render }, { SetGrid }, { reduce, initialState }, { NO_LABELS }] = await Promise.all([
        import("/static/vendor/htm-preact/standalone.module.js"), import("/static/components/set_grid.js"),
        import("/static/state/reducer.js"), import("/static/state/labels.js"),
    ]);
    const run = (_, index) => [25 * index, 25 * index + 20, `v${index % 9}`];
    const labels = { ...NO_LABELS, context: Array.from({ length: 2000 }, run) };
    let state = initialState({ now: 0, session: "s", set: 0 });
    const sheet = document.createElement("link");
    Object.assign(sheet, { rel: "stylesheet", href: "/static/style/views.css" });
    document.head.append(sheet);
    await new Promise((loaded) => sheet.addEventListener("load", loaded));
    const root = document.createElement("div");
    root.style.cssText = "position: fixed; inset: 0; display: grid; z-index: 9";
    document.body.append(root);
    const dispatch = (action) => {
        state = reduce(state, action);
        render(html`<${SetGrid} state=${state} dispatch=${dispatch} />`, root);
    };
    const session = { session_id: "s", state: "ended", created: 1, frames_per_set: 5, regions: [] };
    dispatch({ type: "welcome", server: {}, daemon: {}, link: {}, sessions: [session], now: 0 });
    dispatch({ type: "watched", session: "s", ranges: [[0, 49_999]], events: [], labels, flawed: [] });
    dispatch({ type: "toggleGrid" });
    await new Promise((done) => setTimeout(done, 300));
    const body = root.querySelector(".set-grid");
    globalThis.unmountGrid = () => { render(null, root); root.remove(); };
    globalThis.scrollTo = async (share) => {
        body.scrollTop = body.scrollHeight * share;
        await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
        return body.querySelectorAll("*").length;
    };
    globalThis.atRest = async () => {
        await new Promise((done) => setTimeout(done, 400));
        const cells = [...body.querySelectorAll(".set-cell")];
        return { last: Number(cells.pop().dataset.set), pictures: body.querySelectorAll("img").length };
    };
}"""

STEPS = 40


def test_fifty_thousand_sets_scroll_without_long_tasks_and_few_are_in_the_document(modules: Page) -> None:
    modules.evaluate(MOUNT)
    client = modules.context.new_cdp_session(modules)
    # Time of the processor, not of the clock: on a busy machine a task takes long because it waits.
    client.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> dict[str, float]:
        metrics = client.send("Performance.getMetrics")["metrics"]
        return {metric["name"]: 1000 * metric["value"] for metric in metrics}

    ours, tasks = [], []
    for step in range(STEPS + 1):
        before = spent()
        assert modules.evaluate("(share) => scrollTo(share)", step / STEPS) < 2_500
        after = spent()
        ours.append(
            sum(after[name] - before[name] for name in ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration"))
        )
        tasks.append(after["TaskDuration"] - before["TaskDuration"])
    at_rest = modules.evaluate("atRest()")
    client.detach()
    modules.evaluate("unmountGrid()")
    # A step is two frames of several tasks, and, where the machine is slow, the pictures of its place.
    assert max(ours) <= 50, ours
    assert median(tasks) <= 50, tasks
    assert at_rest["last"] == 49_999
    assert 0 < at_rest["pictures"] < 120
