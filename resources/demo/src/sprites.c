#include "sprites.h"

#include "video.h"

enum { HIDDEN = 1 << 9, MOSAIC = 1 << 12, HALF_TRANSPARENT = 1 << 10, SPRITE_COUNT = 128 };

static const struct {
    u8 width, height;
    u16 shape, size;
} sizes[] = {
    [SIZE_8X8] = {8, 8, 0, 0},           [SIZE_16X16] = {16, 16, 0, 1 << 14}, [SIZE_32X32] = {32, 32, 0, 2 << 14},
    [SIZE_64X64] = {64, 64, 0, 3 << 14}, [SIZE_16X8] = {16, 8, 1 << 14, 0},   [SIZE_16X32] = {16, 32, 2 << 14, 2 << 14},
};

EWRAM struct oam_entry oam_shadow[SPRITE_COUNT]; /// sprites as the hardware takes them
static u8 sprite_count;                          /// sprites shown this frame

void sprites_load(const struct sprite_sheet *sheet, u16 tile, u8 bank) {
    video_load_tiles(sheet->tiles, sheet->tile_count, VRAM_OBJ + tile * 32);
    for (int colour = 0; colour < 16; colour++) palette_shadow[256 + bank * 16 + colour] = sheet->palette[colour];
}

void sprites_begin(void) { sprite_count = 0; }

void sprite_push(s32 x, s32 y, enum sprite_size size, u16 look, u8 bank, u8 priority, u16 how) {
    bool outside = x <= -sizes[size].width || x >= SCREEN_WIDTH || y <= -sizes[size].height || y >= SCREEN_HEIGHT;
    if (outside || sprite_count == SPRITE_COUNT) return;
    struct oam_entry *entry = &oam_shadow[sprite_count++];
    entry->attr0 = (y & 0xFF) | MOSAIC | sizes[size].shape | (how & SPRITE_SHADE ? HALF_TRANSPARENT : 0);
    entry->attr1 = (x & 0x1FF) | (how & SPRITE_FLIP) | sizes[size].size;
    entry->attr2 = look | priority << 10 | bank << 12;
}

void sprites_end(void) {
    for (int at = sprite_count; at < SPRITE_COUNT; at++) oam_shadow[at].attr0 = HIDDEN;
}
