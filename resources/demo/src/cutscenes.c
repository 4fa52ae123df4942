// The story's beginning, its turning point above the map, and its end.
#include "assets.h"
#include "dusk.h"
#include "game.h"
#include "input.h"
#include "message.h"
#include "overworld.h"
#include "particles.h"
#include "party.h"
#include "rng.h"
#include "stage.h"
#include "text.h"
#include "video.h"

enum { BRIGHT_FRAMES = 170, PAN_PIXELS = 2, GATHER_FRAMES = 150, CREDITS_FRAMES = 420 };

static u16 gather_frames; /// frames that lights have been gathering around the lantern

static void enter_intro(void) {
    dusk_show_raised(SKY_NIGHT);
    message_open(0, "Every evening the great lantern called the fireflies home to Fernlight. "
                    "Until one evening it stayed dark, and nobody knew why.");
}

static void update_intro(void) {
    u16 dimmed = scene_frames < BRIGHT_FRAMES ? 0 : (scene_frames - BRIGHT_FRAMES) / 2;
    stage_glow(dimmed < GLOW_FULL ? GLOW_FULL - dimmed : 0);
    dusk_live(20);
    if (message_update_alone() || pressed(KEY_START)) scene_change(SCENE_OVERWORLD, CURTAIN_BLACK);
}

static void enter_story(void) {
    text_clear();
    gather_frames = 0;
    message_open(0, "Something stirs in the lantern. All the lights are coming home!");
}

static s16 nearer(s16 from, s32 to) {
    return from + PAN_PIXELS < to ? from + PAN_PIXELS : from - PAN_PIXELS > to ? from - PAN_PIXELS : to;
}

static void update_story(void) {
    s32 lantern_x = VALLEY_LANTERN_X * CELL_SIZE + 16, lantern_y = (VALLEY_LANTERN_Y - 2) * CELL_SIZE;
    overworld_live();
    camera_x = nearer(camera_x, lantern_x - SCREEN_WIDTH / 2);
    camera_y = nearer(camera_y, lantern_y - SCREEN_HEIGHT / 2 + 16);
    stage_view(camera_x, camera_y);
    if (scene_frames % 4 == 0) {
        s32 away_x = (s32)random_below(160) - 80, away_y = (s32)random_below(120) - 60;
        particle_add(PARTICLE_FIREFLY, lantern_x + away_x, lantern_y + away_y, -away_x * 4, -away_y * 4, 64);
    }
    if (message_update_alone()) gather_frames = gather_frames ? gather_frames : 1;
    stage_glow(GLOW_FULL - 5 + gather_frames * 5 / GATHER_FRAMES);
    if (gather_frames && gather_frames++ == GATHER_FRAMES) scene_change(SCENE_ENDING_CUTSCENE, CURTAIN_WHITE);
}

static void enter_ending(void) {
    char thanks[26];
    dusk_show(SKY_DAWN, false);
    text_window(2, 1, 26, 9);
    text_print(4, 3, "Fernlight shines again.", PEN_PLAIN);
    text_format(thanks, sizeof(thanks), "%s did it, and you.", party[0].name);
    text_print(4, 5, thanks, PEN_PLAIN);
    text_print(4, 7, "Thank you for playing!", PEN_GOLD);
}

static void update_ending(void) {
    dusk_live(3);
    if (scene_frames >= CREDITS_FRAMES || (scene_frames > 60 && pressed(KEY_START)))
        scene_change(SCENE_START_MENU, CURTAIN_BLACK);
}

const struct scene_parts intro_cutscene = {
    .load = dusk_load, .enter = enter_intro, .update = update_intro, .draw = dusk_draw};
const struct scene_parts story_cutscene = {.enter = enter_story, .update = update_story, .draw = overworld_draw};
const struct scene_parts ending_cutscene = {
    .load = dusk_load, .enter = enter_ending, .update = update_ending, .draw = dusk_draw};
