from resources.demo.pack.header import finish_cartridge

HEADER_SIZE = 0xC0


def test_the_header_is_filled_in_and_summed_up() -> None:
    rom = finish_cartridge(b"\x2e\0\0\xea" + bytes(HEADER_SIZE - 4) + b"code", "TITLE", "ABCD", "XY")
    assert rom[0xA0:0xB3] == b"TITLE\0\0\0\0\0\0\0ABCDXY\x96"
    assert (sum(rom[0xA0:0xBE]) + 0x19) % 256 == 0
    assert rom[HEADER_SIZE : HEADER_SIZE + 4] == b"code"
    assert len(rom) % 16 == 0
