#include "overworld.h"

#include "assets.h"
#include "battle.h"
#include "critters.h"
#include "dialogue.h"
#include "game.h"
#include "input.h"
#include "look.h"
#include "particles.h"
#include "party.h"
#include "rng.h"
#include "talk.h"
#include "text.h"
#include "video.h"

enum {
    ENCOUNTER_CHANCE = 9,
    BANNER_FRAMES = 110,
    WALK_PIXELS = 1,
    RUN_PIXELS = 2,
    PETAL_FRAMES = 24,
    SAFE_STEPS = 4,
    STARTLED_FRAMES = 26,
    GLOW_PER_LIGHT = 9
};

static const struct {
    const struct stage *stage;
    const char *name;
} maps[] = {
    [MAP_VALLEY] = {&stage_valley, "Fernlight Valley"},
    [MAP_HOME] = {&stage_home, "Home"},
    [MAP_STORE] = {&stage_store, "Tilly's Store"},
};

// Doors: who steps on the first cell of a pair comes out at the second, and goes on one cell.
static const struct {
    enum map from;
    u8 column, row;
    enum map to;
    u8 to_column, to_row;
    enum facing facing;
} doors[] = {
    {MAP_VALLEY, VALLEY_HOME_DOOR_X, VALLEY_HOME_DOOR_Y, MAP_HOME, HOME_DOOR_X, HOME_DOOR_Y - 1, FACING_UP},
    {MAP_VALLEY, VALLEY_SHOP_DOOR_X, VALLEY_SHOP_DOOR_Y, MAP_STORE, STORE_DOOR_X, STORE_DOOR_Y - 1, FACING_UP},
    {MAP_HOME, HOME_DOOR_X, HOME_DOOR_Y, MAP_VALLEY, VALLEY_HOME_DOOR_X, VALLEY_HOME_DOOR_Y + 1, FACING_DOWN},
    {MAP_STORE, STORE_DOOR_X, STORE_DOOR_Y, MAP_VALLEY, VALLEY_SHOP_DOOR_X, VALLEY_SHOP_DOOR_Y + 1, FACING_DOWN},
};

enum map map;              /// the map the player is on
struct person player;      /// the player
s16 camera_x;              /// left edge of the picture, in pixels of the map
s16 camera_y;              /// top edge of the picture, in pixels of the map
static u32 step_count;     /// cells walked since the game began
static u8 safe_steps;      /// cells in tall grass before something can jump out of it
static u8 startled_frames; /// frames that the player still stands startled before a battle
static u8 banner_frames;   /// frames that the map's name still hangs at the top

static void place(enum map to, u8 column, u8 row, enum facing facing) {
    map = to;
    person_place(&player, column, row, facing);
}

void overworld_start(void) {
    step_count = 0;
    place(MAP_VALLEY, VALLEY_START_X, VALLEY_START_Y, FACING_DOWN);
}

void overworld_wake_up(void) { place(MAP_HOME, HOME_BEDSIDE_X, HOME_BEDSIDE_Y, FACING_DOWN); }

static s16 clamp(s32 value, s32 limit) { return value < 0 ? 0 : value > limit ? limit : value; }

static void follow_player(void) {
    camera_x = clamp(player.x + 8 - SCREEN_WIDTH / 2, stage_columns * 8 - SCREEN_WIDTH);
    camera_y = clamp(player.y + 4 - SCREEN_HEIGHT / 2, stage_rows * 8 - SCREEN_HEIGHT);
}

static void settle(void) {
    people_clear();
    critters_clear();
    particles_clear();
    if (map == MAP_VALLEY) {
        people_add(VALLEY_ELDER_X, VALLEY_ELDER_Y, LOOK_ELDER, FACING_LEFT, MANNER_LOOKS_ABOUT);
        people_add(VALLEY_MERCHANT_X, VALLEY_MERCHANT_Y, LOOK_MERCHANT, FACING_DOWN, MANNER_STANDS);
        people_add(VALLEY_GIRL_X, VALLEY_GIRL_Y, LOOK_GIRL, FACING_DOWN, MANNER_WANDERS);
        people_add(VALLEY_BOY_X, VALLEY_BOY_Y, LOOK_BOY, FACING_DOWN, MANNER_WANDERS);
        critters_add_butterflies(8);
        critters_add_duck(VALLEY_DUCK_X, VALLEY_DUCK_Y);
        critters_add_duck(VALLEY_DRAKE_X, VALLEY_DRAKE_Y);
    } else if (map == MAP_STORE) {
        people_add(STORE_KEEPER_X, STORE_KEEPER_Y, LOOK_GIRL, FACING_DOWN, MANNER_STANDS);
    }
}

static void load(void) {
    stage_load(maps[map].stage);
    settle();
    safe_steps = SAFE_STEPS;
    banner_frames = BANNER_FRAMES;
}

static void look_at_map(void) {
    follow_player();
    stage_view(camera_x, camera_y);
}

void overworld_show(void) {
    text_clear();
    gradient_on = false;
    palette_shadow[0] = 0;
    video_show(SHOW_TEXT | SHOW_STAGE | SHOW_SPRITES);
    look_at_map();
    stage_glow(lights * GLOW_PER_LIGHT);
}

static void enter(void) {
    overworld_show();
    if (!banner_frames) return;
    u8 width = 2;
    for (const char *letter = maps[map].name; *letter; letter++) width++;
    text_window(0, 0, width, 3);
    text_print(1, 1, maps[map].name, PEN_PLAIN);
}

static void let_petals_drift(void) {
    if (map != MAP_VALLEY) return;
    if (frame_counter % PETAL_FRAMES == 0) {
        s32 x = camera_x + random_below(SCREEN_WIDTH + 60), y = camera_y - 8 + random_below(SCREEN_HEIGHT / 2);
        particle_add(random_below(3) ? PARTICLE_PETAL : PARTICLE_LEAF, x, y, -90 - random_below(60),
                     60 + random_below(50), 200);
    }
    for (u8 light = 0; light < lights; light++) {
        if ((frame_counter + light * 20) % 60) continue;
        s32 x = VALLEY_LANTERN_X * CELL_SIZE + random_below(32),
            y = (VALLEY_LANTERN_Y - 2) * CELL_SIZE + random_below(40);
        particle_add(PARTICLE_FIREFLY, x, y, (s32)random_below(80) - 40, -20 - random_below(40), 160);
    }
}

void overworld_live(void) {
    people_live();
    critters_live();
    let_petals_drift();
    particles_update();
    stage_shimmer();
}

void overworld_draw(void) {
    for (u8 light = 0; light < LIGHTS_NEEDED; light++) {
        u16 look = LOOK_PROPS_TILE + (light < lights ? SPRITE_PROPS_LIGHT_LIT : SPRITE_PROPS_LIGHT_OUT);
        sprite_push(SCREEN_WIDTH - 17 * (LIGHTS_NEEDED - light), 2, SIZE_16X16, look, BANK_PROPS, ABOVE_MAP, 0);
    }
    if (startled_frames) {
        u8 hop = startled_frames > 20 ? startled_frames - 20 : 0;
        sprite_push(player.x - camera_x, player.y - camera_y - 26 - hop, SIZE_16X16,
                    LOOK_PROPS_TILE + SPRITE_PROPS_EMOTE, BANK_PROPS, ABOVE_MAP, 0);
    }
    particles_draw(camera_x, camera_y, ABOVE_MAP);
    people_draw(camera_x, camera_y);
    critters_draw(camera_x, camera_y);
}

static bool go_through_door(void) {
    for (u8 at = 0; at < COUNT_OF(doors); at++) {
        if (doors[at].from != map || doors[at].column != player.column || doors[at].row != player.row) continue;
        place(doors[at].to, doors[at].to_column, doors[at].to_row, doors[at].facing);
        scene_change(SCENE_OVERWORLD, CURTAIN_BLACK);
        return true;
    }
    return false;
}

static void arrive(void) {
    step_count++;
    if (go_through_door() || stage_cell(player.column, player.row) != CELL_TALL_GRASS) return;
    particles_burst(PARTICLE_LEAF, player.x + 8, player.y + 10, 2, 160);
    if (safe_steps) {
        safe_steps--;
    } else if (random_below(ENCOUNTER_CHANCE) == 0) {
        battle_prepare();
        startled_frames = STARTLED_FRAMES;
    }
}

static void choose_step(void) {
    static const struct {
        u16 key;
        enum facing facing;
    } ways[] = {{KEY_DOWN, FACING_DOWN}, {KEY_UP, FACING_UP}, {KEY_LEFT, FACING_LEFT}, {KEY_RIGHT, FACING_RIGHT}};
    for (u8 at = 0; at < COUNT_OF(ways); at++) {
        if (!held(ways[at].key)) continue;
        person_step(&player, ways[at].facing);
        return;
    }
}

static void update(void) {
    overworld_live();
    if (banner_frames && --banner_frames == 0) text_clear();
    if (startled_frames) {
        if (--startled_frames == 0) scene_change(SCENE_BATTLE, CURTAIN_MOSAIC);
        return;
    }
    if (!player.pixels_left) {
        if (lights >= LIGHTS_NEEDED && map == MAP_VALLEY) {
            scene_enter(SCENE_STORY_CUTSCENE);
            return;
        }
        if (pressed(KEY_START | KEY_SELECT)) {
            scene_enter(SCENE_PAUSE_MENU);
            return;
        }
        if (pressed(KEY_A) && talk_ahead()) return;
        choose_step();
    }
    if (player.pixels_left) {
        bool runs = held(KEY_B) && player.pixels_left % RUN_PIXELS == 0;
        if (runs && player.stride % 16 == 0) particle_add(PARTICLE_DUST, player.x + 4, player.y + 8, 0, -16, 14);
        if (person_walk(&player, runs ? RUN_PIXELS : WALK_PIXELS)) arrive();
    }
    if (scene == SCENE_OVERWORLD) look_at_map();
}

const struct scene_parts overworld = {.load = load, .enter = enter, .update = update, .draw = overworld_draw};
