// The bag: look at things and use them.
#include "assets.h"
#include "game.h"
#include "input.h"
#include "menu.h"
#include "overworld.h"
#include "party.h"
#include "text.h"
#include "video.h"

static u8 bag_cursor;     /// chosen place in the bag
static char bag_note[28]; /// what happened to the thing used last

static void draw_bag(void) {
    text_window(0, 3, 19, 12);
    text_window(19, 3, 11, 12);
    text_window(0, 15, 30, 5);
    u8 filled = bag_filled();
    for (u8 place = 0; place < filled; place++) {
        u8 row = 5 + 2 * place;
        menu_line(1, row, item_facts[bag[place].item].name, place == bag_cursor);
        text_print(15, row, "x", PEN_DIM);
        text_number(16, row, bag[place].count, 1, PEN_PLAIN);
    }
    if (!filled) text_print(2, 5, "Nothing at all.", PEN_DIM);
    text_print(20, 4, party[0].name, PEN_GOLD);
    text_print(20, 6, "HP", PEN_DIM);
    text_fraction(22, 6, party[0].hp, party[0].max_hp, 7);
    text_bar(20, 7, 7, party[0].hp, party[0].max_hp, false);
    text_print(20, 10, "Coins", PEN_DIM);
    text_mark(20, 12, TILE_COIN, PEN_PLAIN);
    text_number(22, 12, money, 5, PEN_PLAIN);
    if (filled) text_print(2, 16, item_facts[bag[bag_cursor].item].description, PEN_PLAIN);
    text_print(2, 18, bag_note, PEN_GOLD);
}

static void enter(void) {
    menu_open("BAG");
    bag_cursor = 0;
    bag_note[0] = 0;
    draw_bag();
}

static void use(void) {
    struct creature *own = &party[0];
    enum item item = bag[bag_cursor].item;
    bool healing = item == ITEM_DEWDROP || item == ITEM_HONEY_CAKE;
    if (item == ITEM_SPARKNUT || (item == ITEM_LUCKY_LEAF && luck_waits) || (healing && own->hp == own->max_hp)) {
        text_format(bag_note, sizeof(bag_note), "Not now.");
        return;
    }
    if (item == ITEM_LUCKY_LEAF) {
        luck_waits = true;
        text_format(bag_note, sizeof(bag_note), "You feel lucky.");
    } else {
        creature_heal(own, item == ITEM_DEWDROP ? DEWDROP_HEALS : own->max_hp);
        text_format(bag_note, sizeof(bag_note), "%s feels better.", own->name);
    }
    bag_remove(bag_cursor);
    if (bag_cursor && bag_cursor >= bag_filled()) bag_cursor--;
}

static void update(void) {
    if (pressed(KEY_B | KEY_START)) {
        scene_enter(SCENE_PAUSE_MENU);
        return;
    }
    u8 filled = bag_filled();
    bool moved = filled && input_cursor(&bag_cursor, filled);
    if (moved) bag_note[0] = 0;
    if (pressed(KEY_A) && filled) {
        use();
        moved = true;
    }
    if (moved) draw_bag();
}

const struct scene_parts inventory_screen = {.enter = enter, .update = update};
