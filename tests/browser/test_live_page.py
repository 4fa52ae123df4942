import base64
import io
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from protocol.session.event_json import event_json
from protocol.session.events import EventRecord
from tests.browser.conftest import OpenPage
from tests.browser.waiting import eventually
from tests.fakes.bus_daemon import START, FakeDaemon, make_frame_set
from tests.fakes.game_picture import draw_game, keys_held
from tests.fakes.original_session import make_converter_session
from tests.webui.page_process import PageProcess


def wait_for_picture(page: Page, number: int) -> None:
    page.wait_for_selector(f".screen canvas[data-set='{number}']")


def wait_for_set(page: Page, number: int) -> None:
    """Wait until a frame set is shown, and all that is around its picture."""
    wait_for_picture(page, number)
    page.wait_for_selector(".strip")


def open_changes(page: Page) -> None:
    page.get_by_role("tab", name="Changes").click()


def picture_of(page: Page) -> Image.Image:
    data = page.evaluate("document.querySelector('.screen canvas').toDataURL().split(',')[1]")
    return Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")


def strip_left(page: Page) -> float:
    return float(page.evaluate("document.querySelector('.strip-scroll').scrollLeft"))


def test_before_the_first_session_the_page_says_how_to_start(open_page: OpenPage) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    expect(page.get_by_role("heading", name="Waiting for BizHawk")).to_be_visible()
    command = page.locator(".command code").inner_text()
    assert command.startswith(r".\EmuHawk.exe --socket_ip=127.0.0.1 --socket_port=9999 --lua=")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == command


def test_a_session_opens_by_itself_and_its_frame_sets_are_shown_as_they_come(
    daemon: FakeDaemon, open_page: OpenPage
) -> None:
    page = open_page()
    page.wait_for_selector(".start")
    session = daemon.open_session("meadow")
    session.play(1)
    wait_for_set(page, 0)
    session.play(2)
    wait_for_set(page, 2)
    expect(page.get_by_role("heading", name="meadow Meadow Quest")).to_be_visible()
    expect(page.locator(".chip")).to_have_text("Live")
    expect(page).to_have_title("meadow · Live · gbatrace")
    expect(page.locator(".place b")).to_have_text("2")
    open_changes(page)
    expect(page.locator(".toolbar .count")).to_have_text("650 changes")


@pytest.mark.parametrize("ratio", [1, 1.5, 2, 3])
def test_the_picture_is_exact_and_every_pixel_whole(daemon: FakeDaemon, open_page: OpenPage, ratio: float) -> None:
    daemon.open_session("meadow").play(6)
    page = open_page(device_scale_factor=ratio)
    wait_for_set(page, 5)
    drawn = Image.open(io.BytesIO(draw_game(5))).convert("RGB")
    assert picture_of(page).tobytes() == drawn.tobytes()
    style = page.locator(".screen canvas").evaluate(
        "(canvas) => { const s = getComputedStyle(canvas); return [s.imageRendering, s.width, s.height]; }"
    )
    width, height = (float(size.removesuffix("px")) * ratio for size in style[1:])
    assert style[0] == "pixelated"
    assert (width % 240, height % 160) == pytest.approx((0, 0), abs=0.02)
    assert width / 240 == height / 160 >= 1


def test_the_buttons_held_are_lit(daemon: FakeDaemon, open_page: OpenPage) -> None:
    daemon.open_session("meadow").play(3)
    page = open_page()
    wait_for_set(page, 2)
    assert keys_held(2) == "B+Right"
    expect(page.locator(".console")).to_have_attribute("aria-label", "Buttons: B + Right")
    lit = page.locator(".console-button[data-held]").evaluate_all(
        "(all) => all.map((one) => one.dataset.button).sort()"
    )
    assert lit == ["B", "Right"]


def test_who_comes_late_sees_everything_so_far(daemon: FakeDaemon, open_page: OpenPage) -> None:
    session = daemon.open_session("meadow")
    session.play(30)
    session.log(EventRecord(START, "savestate_loaded", 12, 60))
    page = open_page()
    wait_for_set(page, 29)
    expect(page.locator(".strip-summary")).to_contain_text("30 sets")
    expect(page.locator(".mark[data-tone=break]")).to_have_attribute("title", re.compile("^savestate loaded"))
    page.keyboard.press("Home")
    wait_for_set(page, 0)
    assert picture_of(page).tobytes() == Image.open(io.BytesIO(draw_game(0))).convert("RGB").tobytes()


def test_a_place_that_the_user_has_set_is_never_moved_and_one_key_follows_live_again(
    daemon: FakeDaemon, open_page: OpenPage
) -> None:
    session = daemon.open_session("meadow")
    session.play(300)
    page = open_page()
    wait_for_set(page, 299)
    expect(page.get_by_role("button", name="Following live")).to_be_visible()
    page.locator(".strip-scroll").evaluate("(strip) => { strip.scrollLeft -= 900; }")
    follow = page.get_by_role("button", name="Follow live")
    expect(follow).to_have_attribute("aria-pressed", "false")
    left = strip_left(page)
    session.play(40)
    expect(follow).to_contain_text("40 sets behind")
    assert strip_left(page) == left
    expect(page.locator(".place b")).to_have_text("299")
    page.keyboard.press("l")
    wait_for_set(page, 339)
    expect(page.locator(".film-cell[data-selected]")).to_be_in_viewport()
    assert strip_left(page) > left
    session.play(1)
    wait_for_set(page, 340)
    start = strip_left(page)
    for turns, row in enumerate((".strip-cells", ".lanes canvas"), 1):
        page.locator(row).hover()
        page.mouse.wheel(0, -300)
        expect(follow).to_have_attribute("aria-pressed", "false")
        eventually(page, lambda: strip_left(page), expected=start - 300 * turns)


def test_moving_by_key_and_by_pointer(daemon: FakeDaemon, open_page: OpenPage) -> None:
    session = daemon.open_session("meadow")
    for number in (*range(20), *range(30, 60)):
        session.store(make_frame_set(number))
    page = open_page()
    wait_for_set(page, 59)
    place = page.locator(".place b")
    for key, number in (
        ("ArrowLeft", 58),
        ("ArrowRight", 59),
        ("ArrowRight", 59),
        ("Home", 0),
        ("ArrowLeft", 0),
        ("PageDown", 12),
        ("PageDown", 19),
        ("ArrowRight", 30),
        ("ArrowLeft", 19),
        ("End", 59),
    ):
        page.keyboard.press(key)
        expect(place).to_have_text(str(number))
    page.locator(".film-cell[data-set='36']").click(position={"x": 2, "y": 40})
    expect(place).to_have_text("36")
    expect(page.locator(".film-cell[data-selected]")).to_have_attribute("data-set", "36")
    wait_for_set(page, 36)


def test_a_reload_comes_back_to_the_same_place(daemon: FakeDaemon, open_page: OpenPage) -> None:
    daemon.open_session("cave", created=START - 1).play(3)
    session = daemon.open_session("meadow")
    session.play(9)
    page = open_page()
    wait_for_set(page, 8)
    page.keyboard.press("b")
    page.locator("[data-session=cave]").click()
    wait_for_set(page, 2)
    page.keyboard.press("ArrowLeft")
    wait_for_set(page, 1)
    page.reload()
    wait_for_set(page, 1)
    expect(page.locator("[data-session=cave]")).to_have_attribute("aria-current", "true")


def test_a_link_to_a_set_shows_it_in_the_strip(daemon: FakeDaemon, open_page: OpenPage) -> None:
    session = daemon.open_session("meadow")
    for number in range(400):
        session.record(make_frame_set(number))
    page = open_page("/#meadow/250")
    wait_for_set(page, 250)
    expect(page.locator(".film-cell[data-selected]")).to_have_attribute("data-set", "240")
    expect(page.locator(".film-cell[data-selected]")).to_be_in_viewport()


def test_the_table_filters_sorts_and_copies(daemon: FakeDaemon, open_page: OpenPage) -> None:
    daemon.open_session("meadow").play(1)
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    wait_for_set(page, 0)
    rows = page.locator(".grid-row")
    frame_set = make_frame_set(0)
    addresses = sorted(int(address) for scan in frame_set.changes for address in scan.addresses)
    open_changes(page)
    page.get_by_role("button", name="Address").click()
    expect(rows.first.locator("[data-column=address]")).to_have_text(f"{addresses[0]:08X}")
    page.get_by_role("button", name="Address").click()
    expect(rows.first.locator("[data-column=address]")).to_have_text(f"{addresses[-1]:08X}")
    page.keyboard.press("/")
    page.keyboard.type(f"{addresses[5]:08X}")
    expect(page.locator(".toolbar .count")).to_have_text("1 of 650 changes")
    page.get_by_role("button", name="Copy these rows").click()
    page.wait_for_selector("[data-done]")
    header, row = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert header == "region\taddress\tprevious\tcurrent\tdelta\tfreq\tframe\tname"
    [scan] = [scan for scan in frame_set.changes if addresses[5] in scan.addresses]
    at = list(scan.addresses).index(addresses[5])
    before, after = int(scan.previous[at]), int(scan.current[at])
    assert row.split("\t") == [
        scan.region,
        f"{addresses[5]:08X}",
        f"{before:08X}",
        f"{after:08X}",
        str(after - before),
        str(scan.freq[at]),
        str(scan.frame),
        "",
    ]
    page.fill("#changes-filter", "iwram")
    expect(page.locator(".toolbar .count")).to_have_text("200 of 650 changes")
    page.fill("#changes-filter", "no such thing")
    expect(page.get_by_text("Nothing matches the filter.")).to_be_visible()


def test_live_and_recorded_changes_are_the_same(daemon: FakeDaemon, open_page: OpenPage) -> None:
    session = daemon.open_session("meadow")
    page = open_page()
    page.wait_for_selector(".workspace")
    session.play(2)
    wait_for_set(page, 1)
    open_changes(page)
    expect(page.locator(".grid-row").first).to_be_visible()
    rows = page.locator(".grid-row").all_inner_texts()
    page.reload()
    wait_for_set(page, 1)
    open_changes(page)
    expect(page.locator(".grid-row")).to_have_text(rows, use_inner_text=True)


def test_a_set_without_a_screenshot_and_with_flaws_says_so(daemon: FakeDaemon, open_page: OpenPage) -> None:
    session = daemon.open_session("meadow")
    session.play(1)
    page = open_page()
    wait_for_set(page, 0)
    session.store(make_frame_set(1, ("cut short by a savestate",), png=b""))
    expect(page.get_by_text("Frame set 1 has no screenshot.")).to_be_visible()
    open_changes(page)
    expect(page.locator(".facts")).to_contain_text("cut short by a savestate")
    expect(page.locator("[data-session=meadow]")).to_contain_text("1 flawed")


def test_a_lost_link_is_reported_with_its_time_and_the_session_goes_on(daemon: FakeDaemon, open_page: OpenPage) -> None:
    session = daemon.open_session("meadow")
    session.play(1)
    page = open_page(timezone_id="UTC")
    wait_for_set(page, 0)
    session.enter("lost", START)
    expect(page.locator(".chip")).to_have_text("BizHawk lost since 09:46")
    expect(page.locator(".advice")).to_contain_text("Nothing recorded is lost")
    session.enter("live", START)
    session.play(1)
    wait_for_set(page, 1)
    expect(page.locator(".chip")).to_have_text("Live")


def test_the_page_goes_on_with_the_next_session_only_for_who_follows(daemon: FakeDaemon, open_page: OpenPage) -> None:
    first = daemon.open_session("first")
    first.play(5)
    follower, reader = open_page(), open_page()
    for page in (follower, reader):
        wait_for_set(page, 4)
    reader.keyboard.press("ArrowLeft")
    wait_for_set(reader, 3)
    first.enter("ended", START, "bye")
    expect(follower.get_by_role("button", name="At the end")).to_be_visible()
    expect(follower.get_by_role("button", name="Start BizHawk")).to_be_visible()
    daemon.open_session("second", created=START + 1).play(2)
    wait_for_set(follower, 1)
    expect(follower.locator("[data-session=second]")).to_have_attribute("aria-current", "true")
    expect(reader.locator("[data-session=first]")).to_have_attribute("aria-current", "true")
    expect(reader.locator(".place b")).to_have_text("3")


def test_a_daemon_that_restarts_is_reported_and_found_again(daemon: FakeDaemon, open_page: OpenPage) -> None:
    session = daemon.open_session("meadow")
    session.play(3)
    page = open_page()
    wait_for_set(page, 2)
    daemon.stop()
    expect(page.locator(".chip")).to_have_text(re.compile(r"^Daemon lost since \d\d:\d\d$"))
    expect(page.locator(".advice")).to_contain_text("gbatrace serve")
    session.record(make_frame_set(3))
    daemon.start()
    expect(page.locator(".chip")).to_have_text("Live")
    expect(page.locator(".place b")).to_have_text("3")
    session.play(1)
    wait_for_set(page, 4)


def test_a_page_server_that_restarts_is_reported_and_found_again(
    daemon: FakeDaemon, server: PageProcess, open_page: OpenPage
) -> None:
    session = daemon.open_session("meadow")
    session.play(3)
    page = open_page()
    wait_for_set(page, 2)
    server.stop()
    expect(page.locator(".chip")).to_have_text(re.compile(r"^Page server lost since \d\d:\d\d$"))
    session.play(1)
    server.start()
    expect(page.locator(".chip")).to_have_text("Live")
    session.play(1)
    wait_for_set(page, 4)


def test_a_slow_browser_loses_previews_never_state_and_is_informed(daemon: FakeDaemon, open_page: OpenPage) -> None:
    session = daemon.open_session("meadow")
    session.play(1)
    page = open_page()
    wait_for_set(page, 0)
    page.evaluate(
        "() => { const paint = window.requestAnimationFrame;"
        " window.requestAnimationFrame = (done) => setTimeout(() => paint(done), 1000); }"
    )
    session.play(120)
    skipped = page.locator(".meter[data-meter=skipped]")
    expect(skipped).to_have_text(re.compile(r"^\d+ recorded, not shown live$"))
    colours = "(one) => [one.querySelector('b'), document.body].map((part) => getComputedStyle(part).color)"
    assert len(set(skipped.evaluate(colours))) == 1, "it looks like a loss"
    expect(page.locator("[data-session=meadow]")).to_contain_text("121 sets")
    wait_for_set(page, 120)


def test_fifty_thousand_frame_sets_open_at_once_and_only_what_is_in_sight_is_in_the_document(
    daemon: FakeDaemon, open_page: OpenPage
) -> None:
    session = daemon.open_session("long", frame_sets=50_000, first_set=0, last_set=49_999)
    for number in range(50_000):
        session.folder.frame_set(number).mkdir()
    for number in (0, 25_020, 49_999):
        session.folder.frame_set(number).rmdir()
        session.record(make_frame_set(number))
    page = open_page()
    wait_for_set(page, 49_999)
    opened = page.evaluate("performance.now()")
    assert opened < 30_000, f"the session took {opened} ms to open"
    cells = page.locator(".film-cell")
    assert 5 < cells.count() < 40
    open_changes(page)
    expect(page.locator(".grid-row").first).to_be_visible()
    assert page.locator(".grid-row").count() < 60
    nodes = page.evaluate("document.querySelectorAll('*').length")

    page.keyboard.press("Home")
    wait_for_set(page, 0)
    for key in ("+", "+", "-", "-", "-", "-", "-", "+", "+"):
        page.keyboard.press(key)
        assert cells.count() < 40
    box = page.locator(".overview").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 8)
    page.locator(".film-cell[data-set='25020']").wait_for()
    page.locator(".film-cell[data-set='25020']").click(position={"x": 1, "y": 40})
    wait_for_set(page, 25_020)
    expect(page.locator(".grid-row").first).to_be_visible()
    assert abs(page.evaluate("document.querySelectorAll('*').length") - nodes) < 200


def test_all_keys_are_in_the_overlay_and_the_overlay_closes(daemon: FakeDaemon, open_page: OpenPage) -> None:
    page = open_page()
    page.wait_for_selector(".start")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog.get_by_role("heading", name="Keys", exact=True)).to_be_in_viewport()
    expect(dialog).to_contain_text("Follow live")
    too_wide = "keys => keys.filter((key) => key.scrollWidth > key.clientWidth).map((key) => key.textContent)"
    assert dialog.locator(".keys dt").evaluate_all(too_wide) == [], "keys that stand in the words beside them"
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()


def test_light_and_dark_follow_the_system_until_chosen(open_page: OpenPage) -> None:
    page = open_page(color_scheme="light")
    colours = page.locator("html")
    page.wait_for_selector(".header")
    expect(colours).to_have_css("color-scheme", "light")
    page.keyboard.press("t")
    expect(colours).to_have_css("color-scheme", "dark")
    page.reload()
    page.wait_for_selector(".header")
    expect(colours).to_have_css("color-scheme", "dark")


def test_a_phone_held_upright_has_everything_in_its_width(daemon: FakeDaemon, open_page: OpenPage) -> None:
    daemon.open_session("meadow").play(20)
    page = open_page(width=390, height=844, device_scale_factor=3, has_touch=True)
    wait_for_set(page, 19)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("button", name="Sessions").tap()
    expect(page.locator("[data-session=meadow]")).to_be_in_viewport()
    page.locator("[data-session=meadow]").tap()
    expect(page.locator("[data-session=meadow]")).not_to_be_in_viewport()
    page.get_by_role("tab", name="Changes").tap()
    expect(page.locator(".grid-row").nth(7)).to_be_visible()
    for index in range(8):
        expect(page.locator(".grid-row").nth(index)).to_be_in_viewport(ratio=1)


def test_markup_in_names_stays_text(daemon: FakeDaemon, open_page: OpenPage) -> None:
    name = "<img src=x onerror=alert(1)>"
    session = daemon.open_session("meadow", name)
    session.log(EventRecord(START, "<b>mark</b>", 0, 0))
    session.play(1)
    page = open_page()
    wait_for_set(page, 0)
    expect(page.locator("h1")).to_have_text(f"meadow {name}")
    open_changes(page)
    expect(page.locator(".facts")).to_contain_text("<b>mark</b>")


def test_a_session_of_the_original_is_shown_whatever_it_is_called(
    daemon: FakeDaemon, open_page: OpenPage, tmp_path: Path
) -> None:
    daemon.open_session("meadow").play(1)
    name = "My メダロット 3 (evening), a & b!"
    make_converter_session(tmp_path, name)
    page = open_page()
    wait_for_set(page, 0)
    page.keyboard.press("b")
    # The page looks for sessions that others wrote every few seconds.
    expect(page.get_by_role("navigation", name="Sessions").get_by_text("Metabots Rokusho")).to_be_visible(
        timeout=30_000
    )
    page = open_page(f"/{quote(name)}")
    wait_for_set(page, 2)
    open_changes(page)
    expect(page.locator(".facts")).to_contain_text("—")
    expect(page.locator(".place b")).to_have_text("2")
    page.keyboard.press("ArrowLeft")
    wait_for_set(page, 1)
    page.reload()
    wait_for_set(page, 1)
    expect(page.locator(f'[data-session="{name}"]')).to_have_attribute("aria-current", "true")


def test_walking_faster_than_sets_can_be_fetched_is_no_problem(daemon: FakeDaemon, open_page: OpenPage) -> None:
    session = daemon.open_session("meadow")
    for number in range(120):
        session.record(make_frame_set(number))
    page = open_page()
    wait_for_set(page, 119)
    for number in range(100):
        page.keyboard.press("ArrowLeft", delay=number % 9)
    wait_for_set(page, 19)
    assert picture_of(page).tobytes() == Image.open(io.BytesIO(draw_game(19))).convert("RGB").tobytes()
    assert page.get_by_role("alert").count() == 0


def test_a_frame_set_whose_folder_was_deleted_is_reported(daemon: FakeDaemon, open_page: OpenPage) -> None:
    session = daemon.open_session("meadow")
    session.play(5)
    page = open_page()
    wait_for_set(page, 4)
    for path in session.folder.frame_set(2).iterdir():
        path.unlink()
    session.folder.frame_set(2).rmdir()
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("alert")).to_contain_text("Session meadow has no frame set 2.")
    page.keyboard.press("ArrowLeft")
    wait_for_set(page, 1)


def open_long_session(daemon: FakeDaemon, open_page: OpenPage) -> Page:
    """Open a page at the end of a session whose first frame set it has to fetch."""
    daemon.open_session("meadow").play(300)
    page = open_page()
    wait_for_set(page, 299)
    return page


def test_no_label_goes_to_a_picture_that_is_not_in_sight(
    daemon: FakeDaemon, server: PageProcess, open_page: OpenPage
) -> None:
    page = open_long_session(daemon, open_page)
    page.route("**/frame_sets/0", lambda route: route.abort())
    page.keyboard.press("Home")
    expect(page.locator(".place b")).to_have_text("0")
    expect(page.locator(".screen")).to_contain_text("Frame set 0 is not loaded.")
    page.keyboard.press("x")
    expect(page.locator(".command-status")).to_contain_text("Frame set 0 can be labelled once its picture is in sight.")
    page.unroute("**/frame_sets/0")
    server.stop()
    expect(page.locator(".chip")).to_contain_text("Page server lost")
    server.start()
    wait_for_set(page, 0)
    expect(page.locator(".no-screenshot")).to_have_count(0)
    page.keyboard.press("x")
    expect(page.locator(".command-status")).not_to_contain_text("once its picture")


def test_a_picture_that_could_not_be_fetched_is_asked_for_again(daemon: FakeDaemon, open_page: OpenPage) -> None:
    page = open_long_session(daemon, open_page)
    page.route("**/frame_sets/0", lambda route: route.abort())
    page.keyboard.press("Home")
    expect(page.locator(".screen")).to_contain_text("Frame set 0 is not loaded.")
    expect(page.locator(".problem")).to_have_text(re.compile("^Frame set 0 could not be fetched\\."))
    page.unroute("**/frame_sets/0")
    wait_for_set(page, 0)
    expect(page.locator(".no-screenshot")).to_have_count(0)


def test_a_picture_that_is_late_is_not_that_of_another_set(daemon: FakeDaemon, open_page: OpenPage) -> None:
    page = open_long_session(daemon, open_page)
    late = []
    page.route("**/frame_sets/0", lambda route: late.append(route))  # noqa: PLW0108 - Playwright asks for a function
    page.keyboard.press("Home")
    expect(page.locator(".screen")).to_contain_text("Frame set 0 is being loaded.")
    late[0].continue_()
    wait_for_set(page, 0)
    expect(page.locator(".no-screenshot")).to_have_count(0)


def test_choosing_the_chosen_session_changes_nothing(daemon: FakeDaemon, open_page: OpenPage) -> None:
    session = daemon.open_session("meadow")
    session.play(9)
    page = open_page(width=1920, height=1080)
    wait_for_set(page, 8)
    page.keyboard.press("b")
    page.locator(".session").click()
    expect(page.get_by_role("navigation", name="Sessions")).to_be_hidden()
    expect(page.locator(".place b")).to_have_text("8")
    expect(page.locator(".film-cell").first).to_be_visible()


def test_label_files_that_cannot_be_used_are_reported_where_labels_are_given(
    daemon: FakeDaemon, open_page: OpenPage
) -> None:
    sets = daemon.data_folder / "label_sets"
    sets.mkdir()
    option = '{"value": "den", "key": "d"}'
    sets.joinpath("twice.json").write_text(f'{{"fields": {{"context": {{"options": [{option}, {option}]}}}}}}', "utf-8")
    configs = daemon.data_folder / "game_configs"
    configs.mkdir()
    configs.joinpath("meadow.json").write_text('{"game": "Meadow Quest", "label_set": "twice"}', "utf-8")
    session = daemon.open_session("meadow")
    session.folder.metadata.write_text('{"game_config": "meadow.json"}', "utf-8")
    for number in range(3):
        session.record(make_frame_set(number))
    session.folder.annotations(2).write_text('{"context": ["<b>"]}', "utf-8")
    page = open_page()
    wait_for_set(page, 2)
    labels = page.locator(".labels")
    expect(labels).to_contain_text("in context the key d stands for both den and den. The default options are shown")
    expect(labels).to_contain_text("Context is a list and not a text.")
    page.keyboard.press("ArrowLeft")
    expect(labels).not_to_contain_text("Context is a list and not a text.")
    page.keyboard.press("c")
    expect(page.locator(".option[data-value=battle]")).to_be_visible()


@pytest.mark.parametrize(
    ("keys", "field"),
    [
        ("s", "option-list-text"),
        ("c", "option-list-text"),
        ("d", "description"),
        ("md", "description"),
        ("f", "sets-filter"),
    ],
)
def test_a_field_is_ready_before_the_next_key(daemon: FakeDaemon, open_page: OpenPage, keys: str, field: str) -> None:
    daemon.open_session("meadow").play(1)
    page = open_page()
    wait_for_set(page, 0)
    press = "(key) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))"
    focused = page.evaluate(f"(keys) => {{ keys.forEach({press}); return document.activeElement.id; }}", list(keys))
    assert focused == field


def test_statistics_are_drawn_written_in_numbers_and_lead_to_their_sets(
    daemon: FakeDaemon, open_page: OpenPage
) -> None:
    session = daemon.open_session("meadow")
    for number in range(40):
        session.record(make_frame_set(number))
    for number in (3, 4):
        session.folder.annotations(number).write_text('{"context": "<b>den</b>", "complete": true}', "utf-8")
    page = open_page()
    wait_for_set(page, 39)
    page.keyboard.press("0")
    statistics = page.get_by_role("tabpanel", name="Statistics")
    totals = statistics.locator(".totals")
    for name, value in (("Frame sets", "40"), ("Labelled", "5.0 %"), ("Complete", "5.0 %"), ("Flawed", "0")):
        expect(totals.locator("div", has_text=name)).to_contain_text(value)
    chart = statistics.get_by_role("img", name=re.compile("^iwram changes: mean 200, max 200 per set$"))
    box = chart.bounding_box()
    assert box is not None
    chart.click(position={"x": box["width"] * 10.5 / 40, "y": 20})
    expect(page.locator(".place b")).to_have_text("10")
    statistics.get_by_text("Show as a table").click()
    rows = statistics.locator(".curves-table tbody tr")
    expect(rows).to_have_count(40)
    expect(rows.first.locator("td")).to_have_text(["450", "200", "0 %"])
    buttons = {button for number in range(40) for button in keys_held(number).split("+") if button}
    shown = statistics.get_by_role("table", name="Buttons").locator("tbody th").all_inner_texts()
    assert set(shown) <= buttons
    statistics.get_by_role("button", name="<b>den</b>").click()
    expect(page.locator(".film-cell[data-filtered-out]").first).to_be_visible()
    page.keyboard.press("Home")
    expect(page.locator(".place b")).to_have_text("3")


def configure(daemon: FakeDaemon, folder: str, name: str, text: str) -> None:
    path = daemon.data_folder / folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")


def test_keys_are_changed_in_a_file(daemon: FakeDaemon, open_page: OpenPage) -> None:
    configure(daemon, ".", "keys.json", '{"context": ["F8"], "keys": ["c", "?"]}')
    daemon.open_session("meadow").play(3)
    page = open_page()
    wait_for_set(page, 2)
    expect(page.locator(".field[data-field=context] kbd")).to_have_text("F8")
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog.locator("dt", has_text="F8")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("F8")
    expect(page.get_by_role("dialog", name="Context")).to_be_visible()


def test_a_file_of_keys_with_a_key_twice_is_reported(daemon: FakeDaemon, open_page: OpenPage) -> None:
    configure(daemon, ".", "keys.json", '{"context": ["c"], "scene": ["c"]}')
    daemon.open_session("meadow").play(1)
    page = open_page()
    wait_for_set(page, 0)
    expect(page.get_by_role("alert")).to_contain_text("the key c stands for both context and scene")
    page.keyboard.press("s")
    expect(page.get_by_role("dialog", name="Scene")).to_be_visible()


@pytest.mark.parametrize(("config", "told"), [("meadow.json", "meadow.json"), ("", "none")])
def test_the_chosen_game_config_is_reported(daemon: FakeDaemon, open_page: OpenPage, config: str, told: str) -> None:
    configure(daemon, "game_configs", "meadow.json", '{"game": "Meadow Quest"}')
    session = daemon.open_session("meadow")
    session.folder.metadata.write_text(f'{{"game_config": "{config}"}}', "utf-8")
    session.record(make_frame_set(0))
    page = open_page()
    wait_for_set(page, 0)
    open_changes(page)
    expect(page.locator(".facts dt:text-is('Game config') + dd")).to_have_text(told)


def test_what_the_held_buttons_mean_comes_first_and_is_on_number_keys(daemon: FakeDaemon, open_page: OpenPage) -> None:
    means = '[{"context": "overworld", "Right": ["move_right"], "B": ["run", "move_right"]}]'
    configure(daemon, "game_configs", "meadow.json", f'{{"game": "Meadow Quest", "semantics": {means}}}')
    session = daemon.open_session("meadow")
    session.folder.metadata.write_text('{"game_config": "meadow.json"}', "utf-8")
    for number in range(3):
        session.record(make_frame_set(number))
    session.folder.annotations(2).write_text('{"context": "overworld"}', "utf-8")
    page = open_page()
    wait_for_set(page, 2)
    assert keys_held(2) == "B+Right"
    expect(page.locator(".suggestions .button")).to_have_text(["1 run B", "2 move right B"])
    page.keyboard.press("a")
    options = page.locator(".option")
    expect(options.nth(0)).to_have_text("runB1")
    expect(options.nth(1)).to_have_text("move rightB2")
    assert options.count() > 10


NAMELESS = re.compile(r"- (button|textbox|searchbox|combobox|slider|checkbox|radio|tab|link|spinbutton)\b(?! \"[^\"])")


@pytest.mark.parametrize("panel", ["Map", "Changes", "Statistics"])
def test_everything_that_can_be_used_has_a_name(daemon: FakeDaemon, open_page: OpenPage, panel: str) -> None:
    daemon.open_session("meadow").play(20)
    page = open_page()
    wait_for_set(page, 19)
    page.get_by_role("tab", name=panel).click()
    page.keyboard.press("c")
    pad = open_page("/pad")
    pad.wait_for_selector(".pad-option")
    for shown in (page.locator("body").aria_snapshot(), pad.locator("body").aria_snapshot()):
        assert "button" in shown
        assert [line for line in shown.splitlines() if NAMELESS.search(line)] == []


def test_the_focus_comes_back_from_an_overlay_and_from_a_list(daemon: FakeDaemon, open_page: OpenPage) -> None:
    daemon.open_session("meadow").play(3)
    page = open_page()
    wait_for_set(page, 2)
    keys = page.get_by_role("button", name="Keys")
    keys.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert page.evaluate("document.querySelector('.workspace').contains(document.activeElement)") is False
    page.keyboard.press("Escape")
    expect(keys).to_be_focused()
    field = page.locator(".field[data-field=scene]")
    field.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#option-list-text")).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).to_be_focused()


def test_by_keyboard_the_focus_is_seen_wherever_it_is(daemon: FakeDaemon, open_page: OpenPage) -> None:
    daemon.open_session("meadow").play(20)
    page = open_page()
    wait_for_set(page, 19)
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        here, ring = page.evaluate(
            "() => { const one = document.activeElement;"
            " return [one.className || one.tagName, getComputedStyle(one).outlineStyle]; }"
        )
        if here == "BODY":
            break
        assert ring == "solid", f"no ring around {here}"
        seen.add(here)
    assert {"memory-strip", "field", "segment", "strip-scroll", "input"} <= seen


def test_who_wants_no_motion_gets_none(daemon: FakeDaemon, open_page: OpenPage) -> None:
    daemon.open_session("meadow").play(20)
    page = open_page(reduced_motion="reduce", width=390, height=844)
    wait_for_set(page, 19)
    moving = page.evaluate(
        "() => [...document.querySelectorAll('*')].map((one) => getComputedStyle(one))"
        ".filter((style) => style.transitionDuration !== '0s' || style.animationName !== 'none').length"
    )
    assert moving == 0


def test_flaws_of_a_session_at_rest_are_marked_while_it_is_looked_at(daemon: FakeDaemon, open_page: OpenPage) -> None:
    session = daemon.open_session("long", frame_sets=9_000, first_set=0, last_set=8_999)
    whole = event_json(make_frame_set(1))
    flawed = event_json(make_frame_set(1, ("cut short",)))
    for number in range(9_000):
        session.folder.frame_set(number).mkdir()
        session.folder.event(number).write_bytes(flawed if number == 60 else whole)
    page = open_page()
    page.wait_for_selector(".film-cell")
    page.keyboard.press("Home")
    page.wait_for_selector(".film-cell[data-set='60'][data-flawed]", timeout=60_000)
    expect(page.locator(".strip-summary")).not_to_contain_text("reading", timeout=60_000)
