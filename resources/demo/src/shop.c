// Buying things.
#include "assets.h"
#include "game.h"
#include "input.h"
#include "menu.h"
#include "party.h"
#include "text.h"

enum { GOODS = ITEM_COUNT - 1, LEAVE = GOODS };

static u8 shop_cursor;     /// chosen line of the shop: 0 to 3 a thing, 4 leave
static char shop_note[28]; /// what the keeper says

static void draw_shop(void) {
    text_window(0, 3, 21, 12);
    text_window(21, 3, 9, 12);
    text_window(0, 15, 30, 5);
    for (u8 line = 0; line < GOODS; line++) {
        menu_line(1, 4 + 2 * line, item_facts[line + 1].name, line == shop_cursor);
        text_number(15, 4 + 2 * line, item_facts[line + 1].price, 3,
                    money < item_facts[line + 1].price ? PEN_DIM : PEN_PLAIN);
        text_mark(18, 4 + 2 * line, TILE_COIN, PEN_PLAIN);
    }
    menu_line(1, 13, "Leave", shop_cursor == LEAVE);
    text_print(22, 4, "Coins", PEN_DIM);
    text_mark(22, 6, TILE_COIN, PEN_PLAIN);
    text_number(24, 6, money, 4, PEN_PLAIN);
    text_print(22, 9, "In bag", PEN_DIM);
    if (shop_cursor != LEAVE) text_number(24, 11, bag_count(shop_cursor + 1), 4, PEN_PLAIN);
    text_print(2, 16, shop_cursor == LEAVE ? "Until next time!" : item_facts[shop_cursor + 1].description, PEN_PLAIN);
    text_print(2, 18, shop_note, PEN_GOLD);
}

static void enter(void) {
    shop_cursor = 0;
    text_format(shop_note, sizeof(shop_note), "What will it be?");
    menu_open("SHOP");
    draw_shop();
}

static void buy(enum item item) {
    const struct item_facts *facts = &item_facts[item];
    const char *reply = "Thank you! One %s.";
    if (money < facts->price)
        reply = "Not enough coins.";
    else if (!bag_add(item))
        reply = "Your bag is full.";
    else
        money -= facts->price;
    text_format(shop_note, sizeof(shop_note), reply, facts->name);
}

static void update(void) {
    if (pressed(KEY_B | KEY_START) || (pressed(KEY_A) && shop_cursor == LEAVE)) {
        scene_enter(SCENE_OVERWORLD);
        return;
    }
    bool changed = input_cursor(&shop_cursor, GOODS + 1);
    if (pressed(KEY_A)) {
        buy(shop_cursor + 1);
        changed = true;
    }
    if (changed) draw_shop();
}

const struct scene_parts shop = {.enter = enter, .update = update};
