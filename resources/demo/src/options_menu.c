// Settings of text and windows.
#include "game.h"
#include "input.h"
#include "menu.h"
#include "options.h"
#include "text.h"

enum { OPTION_TEXT, OPTION_WINDOWS, OPTION_BACK, OPTIONS };

enum text_speed text_speed = TEXT_MEDIUM; /// how fast messages are typed
static enum window_style window_style;    /// colour of the windows
static u8 options_cursor;                 /// chosen line of the options
static enum scene options_from;           /// where the options were opened

static void draw_options(void) {
    static const char *const speeds[TEXT_SPEEDS] = {"Slow", "Medium", "Fast"};
    static const char *const styles[WINDOW_STYLES] = {"Night", "Forest", "Wine"};
    text_window(2, 5, 26, 10);
    menu_line(3, 7, "Text speed", options_cursor == OPTION_TEXT);
    text_print(19, 7, speeds[text_speed], PEN_GOLD);
    menu_line(3, 9, "Window colour", options_cursor == OPTION_WINDOWS);
    text_print(19, 9, styles[window_style], PEN_GOLD);
    menu_line(3, 12, "Back", options_cursor == OPTION_BACK);
    text_window(0, 17, 30, 3);
    text_print(2, 18, "Left and Right change it.", PEN_DIM);
}

static void enter(void) {
    options_from = previous_scene;
    options_cursor = 0;
    menu_open("OPTIONS");
    draw_options();
}

static void change(u8 by) {
    if (options_cursor == OPTION_TEXT) text_speed = (text_speed + by) % TEXT_SPEEDS;
    if (options_cursor == OPTION_WINDOWS) window_style = (window_style + by) % WINDOW_STYLES;
    text_style(window_style);
}

static void update(void) {
    if (pressed(KEY_B | KEY_START) || (pressed(KEY_A) && options_cursor == OPTION_BACK)) {
        scene_enter(options_from);
        return;
    }
    bool changed = input_cursor(&options_cursor, OPTIONS);
    if (pressed(KEY_RIGHT | KEY_A))
        change(1);
    else if (pressed(KEY_LEFT))
        change(2);
    else if (!changed)
        return;
    draw_options();
}

const struct scene_parts options_menu = {.enter = enter, .update = update};
