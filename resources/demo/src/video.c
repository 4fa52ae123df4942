#include "video.h"

#include "sprites.h"

enum { WINDOW_CHAR_BLOCK = 2, FIRST_SCREEN_BLOCK = 28, EVERYTHING = 0x3F, MOSAIC_BIT = 1 << 6 };

struct scroll bg_scroll[4];               /// how far each background is scrolled, the text first
u8 fade_level;                            /// how far the picture is faded, 0 to 16
static enum fade fade_direction;          /// what the picture fades to
u8 mosaic_size;                           /// edge of the mosaic's squares, less one, in pixels
bool gradient_on;                         /// whether scanline_colors is shown behind everything
static u16 display_control;               /// what is shown, as the display control register takes it
EWRAM u16 palette_shadow[512];            /// colours, 15-bit BGR: 16 banks of 16 for backgrounds, then for sprites
EWRAM u16 screens[4][SCREEN_TILES];       /// what the four backgrounds show, the text first: tile, flips, palette bank
EWRAM u16 scanline_colors[SCREEN_HEIGHT]; /// colour of the sky at each line of the screen, 15-bit BGR
EWRAM u32 tile_cache[TILE_CACHE_WORDS];   /// the tiles unpacked last, four bits per pixel

void video_init(void) {
    for (int layer = 0; layer < 4; layer++) {
        u16 chars = layer == TEXT_LAYER ? WINDOW_CHAR_BLOCK : 0;
        u16 priority = layer == TEXT_LAYER ? 0 : layer;
        REG_BGCNT(layer) = priority | chars << 2 | MOSAIC_BIT | (FIRST_SCREEN_BLOCK + layer) << 8;
    }
    REG_INTERRUPT_HANDLER = (u32)interrupt;
    REG_DISPSTAT = 1 << 3;
    REG_IE = 1;
    REG_IME = 1;
}

void video_commit(void) {
    REG_DMA0CNT = 0;
    dma_copy(oam_shadow, OAM_BASE, sizeof(oam_shadow));
    dma_copy(palette_shadow, PALETTE_BG, sizeof(palette_shadow));
    dma_copy(screens, VRAM_BG + FIRST_SCREEN_BLOCK * 0x800, sizeof(screens));
    for (int layer = 0; layer < 4; layer++) {
        REG_BGHOFS(layer) = bg_scroll[layer].x;
        REG_BGVOFS(layer) = bg_scroll[layer].y;
    }
    REG_BLDCNT = EVERYTHING | EVERYTHING << 8 | (fade_direction == FADE_TO_BLACK ? 3 : 2) << 6;
    REG_BLDALPHA = 7 | 10 << 8;
    REG_BLDY = fade_level;
    REG_MOSAIC = mosaic_size | mosaic_size << 4;
    REG_DISPCNT = display_control;
    if (gradient_on) {
        REG16(PALETTE_BG) = scanline_colors[0];
        REG_DMA0SAD = (u32)&scanline_colors[1];
        REG_DMA0DAD = PALETTE_BG;
        REG_DMA0CNT = 1 | DMA_ENABLE | DMA_ON_HBLANK | DMA_REPEAT | DMA_TARGET_FIXED;
    }
}

void video_show(u8 parts) { display_control = parts << 8 | 1 << 6; }

void video_fade(enum fade direction, u8 level) {
    fade_direction = direction;
    fade_level = level;
}

void video_load_tiles(const u32 *packed, u16 tile_count, u32 target) {
    unpack(packed, tile_cache);
    dma_copy(tile_cache, target, tile_count * 32);
}

u16 colour_mix(u16 from, u16 to, u8 step) {
    u16 mixed = 0;
    for (int shift = 0; shift < 15; shift += 5) {
        s32 low = from >> shift & 31, high = to >> shift & 31;
        mixed |= (low + (high - low) * step / 32) << shift;
    }
    return mixed;
}

void video_gradient(const u16 *colours, u8 count, u8 first_line, u8 last_line) {
    s32 span = last_line - first_line;
    for (s32 line = 0; line < SCREEN_HEIGHT; line++) {
        s32 inside = line < first_line ? 0 : line > last_line ? span : line - first_line;
        s32 position = inside * (count - 1) * 32 / span;
        s32 band = position / 32 < count - 1 ? position / 32 : count - 2;
        s32 step = position - band * 32 + (line & 1 ? 3 : 0); // uneven lines run ahead, which hides the bands
        scanline_colors[line] = colour_mix(colours[band], colours[band + 1], step > 32 ? 32 : step);
    }
    gradient_on = true;
}
