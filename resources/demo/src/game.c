#include "game.h"

#include "input.h"
#include "rng.h"
#include "sprites.h"
#include "video.h"

enum { CURTAIN_FRAMES = 16 };

static const struct scene_parts nothing;

static const struct scene_parts *const scenes[SCENE_COUNT] = {
    [SCENE_START_MENU] = &start_menu,
    [SCENE_MAIN_MENU] = &main_menu,
    [SCENE_PLAYER_KEYBOARD_MENU] = &keyboard_menu,
    [SCENE_INTRO_CUTSCENE] = &intro_cutscene,
    [SCENE_OVERWORLD] = &overworld,
    [SCENE_DIALOGUE] = &dialogue,
    [SCENE_PAUSE_MENU] = &pause_menu,
    [SCENE_INVENTORY] = &inventory_screen,
    [SCENE_STATUS_SCREEN] = &status_screen,
    [SCENE_OPTIONS_MENU] = &options_menu,
    [SCENE_SAVE_MENU] = &save_menu,
    [SCENE_SHOP] = &shop,
    [SCENE_BATTLE] = &battle_scene,
    [SCENE_STORY_CUTSCENE] = &story_cutscene,
    [SCENE_ENDING_CUTSCENE] = &ending_cutscene,
    [SCENE_TRANSITION] = &nothing,
};

u32 frame_counter;                /// frames since reset, as the game counts them
enum scene scene;                 /// the situation the game is in
enum scene previous_scene;        /// the situation before this one
u16 scene_frames;                 /// frames since this situation began
static enum scene curtain_from;   /// the situation that a transition leaves
static enum scene curtain_to;     /// the situation that a transition leads to
static enum curtain curtain_kind; /// how a transition looks
static u8 curtain_frame;          /// frame of the transition: closing up to 16, then opening up to 32

static void run(void (*part)(void)) {
    if (part) part();
}

void scene_enter(enum scene next) {
    previous_scene = scene;
    scene = next;
    scene_frames = 0;
    run(scenes[next]->enter);
}

void scene_change(enum scene next, enum curtain curtain) {
    previous_scene = curtain_from = scene;
    curtain_to = next;
    curtain_kind = curtain;
    curtain_frame = 0;
    scene = SCENE_TRANSITION;
    scene_frames = 0;
}

static void move_curtain(void) {
    curtain_frame++;
    bool closing = curtain_frame <= CURTAIN_FRAMES;
    u8 level = closing ? curtain_frame : 2 * CURTAIN_FRAMES - curtain_frame;
    video_fade(curtain_kind == CURTAIN_WHITE ? FADE_TO_WHITE : FADE_TO_BLACK, level);
    mosaic_size = curtain_kind == CURTAIN_MOSAIC && closing ? level - level / 16 : 0;
    if (curtain_frame == CURTAIN_FRAMES) {
        run(scenes[curtain_to]->load);
        run(scenes[curtain_to]->enter);
    } else if (curtain_frame == 2 * CURTAIN_FRAMES) {
        scene = curtain_to;
        scene_frames = 0;
    }
}

static void draw(void) {
    enum scene shown = scene;
    if (scene == SCENE_TRANSITION) shown = curtain_frame < CURTAIN_FRAMES ? curtain_from : curtain_to;
    sprites_begin();
    run(scenes[shown]->draw);
    sprites_end();
}

void game_run(void) {
    run(scenes[scene]->load);
    run(scenes[scene]->enter);
    for (;;) {
        wait_for_vblank();
        video_commit();
        input_poll();
        rng_state += keys_pressed;
        frame_counter++;
        scene_frames++;
        if (scene == SCENE_TRANSITION)
            move_curtain();
        else
            run(scenes[scene]->update);
        draw();
    }
}
