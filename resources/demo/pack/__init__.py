"""From text art and an ELF file to cartridge data: palettes, tiles, maps, compression, header and symbols.

Reading order: ``palette`` → ``sheets`` → ``tiles`` → ``maps`` → ``lz77`` → ``assets`` (art in, C source out), then ``header``,
``dwarf`` and ``symbols`` (linked program in, cartridge and symbol list out). Everything here is pure; ``build`` runs the compiler.
"""

__all__: list[str] = []
