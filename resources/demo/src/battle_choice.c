#include "battle_choice.h"

#include "battle.h"
#include "input.h"
#include "menu.h"
#include "message.h"
#include "text.h"

enum { COMMANDS = 4, WIDTH = 30, HEIGHT = 6, LEFT_COLUMN = 1, RIGHT_COLUMN = 15 };

static const struct {
    const char *name;
    enum battle_list opens;
    enum choice choice;
} commands[COMMANDS] = {
    {"Fight", LIST_MOVES, CHOICE_NONE},
    {"Bag", LIST_THINGS, CHOICE_NONE},
    {"Guard", LIST_COMMANDS, CHOICE_GUARD},
    {"Run", LIST_COMMANDS, CHOICE_RUN},
};

static u8 list_length(void) { return battle.list == LIST_THINGS ? bag_filled() : MOVES_EACH; }

static u8 line_row(u8 at) { return MESSAGE_ROW + 1 + at / 2 * 2; }

static void draw_commands(void) {
    u8 length = 0;
    while (party[0].name[length]) length++;
    text_window(0, MESSAGE_ROW, WIDTH / 2, HEIGHT);
    text_print(2, MESSAGE_ROW + 1, "What now,", PEN_PLAIN);
    text_print(2, MESSAGE_ROW + 3, party[0].name, PEN_GOLD);
    text_letter(2 + length, MESSAGE_ROW + 3, '?', PEN_PLAIN);
    text_window(WIDTH / 2, MESSAGE_ROW, WIDTH / 2, HEIGHT);
    for (u8 at = 0; at < COMMANDS; at++) {
        menu_line(at % 2 ? 23 : 16, line_row(at), commands[at].name, at == battle.cursor);
    }
}

static void draw_list(void) {
    if (battle.list == LIST_COMMANDS) {
        draw_commands();
        return;
    }
    text_window(0, MESSAGE_ROW, WIDTH, HEIGHT);
    if (!list_length()) text_print(3, MESSAGE_ROW + 1, "The bag is empty.", PEN_DIM);
    for (u8 at = 0; at < list_length(); at++) {
        u8 column = at % 2 ? RIGHT_COLUMN : LEFT_COLUMN;
        bool moves = battle.list == LIST_MOVES;
        enum move move = species_facts[party[0].species].moves[at];
        const char *name = moves ? move_facts[move].name : item_facts[bag[at].item].name;
        menu_line(column, line_row(at), name, at == battle.cursor);
        if (!moves) text_number(column + 13, line_row(at), bag[at].count, 1, PEN_DIM);
    }
}

// Move the cursor over two columns. Returns whether it moved.
static bool move_cursor(void) {
    u8 next = battle.cursor;
    if (keys_repeated & (KEY_LEFT | KEY_RIGHT)) next ^= 1;
    if (keys_repeated & KEY_DOWN) next += 2;
    if ((keys_repeated & KEY_UP) && next >= 2) next -= 2;
    if (next == battle.cursor || next >= list_length()) return false;
    battle.cursor = next;
    return true;
}

static void open(enum battle_list list) {
    battle.list = list;
    battle.cursor = 0;
    draw_list();
}

void choice_open(void) { open(LIST_COMMANDS); }

enum choice choice_update(void) {
    if (move_cursor()) draw_list();
    if (battle.list == LIST_COMMANDS) {
        if (!pressed(KEY_A)) return CHOICE_NONE;
        if (commands[battle.cursor].opens == LIST_COMMANDS) return commands[battle.cursor].choice;
        open(commands[battle.cursor].opens);
    } else if (pressed(KEY_B)) {
        open(LIST_COMMANDS);
    } else if (pressed(KEY_A) && list_length()) {
        return battle.list == LIST_MOVES ? CHOICE_MOVE : CHOICE_THING;
    }
    return CHOICE_NONE;
}
