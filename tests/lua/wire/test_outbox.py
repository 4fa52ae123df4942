"""The queue of what waits for an acknowledgement."""

from tests.lua.machine import Machine


def run(lua: Machine, code: str) -> None:
    lua.execute(
        """
        local outbox
        local no_spool = { count = 0, is_open = function() return false end, release = function() end }
        no_spool.save_screenshot, no_spool.save = no_spool.is_open, no_spool.is_open
        local function new(ring)
            outbox = require('wire.outbox').new(ring, no_spool)
        end
        local function set(number, sent)
            outbox:begin_set(number)
            outbox:add(outbox:blank_frame(), sent or false)
            outbox:end_set('', sent or false)
        end
        local function sent()
            local list = {}
            for _ = 1, 100 do
                local set, event = outbox:next()
                if not set and not event then break end
                list[#list + 1] = set and set.number or event
            end
            return table.concat(list, ' ')
        end
        """
        + code
    )


def test_pending_sets_come_out_in_order_until_released(lua: Machine) -> None:
    run(
        lua,
        """
        new(9) set(0) set(1) set(2)
        outbox:release(0)
        assert(sent() == '1 2' and outbox:all_sent())
        outbox:resend_all()
        assert(sent() == '1 2')
        outbox:release(7)
        outbox:resend_all()
        assert(sent() == '' and outbox.sets == 0)
        """,
    )


def test_a_full_ring_drops_the_oldest_set_and_the_events_before_it(lua: Machine) -> None:
    run(
        lua,
        """
        new(2)
        outbox:add_event('a') set(0) outbox:add_event('b') set(1) set(2)
        assert(outbox.lost == 1 and outbox.sets == 2)
        assert(sent() == 'b 1 2')
        """,
    )


def test_an_event_is_sent_once(lua: Machine) -> None:
    run(
        lua,
        """
        new(9)
        set(0) outbox:add_event('a') set(1)
        assert(sent() == '0 a 1')
        outbox:resend_all()
        assert(sent() == '0 1')
        """,
    )


def test_an_event_that_was_not_sent_is_not_released(lua: Machine) -> None:
    run(
        lua,
        """
        new(9)
        outbox:add_event('a') set(0)
        outbox:release(0)
        assert(sent() == 'a 0')
        """,
    )


def test_a_set_sent_live_waits_but_is_not_sent_again_by_itself(lua: Machine) -> None:
    run(lua, "new(9) set(0, true) assert(outbox.sets == 1 and outbox:all_sent() and sent() == '')")


def test_frames_are_used_again_after_release(lua: Machine) -> None:
    run(
        lua,
        """
        new(9)
        local frame = outbox:blank_frame()
        outbox:begin_set(0) outbox:add(frame, true) outbox:end_set('', true)
        assert(outbox:blank_frame() ~= frame)
        outbox:release(0)
        assert(outbox:blank_frame() == frame)
        """,
    )


def test_the_oldest_set_is_known(lua: Machine) -> None:
    run(
        lua,
        """
        new(9)
        assert(outbox:oldest() == nil)
        outbox:begin_set(4)
        assert(outbox:oldest() == 4)
        outbox:end_set('', false)
        outbox:add_event('a') set(5)
        assert(outbox:oldest() == 4)
        """,
    )
