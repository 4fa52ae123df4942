// Sprites: collected anew each frame; the ones pushed first are in front.
#pragma once

#include "asset_types.h"

struct oam_entry {
    u16 attr0; /// line, shape
    u16 attr1; /// column, flips, size
    u16 attr2; /// tile, priority, palette bank
    u16 fill;  /// unused by sprites: the hardware keeps rotation data there
};

enum sprite_size { SIZE_8X8, SIZE_16X16, SIZE_32X32, SIZE_64X64, SIZE_16X8, SIZE_16X32 };

// A shade is half transparent.
enum { SPRITE_FLIP = 1 << 12, SPRITE_SHADE = 1 };

// In front of the windows, between them and the canopy, among the things on a map.
enum { IN_FRONT = 0, ABOVE_MAP = 1, ON_MAP = 2, BEHIND_MAP = 3 };

extern struct oam_entry oam_shadow[128];

// The BIOS calls it at each interrupt; see crt0.s.
void interrupt(void);

// Load a sheet's tiles from tile number `tile` on, and its palette into `bank`.
void sprites_load(const struct sprite_sheet *sheet, u16 tile, u8 bank);

// Start collecting.
void sprites_begin(void);

// Show a sprite whose top left corner is at (x, y). `look` is a tile number, `bank` a palette bank, `how` is a sum of
// SPRITE_FLIP and SPRITE_SHADE.
void sprite_push(s32 x, s32 y, enum sprite_size size, u16 look, u8 bank, u8 priority, u16 how);

// Hide the entries that were not pushed.
void sprites_end(void);
