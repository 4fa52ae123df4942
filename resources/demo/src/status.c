// The companion's card: portrait, numbers, what it can do.
#include "assets.h"
#include "game.h"
#include "input.h"
#include "look.h"
#include "menu.h"
#include "party.h"
#include "text.h"

static void draw_number(u8 column, u8 row, const char *name, u16 value) {
    text_print(column, row, name, PEN_DIM);
    text_number(column + 4, row, value, 3, PEN_PLAIN);
}

static void enter(void) {
    const struct creature *own = &party[0];
    const struct species_facts *facts = &species_facts[own->species];
    menu_open("STATUS");
    menu_load_portrait();
    text_window(0, 3, 12, 12);
    text_window(12, 3, 18, 12);
    text_window(0, 15, 30, 5);
    text_print(2, 13, facts->name, PEN_DIM);
    text_print(13, 4, own->name, PEN_GOLD);
    draw_number(22, 4, "Lv", own->level);
    text_print(13, 6, "HP", PEN_DIM);
    text_fraction(16, 6, own->hp, own->max_hp, 13);
    text_bar(13, 7, 14, own->hp, own->max_hp, false);
    draw_number(13, 9, "Atk", own->attack);
    draw_number(22, 9, "Def", own->defence);
    draw_number(13, 11, "Spd", own->speed);
    draw_number(22, 11, "Exp", own->experience);
    text_bar(13, 13, 14, own->experience, own->next_level, true);
    for (u8 at = 0; at < MOVES_EACH; at++) {
        text_print(at % 2 ? 16 : 2, 16 + 2 * (at / 2), move_facts[facts->moves[at]].name, PEN_PLAIN);
    }
}

static void update(void) {
    if (pressed(KEY_A | KEY_B | KEY_START)) scene_enter(SCENE_PAUSE_MENU);
}

static void draw(void) {
    s32 breath = frame_counter / 24 % 2;
    sprite_push(16, 30 + breath, SIZE_64X64, LOOK_OWN_TILE, BANK_OWN, IN_FRONT, 0);
}

const struct scene_parts status_screen = {.enter = enter, .update = update, .draw = draw};
