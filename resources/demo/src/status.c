// The companion's card: portrait, numbers, what it can do.
#include "assets.h"
#include "game.h"
#include "input.h"
#include "look.h"
#include "menu.h"
#include "party.h"
#include "text.h"

static void draw_number(u8 row, const char *name, u16 value) {
    text_print(13, row, name, PEN_DIM);
    text_number(23, row, value, 4, PEN_PLAIN);
}

static void enter(void) {
    const struct creature *own = &party[0];
    const struct species_facts *facts = &species_facts[own->species];
    menu_open("STATUS");
    menu_load_portrait();
    text_window(0, 3, 12, 11);
    text_window(12, 3, 18, 11);
    text_window(0, 14, 30, 6);
    text_print(1, 12, facts->name, PEN_DIM);
    text_print(13, 4, own->name, PEN_GOLD);
    text_print(24, 4, "Lv", PEN_DIM);
    text_number(26, 4, own->level, 2, PEN_PLAIN);
    text_print(13, 6, "HP", PEN_DIM);
    text_number(21, 6, own->hp, 3, PEN_PLAIN);
    text_print(24, 6, "/", PEN_DIM);
    text_number(25, 6, own->max_hp, 3, PEN_PLAIN);
    text_bar(13, 7, 13, own->hp, own->max_hp, false);
    draw_number(8, "Attack", own->attack);
    draw_number(9, "Defence", own->defence);
    draw_number(10, "Speed", own->speed);
    text_print(13, 11, "To next", PEN_DIM);
    text_number(23, 11, own->next_level - own->experience, 4, PEN_PLAIN);
    text_bar(13, 12, 13, own->experience, own->next_level, true);
    for (u8 at = 0; at < MOVES_EACH; at++) {
        text_print(at % 2 ? 16 : 2, 15 + 2 * (at / 2), move_facts[facts->moves[at]].name, PEN_PLAIN);
    }
}

static void update(void) {
    if (pressed(KEY_A | KEY_B)) scene_enter(SCENE_PAUSE_MENU);
}

static void draw(void) {
    s32 breath = frame_counter / 24 % 2;
    sprite_push(16, 30 + breath, SIZE_64X64, LOOK_OWN_TILE, BANK_OWN, IN_FRONT, 0);
}

const struct scene_parts status_screen = {.enter = enter, .update = update, .draw = draw};
