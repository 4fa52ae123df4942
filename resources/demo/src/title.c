// The title screen and the menu behind it.
#include "dusk.h"
#include "game.h"
#include "input.h"
#include "menu.h"
#include "overworld.h"
#include "party.h"
#include "save.h"
#include "text.h"

enum { PROMPT_ROW = 16, MENU_COLUMN = 8, MENU_ROW = 11, MENU_LINES = 3, FIREFLY_FRAMES = 12 };

static u8 title_cursor; /// chosen line of the main menu: 0 new game, 1 continue, 2 options

static void show_title(void) {
    dusk_show(SKY_DUSK, true);
    text_print(7, 19, "gbatrace demo game", PEN_DIM | PEN_BARE);
}

static void update_title(void) {
    dusk_live(FIREFLY_FRAMES);
    bool visible = scene_frames / 24 % 2 == 0;
    text_print(9, PROMPT_ROW, visible ? "Press Start" : "           ", PEN_GOLD | PEN_BARE);
    if (pressed(KEY_START | KEY_A)) scene_enter(SCENE_MAIN_MENU);
}

static void draw_menu(void) {
    text_window(MENU_COLUMN, MENU_ROW, 14, 2 * MENU_LINES + 1);
    menu_line(MENU_COLUMN + 1, MENU_ROW + 1, "New game", title_cursor == 0);
    menu_line(MENU_COLUMN + 1, MENU_ROW + 3, "Continue", title_cursor == 1);
    if (!save_exists()) text_print(MENU_COLUMN + 3, MENU_ROW + 3, "Continue", PEN_DIM);
    menu_line(MENU_COLUMN + 1, MENU_ROW + 5, "Options", title_cursor == 2);
}

static void show_menu(void) {
    title_cursor = save_exists();
    dusk_show(SKY_DUSK, true);
    draw_menu();
}

static void choose(void) {
    if (title_cursor == 0) {
        party_new_game();
        overworld_start();
        scene_change(SCENE_PLAYER_KEYBOARD_MENU, CURTAIN_BLACK);
    } else if (title_cursor == 2) {
        scene_enter(SCENE_OPTIONS_MENU);
    } else if (save_exists()) {
        save_read();
        scene_change(SCENE_OVERWORLD, CURTAIN_BLACK);
    }
}

static void update_menu(void) {
    dusk_live(FIREFLY_FRAMES);
    if (input_cursor(&title_cursor, MENU_LINES)) draw_menu();
    if (pressed(KEY_B))
        scene_enter(SCENE_START_MENU);
    else if (pressed(KEY_A | KEY_START))
        choose();
}

const struct scene_parts start_menu = {
    .load = dusk_load, .enter = show_title, .update = update_title, .draw = dusk_draw};
const struct scene_parts main_menu = {.load = dusk_load, .enter = show_menu, .update = update_menu, .draw = dusk_draw};
