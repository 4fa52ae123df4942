"""The text of errors: BizHawk's carry their cause inside."""

from tests.lua.machine import Machine


def text(lua: Machine, problem: str) -> str:
    said: bytes = lua.execute(f"return require('host.errors').text({problem})")
    return said.decode()


def test_a_plain_error_is_its_text(lua: Machine) -> None:
    assert text(lua, "'main:1: broken'") == "main:1: broken"
    assert text(lua, "nil") == "nil"


def test_of_what_bizhawk_throws_the_cause_is_shown(lua: Machine) -> None:
    make = (
        "(function() local object = io.tmpfile() debug.setmetatable(object,"
        " {{__index = {inner}, __tostring = function() return 'user-code: 7' end}}) return object end)()"
    )
    cause = "{ InnerException = { Message = 'connection refused' } }"
    assert text(lua, make.replace("{{", "{").replace("}}", "}").replace("{inner}", cause)) == "connection refused"
    assert text(lua, make.replace("{{", "{").replace("}}", "}").replace("{inner}", "{}")) == "user-code: 7"


def test_a_call_that_throws_gives_nothing_but_its_problem(lua: Machine) -> None:
    assert lua.execute("return require('host.errors').attempt(function() return 7 end)") == 7
    assert lua.execute("return require('host.errors').attempt(function() error('refused', 0) end)") == (
        None,
        b"refused",
    )
    assert lua.execute("return (require('host.errors').attempt(nothing))") is None
