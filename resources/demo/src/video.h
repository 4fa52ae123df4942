// The picture: shadow copies in work memory of what the hardware shows, sent there in each vertical blank.
//
// Background 0 carries text and windows; 1 to 3 carry a stage's layers, the farthest on 3.
#pragma once

#include "asset_types.h"

enum { TEXT_LAYER = 0, SCREEN_COLUMNS = 32, SCREEN_ROWS = 32, SCREEN_TILES = 32 * 32, TILE_CACHE_WORDS = 8192 };

enum show { SHOW_TEXT = 1, SHOW_FRONT = 2, SHOW_MIDDLE = 4, SHOW_BACK = 8, SHOW_SPRITES = 16, SHOW_STAGE = 14 };

enum fade { FADE_TO_BLACK, FADE_TO_WHITE };

struct scroll {
    s16 x; /// pixels to the right
    s16 y; /// pixels down
};

extern struct scroll bg_scroll[4];
extern u16 palette_shadow[512];
extern u16 screens[4][SCREEN_TILES];
extern u16 scanline_colors[SCREEN_HEIGHT];
extern u32 tile_cache[TILE_CACHE_WORDS];
extern u8 fade_level;
extern u8 mosaic_size;
extern bool gradient_on;

void video_init(void);

// Send the shadow copies to the hardware; at the start of a vertical blank.
void video_commit(void);

// Choose what is shown, as a set of enum show.
void video_show(u8 parts);

// Darken or brighten everything: level 0 is clear, 16 is solid.
void video_fade(enum fade direction, u8 level);

// Unpack tiles and send them to video memory.
void video_load_tiles(const u32 *packed, u16 tile_count, u32 target);

// Fill scanline_colors with a vertical gradient through `count` colours and show it behind everything.
void video_gradient(const u16 *colours, u8 count, u8 first_line, u8 last_line);

// The colour between two, `step` of 32 on the way.
u16 colour_mix(u16 from, u16 to, u8 step);
