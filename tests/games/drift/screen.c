// Sprites through a table of their own, numbers as tiles, a pattern behind them.
#include "drift.h"

enum { SPRITES = 128, HIDDEN = 1 << 9, FIRST_DIGIT = 4, SCREEN = 0x06000000 + 31 * 0x800 };

static u16 sprite_table[SPRITES][4]; // copies of what is on the picture, as the hardware takes them
static u8 sprite_count;
static char shown_digits[8]; // the number drawn last

static const u16 digits[10] = {0x7B6F, 0x2C97, 0x73E7, 0x73CF, 0x5BC9, 0x79CF, 0x79EF, 0x7292, 0x7BEF, 0x7BCF};

static void tile(u32 target, u32 number, const u8 *rows, u8 colour) {
    for (u8 row = 0; row < 8; row++) {
        u32 line = 0;
        for (u8 column = 0; column < 8; column++) line |= (u32)(rows[row] >> (7 - column) & 1 ? colour : 0) << 4 * column;
        REG32(target + 32 * number + 4 * row) = line;
    }
}

void screen_open(void) {
    static const u8 looks[3][8] = {{24, 24, 60, 60, 126, 126, 255, 195},
                                   {129, 66, 60, 90, 126, 60, 66, 129},
                                   {0, 24, 60, 126, 126, 60, 24, 0}};
    static const u8 patterns[4][8] = {{0}, {1, 0, 0, 0, 16, 0, 0, 0}, {136, 68, 34, 17, 136, 68, 34, 17}, {255, 1, 1, 1, 1, 1, 1, 1}};
    static const u16 colours[3] = {COLOUR(0xFFFFFF), COLOUR(0xFF6050), COLOUR(0x50E0FF)};
    for (u8 look = 0; look < 3; look++) tile(VRAM_OBJ, look, looks[look], 1 + look);
    for (u8 at = 0; at < 4; at++) tile(VRAM_BG, at, patterns[at], 2);
    for (u8 digit = 0; digit < 10; digit++) {
        u8 rows[8] = {0};
        for (u8 row = 0; row < 5; row++) rows[row + 1] = (digits[digit] >> (12 - 3 * row) & 7) << 4;
        tile(VRAM_BG, FIRST_DIGIT + digit, rows, 1);
    }
    for (u8 at = 0; at < 3; at++) REG16(PALETTE_OBJ + 2 + 2 * at) = REG16(PALETTE_BG + 2 + 2 * at) = colours[at];
    REG_BGCNT(0) = 31 << 8;
    REG_DISPCNT = 1 << 6 | 1 << 8 | 1 << 12;
}

void screen_sprite(s32 x, s32 y, u8 look) {
    if (x <= -8 || x >= SCREEN_WIDTH || y <= -8 || y >= SCREEN_HEIGHT || sprite_count == SPRITES) return;
    u16 *entry = sprite_table[sprite_count++];
    entry[0] = y & 0xFF;
    entry[1] = x & 0x1FF;
    entry[2] = look;
}

void screen_number(u8 column, u8 row, s32 number) {
    u8 at = 7;
    u32 left = number < 0 ? -number : number;
    do {
        shown_digits[--at] = left % 10;
        left /= 10;
    } while (left);
    for (u8 place = 0; at + place < 7; place++) {
        REG16(SCREEN + 2 * (32 * row + column + place)) = FIRST_DIGIT + shown_digits[at + place];
    }
    REG16(SCREEN + 2 * (32 * row + column + 7 - at)) = 0;
}

void screen_clear(u8 pattern, u16 colour) {
    for (u32 at = 0; at < 32 * 20; at++) REG16(SCREEN + 2 * at) = at < 64 ? 0 : pattern;
    REG16(PALETTE_BG) = colour;
}

void screen_commit(void) {
    for (u8 at = sprite_count; at < SPRITES; at++) sprite_table[at][0] = HIDDEN;
    dma_copy(sprite_table, OAM_BASE, sizeof(sprite_table));
    sprite_count = 0;
}
