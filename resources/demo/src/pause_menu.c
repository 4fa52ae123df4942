// The menu that opens beside the map.
#include "game.h"
#include "input.h"
#include "menu.h"
#include "overworld.h"
#include "party.h"
#include "text.h"
#include "assets.h"

enum { COLUMN = 18, WIDTH = 12, LINES = 6 };

static u8 pause_cursor; /// chosen line of the pause menu: 0 bag, 1 companion, 2 options, 3 save, 4 to the title, 5 back

static const struct {
    const char *text;
    enum scene scene;
} lines[LINES] = {
    {"Bag", SCENE_INVENTORY},  {"Status", SCENE_STATUS_SCREEN}, {"Options", SCENE_OPTIONS_MENU},
    {"Save", SCENE_SAVE_MENU}, {"Title", SCENE_START_MENU},     {"Close", SCENE_OVERWORLD},
};

static void draw_lines(void) {
    for (u8 line = 0; line < LINES; line++) menu_line(COLUMN + 1, 4 + 2 * line, lines[line].text, line == pause_cursor);
}

static void enter(void) {
    overworld_show();
    text_window(COLUMN, 3, WIDTH, 2 * LINES + 1);
    text_window(COLUMN, 16, WIDTH, 3);
    text_mark(COLUMN + 2, 17, TILE_COIN, PEN_PLAIN);
    text_number(COLUMN + 4, 17, money, 6, PEN_PLAIN);
    draw_lines();
}

static void update(void) {
    overworld_live();
    if (input_cursor(&pause_cursor, LINES)) draw_lines();
    if (pressed(KEY_B | KEY_START | KEY_SELECT)) {
        scene_enter(SCENE_OVERWORLD);
    } else if (pressed(KEY_A)) {
        enum scene next = lines[pause_cursor].scene;
        if (next == SCENE_START_MENU)
            scene_change(next, CURTAIN_BLACK);
        else
            scene_enter(next);
    }
}

const struct scene_parts pause_menu = {.enter = enter, .update = update, .draw = overworld_draw};
