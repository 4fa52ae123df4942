// Which situation the game is in, and how it goes from one to the next.
#pragma once

#include "gba.h"

// Named as the situations of gbatrace's default label set are.
enum scene {
    SCENE_START_MENU,
    SCENE_MAIN_MENU,
    SCENE_PLAYER_KEYBOARD_MENU,
    SCENE_INTRO_CUTSCENE,
    SCENE_OVERWORLD,
    SCENE_DIALOGUE,
    SCENE_PAUSE_MENU,
    SCENE_INVENTORY,
    SCENE_STATUS_SCREEN,
    SCENE_OPTIONS_MENU,
    SCENE_SAVE_MENU,
    SCENE_SHOP,
    SCENE_BATTLE,
    SCENE_STORY_CUTSCENE,
    SCENE_ENDING_CUTSCENE,
    SCENE_TRANSITION,
};

enum { SCENE_COUNT = SCENE_TRANSITION + 1 };

// What a scene does; a missing part does nothing.
struct scene_parts {
    void (*load)(void);   // behind a closed curtain: unpack what the scene shows
    void (*enter)(void);  // every time the scene is entered, from the curtain or from a scene on top of it
    void (*update)(void); // once a frame: buttons, rules
    void (*draw)(void);   // once a frame: sprites
};

extern const struct scene_parts start_menu, main_menu, keyboard_menu, intro_cutscene, overworld, dialogue, pause_menu,
    inventory_screen, status_screen, options_menu, save_menu, shop, battle_scene, story_cutscene, ending_cutscene;

enum curtain { CURTAIN_BLACK, CURTAIN_WHITE, CURTAIN_MOSAIC };

extern u32 frame_counter;
extern enum scene scene;
extern enum scene previous_scene;
extern u16 scene_frames;

// Go to a scene at once; what is loaded stays loaded.
void scene_enter(enum scene next);

// Run the game, for ever.
__attribute__((noreturn)) void game_run(void);

// Close the curtain, load the scene, open the curtain.
void scene_change(enum scene next, enum curtain curtain);
