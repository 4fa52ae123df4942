#include "text.h"

#include <stdarg.h>

#include "assets.h"
#include "video.h"

enum { WINDOW_TILES = VRAM_BG + 0x8000, GLYPHS = 96, FIRST_GLYPH = ' ', BAR_STEPS = 8 };

static u16 bare_glyphs; /// number of the first glyph tile that has no window behind it: a space, nothing at all

static u16 *cell(u8 column, u8 row) { return &screens[TEXT_LAYER][row * SCREEN_COLUMNS + column]; }

void text_init(void) {
    video_load_tiles(window_sheet.tiles, window_sheet.tile_count, WINDOW_TILES);
    bare_glyphs = window_sheet.tile_count;
    for (int word = 0; word < GLYPHS * 8; word++) {
        for (int shift = 0; shift < 32; shift += 4) {
            if ((tile_cache[word] >> shift & 15) == INK_NIGHT) tile_cache[word] &= ~(15u << shift);
        }
    }
    dma_copy(tile_cache, WINDOW_TILES + bare_glyphs * 32, GLYPHS * 32);
    text_style(WINDOW_NIGHT);
}

void text_style(enum window_style style) {
    const u16 *colours = window_sheet.palette;
    const u16 fills[WINDOW_STYLES] = {colours[INK_NIGHT], COLOUR(0x1c3a3c), COLOUR(0x451c38)};
    const u16 grooves[WINDOW_STYLES] = {colours[INK_DUSK], COLOUR(0x2f5a54), COLOUR(0x6d2f55)};
    for (u8 pen = PEN_DIM; pen <= PEN_PLAIN; pen++) {
        u16 *bank = &palette_shadow[pen * 16];
        for (int ink = 1; ink < 16; ink++) bank[ink] = colours[ink];
        bank[INK_NIGHT] = fills[style];
        bank[INK_DUSK] = grooves[style];
    }
    u16 *gold = &palette_shadow[PEN_GOLD * 16], *dim = &palette_shadow[PEN_DIM * 16];
    gold[INK_CREAM] = colours[INK_LAMP];
    gold[INK_MEADOW] = colours[INK_LAMP];
    gold[INK_SPROUT] = colours[INK_GLOW];
    dim[INK_CREAM] = COLOUR(0x9a9cc4);
    dim[INK_MEADOW] = colours[INK_ROSE];
    dim[INK_SPROUT] = colours[INK_EMBER];
}

void text_clear(void) { text_erase(0, 0, SCREEN_COLUMNS, SCREEN_ROWS); }

void text_erase(u8 column, u8 row, u8 width, u8 height) {
    for (u8 y = row; y < row + height; y++) {
        for (u8 x = column; x < column + width; x++) *cell(x, y) = bare_glyphs;
    }
}

void text_mark(u8 column, u8 row, u16 tile, u8 pen) { *cell(column, row) = tile | pen << 12; }

void text_window(u8 column, u8 row, u8 width, u8 height) {
    for (u8 y = 0; y < height; y++) {
        for (u8 x = 0; x < width; x++) {
            u8 across = x == 0 ? 0 : x == width - 1 ? 2 : 1;
            u8 down = y == 0 ? 0 : y == height - 1 ? 2 : 1;
            text_mark(column + x, row + y, TILE_FRAME + down * 3 + across, PEN_PLAIN);
        }
    }
}

void text_letter(u8 column, u8 row, char letter, u8 pen) {
    u16 glyph = (u8)letter - FIRST_GLYPH;
    *cell(column, row) = pen & PEN_BARE ? (glyph + bare_glyphs) | (pen & 15) << 12 : glyph | pen << 12;
}

void text_print(u8 column, u8 row, const char *text, u8 pen) {
    while (*text) text_letter(column++, row, *text++, pen);
}

void text_number(u8 column, u8 row, u32 number, u8 width, u8 pen) {
    for (u8 at = width; at-- > 0; number /= 10) {
        bool leading = number == 0 && at != width - 1;
        text_letter(column + at, row, leading ? ' ' : '0' + number % 10, pen);
    }
}

void text_fraction(u8 column, u8 row, u32 value, u32 limit, u8 width) {
    char written[12];
    u8 length = 0;
    text_format(written, sizeof(written), "%d/%d", value, limit);
    while (written[length]) length++;
    for (u8 at = 0; at < width; at++) {
        bool blank = at < width - length;
        text_letter(column + at, row, blank ? ' ' : written[at + length - width], PEN_PLAIN);
    }
}

void text_bar(u8 column, u8 row, u8 width, u32 value, u32 limit, bool steady) {
    u32 filled = limit ? value * width * BAR_STEPS / limit : 0;
    if (value && !filled) filled = 1;
    u8 pen = steady || value * 2 > limit ? PEN_PLAIN : value * 5 > limit ? PEN_GOLD : PEN_DIM;
    text_mark(column, row, TILE_BAR_ENDS, PEN_PLAIN);
    for (u8 at = 0; at < width; at++) {
        u32 here = filled > BAR_STEPS ? BAR_STEPS : filled;
        text_mark(column + 1 + at, row, TILE_BAR + here, pen);
        filled -= here;
    }
    text_mark(column + 1 + width, row, TILE_BAR_ENDS + 1, PEN_PLAIN);
}

void text_format(char *target, u32 size, const char *pattern, ...) {
    va_list arguments;
    va_start(arguments, pattern);
    char *end = target + size - 1;
    for (; *pattern && target < end; pattern++) {
        if (*pattern != '%') {
            *target++ = *pattern;
        } else if (*++pattern == 's') {
            for (const char *from = va_arg(arguments, const char *); *from && target < end;) *target++ = *from++;
        } else {
            char digits[10];
            u32 number = va_arg(arguments, u32), count = 0;
            do digits[count++] = '0' + number % 10;
            while ((number /= 10));
            while (count && target < end) *target++ = digits[--count];
        }
    }
    va_end(arguments);
    *target = 0;
}
