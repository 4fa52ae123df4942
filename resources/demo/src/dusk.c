#include "dusk.h"

#include "assets.h"
#include "game.h"
#include "look.h"
#include "particles.h"
#include "rng.h"
#include "stage.h"
#include "text.h"
#include "video.h"

enum { SKY_COLOURS = 6, HORIZON = 112, MOON_X = 196, MOON_Y = 8, DRIFT_FRAMES = 12, RAISED = 40 };

static const u16 skies[][SKY_COLOURS] = {
    [SKY_DUSK] = {COLOUR(0x1a1830), COLOUR(0x3a3566), COLOUR(0x7448a0), COLOUR(0xc070b0), COLOUR(0xf58fa6),
                  COLOUR(0xf8a765)},
    [SKY_NIGHT] = {COLOUR(0x100f20), COLOUR(0x1a1830), COLOUR(0x262447), COLOUR(0x2c2a55), COLOUR(0x3a3566),
                   COLOUR(0x545a86)},
    [SKY_DAWN] = {COLOUR(0x4b9fd4), COLOUR(0x86d3e8), COLOUR(0xcdf5f0), COLOUR(0xfff2a6), COLOUR(0xffd35a),
                  COLOUR(0xf8a765)},
};

static enum sky sky; /// the sky over the valley

void dusk_load(void) {
    stage_load(&stage_dusk);
    stage_view(0, 0);
    particles_clear();
}

void dusk_show(enum sky next, bool with_name) {
    sky = next;
    text_clear();
    video_show(SHOW_TEXT | SHOW_BACK | SHOW_MIDDLE | SHOW_SPRITES | (with_name ? SHOW_FRONT : 0));
    video_gradient(skies[sky], SKY_COLOURS, 0, HORIZON);
    bg_scroll[2].y = bg_scroll[3].y = 0;
    stage_glow(GLOW_FULL);
}

void dusk_show_raised(enum sky next) {
    dusk_show(next, false);
    bg_scroll[2].y = bg_scroll[3].y = RAISED;
}

void dusk_live(u8 frames_per_firefly) {
    bg_scroll[3].x = frame_counter / DRIFT_FRAMES;
    if (frame_counter % frames_per_firefly == 0) {
        particle_add(PARTICLE_FIREFLY, random_below(SCREEN_WIDTH), 100 - bg_scroll[2].y + random_below(50),
                     (s32)random_below(60) - 30, -30 - random_below(50), 200);
    }
    particles_update();
}

void dusk_draw(void) {
    particles_draw(0, 0, ABOVE_MAP);
    if (sky == SKY_DAWN) return;
    sprite_push(MOON_X, MOON_Y, SIZE_32X32, LOOK_PROPS_TILE + SPRITE_PROPS_MOON, BANK_PROPS, BEHIND_MAP, 0);
}
