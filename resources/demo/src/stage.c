#include "stage.h"

#include "game.h"
#include "video.h"

enum { SHIMMER_FRAMES = 16, VIEW_COLUMNS = 32, VIEW_ROWS = 21 };

static const struct stage *stage;      /// where the loaded stage lies in the cartridge
u16 stage_columns;                     /// width of the stage in tiles of 8 pixels
u16 stage_rows;                        /// height of the stage in tiles of 8 pixels
static s16 view_column;                /// leftmost tile that is drawn, -1 when all must be drawn anew
static s16 view_row;                   /// topmost tile that is drawn
EWRAM u8 stage_cells[STAGE_MAX_CELLS]; /// cells of 16 pixels: 1 solid, 2 tall grass, 4 door; upper four bits a subject
EWRAM static u16 layer_entries[STAGE_LAYERS][STAGE_MAX_TILES]; /// screen entries of the stage's three layers

void stage_load(const struct stage *next) {
    stage = next;
    stage_columns = next->columns;
    stage_rows = next->rows;
    view_column = -1;
    for (int layer = 0; layer < STAGE_LAYERS; layer++) {
        if (next->layers[layer])
            unpack(next->layers[layer], layer_entries[layer]);
        else
            for (int at = 0; at < next->columns * next->rows; at++) layer_entries[layer][at] = 0;
        bg_scroll[STAGE_LAYERS - layer] = (struct scroll){0, 0};
    }
    if (next->cells) unpack(next->cells, stage_cells);
    video_load_tiles(next->tiles, next->tile_count, VRAM_BG);
    for (int colour = 1; colour < next->bank_count * 16; colour++) palette_shadow[colour] = next->palette[colour];
    gradient_on = false;
    palette_shadow[0] = 0;
}

static void draw_view(s16 column, s16 row) {
    view_column = column;
    view_row = row;
    for (int layer = 0; layer < STAGE_LAYERS; layer++) {
        u16 *screen = screens[STAGE_LAYERS - layer];
        for (int y = row; y < row + VIEW_ROWS; y++) {
            const u16 *source = &layer_entries[layer][y * stage_columns];
            for (int x = column; x < column + VIEW_COLUMNS; x++) {
                bool inside = x < stage_columns && y < stage_rows;
                screen[(y % SCREEN_ROWS) * SCREEN_COLUMNS + x % SCREEN_COLUMNS] = inside ? source[x] : 0;
            }
        }
    }
}

void stage_view(s32 x, s32 y) {
    if (view_column != x / 8 || view_row != y / 8) draw_view(x / 8, y / 8);
    for (int layer = 1; layer <= STAGE_LAYERS; layer++) bg_scroll[layer] = (struct scroll){x, y};
}

void stage_shimmer(void) {
    if (stage->cycle_count == 0 || frame_counter % SHIMMER_FRAMES) return;
    u8 third = stage->cycle_count / 3;
    for (int at = 0; at < third; at++) {
        const u8 *slots = stage->cycle;
        u16 first = palette_shadow[slots[at]];
        palette_shadow[slots[at]] = palette_shadow[slots[at + third]];
        palette_shadow[slots[at + third]] = palette_shadow[slots[at + 2 * third]];
        palette_shadow[slots[at + 2 * third]] = first;
    }
}

void stage_glow(u8 level) {
    static const u16 bright[] = {COLOUR(0xffd35a), COLOUR(0xfff2a6), COLOUR(0xfbfbf4)};
    u8 third = stage->glow_count / 3;
    for (int at = 0; at < stage->glow_count; at++) {
        u8 slot = stage->glow[at];
        palette_shadow[slot] = colour_mix(stage->palette[slot], bright[at / third], level);
    }
}

u8 stage_cell(s32 column, s32 row) {
    if (column < 0 || row < 0 || column >= stage_columns / 2 || row >= stage_rows / 2) return CELL_SOLID;
    return stage_cells[row * (stage_columns / 2) + column];
}
