#include "battle_view.h"

#include "assets.h"
#include "battle.h"
#include "game.h"
#include "look.h"
#include "rng.h"
#include "stage.h"
#include "text.h"
#include "video.h"

enum {
    OWN_X = 24,
    OWN_Y = 46,
    FOE_X = 160,
    FOE_Y = 3,
    MIDDLE = 32,
    SKY_COLOURS = 5,
    HORIZON = 52,
    CLOUD_FRAMES = 8,
    SINK = 2,
    SKY_FRAMES = 20,
    SEED_FRAMES = 7,
    BURST_SPEED = 420,
};

static const u16 noon[SKY_COLOURS] = {COLOUR(0x2f69ab), COLOUR(0x4b9fd4), COLOUR(0x86d3e8), COLOUR(0xcdf5f0),
                                      COLOUR(0xfff2a6)};
static const u16 evening[SKY_COLOURS] = {COLOUR(0x43467f), COLOUR(0x7a6fae), COLOUR(0xd08fb0), COLOUR(0xf8a765),
                                         COLOUR(0xffd35a)};

static u8 evening_step; /// how far the sky over a battle has gone from noon, 0, to evening, 32

void battle_view_load(void) {
    stage_load(&stage_meadow);
    stage_view(0, 0);
    sprites_load(species_facts[party[0].species].sheet, LOOK_OWN_TILE, BANK_OWN);
    sprites_load(species_facts[battle.foe.species].sheet, LOOK_FOE_TILE, BANK_FOE);
}

static void colour_sky(void) {
    u16 colours[SKY_COLOURS];
    for (u8 at = 0; at < SKY_COLOURS; at++) colours[at] = colour_mix(noon[at], evening[at], evening_step);
    video_gradient(colours, SKY_COLOURS, 0, HORIZON);
}

void battle_view_show(void) {
    text_clear();
    video_show(SHOW_TEXT | SHOW_BACK | SHOW_MIDDLE | SHOW_SPRITES);
    evening_step = 0;
    colour_sky();
    battle_view_panels();
}

static void draw_panel(u8 column, u8 row, const struct creature *creature, u16 hp) {
    text_print(column + 1, row + 1, creature->name, PEN_PLAIN);
    text_print(column + 10, row + 1, "Lv", PEN_DIM);
    text_number(column + 12, row + 1, creature->level, 2, PEN_PLAIN);
    text_print(column + 1, row + 2, "HP", PEN_GOLD);
    text_bar(column + 3, row + 2, 9, hp, creature->max_hp, false);
}

void battle_view_panels(void) {
    text_window(0, 0, 15, 4);
    draw_panel(0, 0, &battle.foe, battle.foe_shown_hp);
    text_window(15, 9, 15, 5);
    draw_panel(15, 9, &party[0], battle.own_shown_hp);
    text_print(16, 12, "EX", PEN_DIM);
    text_bar(18, 12, 3, party[0].experience, party[0].next_level, true);
    text_fraction(23, 12, battle.own_shown_hp, party[0].max_hp, 6);
}

void battle_view_burst(bool at_foe, enum particle_kind kind, u8 count) {
    particles_burst(kind, (at_foe ? FOE_X : OWN_X) + MIDDLE, (at_foe ? FOE_Y : OWN_Y) + MIDDLE, count, BURST_SPEED);
}

void battle_view_live(void) {
    bg_scroll[3].x = frame_counter / CLOUD_FRAMES;
    if (frame_counter % SKY_FRAMES == 0 && evening_step < 32) {
        evening_step++;
        colour_sky();
    }
    if (frame_counter % SEED_FRAMES == 0) {
        enum particle_kind kind = random_below(4) ? PARTICLE_PETAL : PARTICLE_LEAF;
        particle_add(kind, random_below(SCREEN_WIDTH + 80), -8, -100 - random_below(80), 90 + random_below(60), 160);
    }
    particles_update();
}

// How far the striker leans towards the one it strikes.
static s32 lunge(bool is_foe) {
    if (battle.phase != PHASE_STRIKE || battle.striker_is_foe != is_foe) return 0;
    s32 frame = battle.phase_frames;
    return frame < 8 ? -frame / 2 : frame < 20 ? (frame - 8) * 2 - 4 : frame < 40 ? 20 - (frame - 20) : 0;
}

static s32 fall(const struct creature *creature) {
    bool fallen = creature->hp == 0 && (battle.phase >= PHASE_FAINT || battle.after_message > PHASE_FAINT);
    if (!fallen) return 0;
    return battle.phase == PHASE_FAINT ? battle.phase_frames * SINK : SCREEN_HEIGHT;
}

static void draw_creature(bool is_foe) {
    const struct creature *creature = is_foe ? &battle.foe : &party[0];
    bool hit = battle.shake && battle.striker_is_foe != is_foe;
    if (hit && battle.shake & 2) return;
    s32 lean = is_foe ? -lunge(true) : lunge(false);
    s32 breath = (frame_counter + (is_foe ? 20 : 0)) / 20 % 2;
    s32 x = (is_foe ? FOE_X : OWN_X) + lean + (hit ? (s32)(battle.shake % 4) - 2 : 0);
    s32 y = (is_foe ? FOE_Y : OWN_Y) + breath + fall(creature);
    sprite_push(x, y, SIZE_64X64, is_foe ? LOOK_FOE_TILE : LOOK_OWN_TILE, is_foe ? BANK_FOE : BANK_OWN, ON_MAP, 0);
}

void battle_view_draw(void) {
    particles_draw(0, 0, ABOVE_MAP);
    draw_creature(false);
    draw_creature(true);
}
