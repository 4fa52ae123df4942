#include "critters.h"

#include "assets.h"
#include "game.h"
#include "look.h"
#include "rng.h"
#include "stage.h"

enum critter_kind { CRITTER_BUTTERFLY, CRITTER_DUCK };

struct critter {
    s16 x;                  /// pixels from the left edge of the map
    s16 y;                  /// pixels from the top edge of the map
    s8 speed_x;             /// pixels per move to the right
    s8 speed_y;             /// pixels per move down
    enum critter_kind kind; /// what animal it is
    u8 patience;            /// frames until it changes its mind
};

enum { CRITTERS_MAX = 12 };

EWRAM static struct critter critters[CRITTERS_MAX]; /// butterflies and ducks
static u8 critter_count;                            /// how many of them there are

void critters_clear(void) { critter_count = 0; }

void critters_add_butterflies(u8 count) {
    while (count--) {
        critters[critter_count++] = (struct critter){.x = random_below(stage_columns * 8),
                                                     .y = random_below(stage_rows * 8),
                                                     .kind = CRITTER_BUTTERFLY,
                                                     .patience = 1 + random_below(30)};
    }
}

void critters_add_duck(u8 column, u8 row) {
    critters[critter_count++] =
        (struct critter){.x = column * CELL_SIZE, .y = row * CELL_SIZE, .kind = CRITTER_DUCK, .patience = 30};
}

static void change_mind(struct critter *one) {
    if (one->kind == CRITTER_BUTTERFLY) {
        one->speed_x = (s8)random_below(3) - 1;
        one->speed_y = (s8)random_below(3) - 1;
        one->patience = 20 + random_below(40);
    } else {
        one->speed_x = (s8)random_below(3) - 1;
        one->patience = 60 + random_below(100);
    }
}

void critters_live(void) {
    for (u8 at = 0; at < critter_count; at++) {
        struct critter *one = &critters[at];
        if (--one->patience == 0) change_mind(one);
        bool duck = one->kind == CRITTER_DUCK;
        if ((frame_counter + at) % (duck ? 6 : 3)) continue;
        s32 x = one->x + one->speed_x, y = one->y + one->speed_y;
        s32 beak = duck ? x + (one->speed_x < 0 ? -2 : 18) : x;
        bool on_map = x > 0 && y > 0 && x < stage_columns * 8 - 8 && y < stage_rows * 8 - 8;
        if (!on_map || (duck && !(stage_cell(beak / CELL_SIZE, y / CELL_SIZE) & CELL_SOLID))) {
            one->speed_x = -one->speed_x;
            one->speed_y = -one->speed_y;
        } else {
            one->x = x;
            one->y = y;
        }
    }
}

void critters_draw(s32 camera_x, s32 camera_y) {
    for (u8 at = 0; at < critter_count; at++) {
        const struct critter *one = &critters[at];
        s32 x = one->x - camera_x, y = one->y - camera_y;
        if (one->kind == CRITTER_DUCK) {
            s32 bob = (frame_counter + 40 * at) / 32 % 2;
            sprite_push(x, y + bob, SIZE_16X16, LOOK_PROPS_TILE + SPRITE_PROPS_DUCK, BANK_PROPS, ON_MAP,
                        one->speed_x > 0 ? SPRITE_FLIP : 0);
        } else {
            u16 look = (frame_counter / 6 + at) % 2 ? SPRITE_PROPS_BUTTERFLY_OPEN : SPRITE_PROPS_BUTTERFLY_SHUT;
            sprite_push(x, y, SIZE_8X8, LOOK_PROPS_TILE + look, BANK_PROPS, ABOVE_MAP,
                        one->speed_x > 0 ? SPRITE_FLIP : 0);
        }
    }
}
