#include "message.h"

#include "assets.h"
#include "game.h"
#include "input.h"
#include "options.h"
#include "text.h"

enum { TEXT_SIZE = 256, LINE_LENGTH = 26, LINES = 2, HEIGHT = 6, WIDTH = 30, READING_FRAMES = 40 };

EWRAM static char
    message_text[TEXT_SIZE]; /// what the message box says, ASCII, ended by zero; new lines are 10, new pages 12
static u16 message_at;       /// letters typed so far
static u8 message_column;    /// where the next letter goes, from the left
static u8 message_line;      /// line of the box that is being typed, 0 or 1
static u8 message_wait;      /// frames until the next letter, or since the page is full
static bool page_full;       /// whether the page waits to be read

// Length of the word at `text`.
static u8 word_length(const char *text) {
    u8 length = 0;
    while (text[length] && text[length] != ' ' && text[length] != '\n') length++;
    return length;
}

// Copy the text and choose where its lines and pages break.
static void lay_out(const char *text) {
    u8 column = 0, line = 0;
    u16 at = 0;
    while (*text && at < TEXT_SIZE - 1) {
        u8 length = word_length(text);
        if (*text == '\n' || (column && column + length > LINE_LENGTH)) {
            if (column) at -= message_text[at - 1] == ' ';
            line = (line + 1) % LINES;
            message_text[at++] = line ? '\n' : '\f';
            column = 0;
            if (*text == '\n') text++;
            continue;
        }
        while (length-- && at < TEXT_SIZE - 1) {
            message_text[at++] = *text++;
            column++;
        }
        if (*text == ' ' && at < TEXT_SIZE - 1) {
            message_text[at++] = *text++;
            column++;
        }
    }
    message_text[at] = 0;
}

static void start_page(void) {
    text_window(0, MESSAGE_ROW, WIDTH, HEIGHT);
    message_column = message_line = message_wait = 0;
    page_full = false;
}

void message_open(const char *speaker, const char *text) {
    lay_out(text);
    message_at = 0;
    start_page();
    if (speaker) {
        u8 length = 0;
        while (speaker[length]) length++;
        text_window(1, MESSAGE_ROW - 3, length + 2, 3);
        text_print(2, MESSAGE_ROW - 2, speaker, PEN_GOLD);
    }
}

void message_close(void) { text_erase(0, MESSAGE_ROW - 3, WIDTH, HEIGHT + 3); }

static void type_letter(void) {
    char letter = message_text[message_at];
    if (letter == 0 || letter == '\f') {
        page_full = true;
        message_wait = 0;
        return;
    }
    message_at++;
    if (letter == '\n') {
        message_column = 0;
        message_line++;
        return;
    }
    text_letter(2 + message_column++, MESSAGE_ROW + 1 + 2 * message_line, letter, PEN_PLAIN);
}

// Returns whether there was another page.
static bool turn_page(void) {
    if (message_text[message_at] == 0) return false;
    message_at++;
    start_page();
    return true;
}

static void type(void) {
    static const u8 frames_per_letter[TEXT_SPEEDS] = {[TEXT_SLOW] = 3, [TEXT_MEDIUM] = 1, [TEXT_FAST] = 0};
    bool hurry = held(KEY_A | KEY_B) && message_at > 2;
    if (message_wait && !hurry) {
        message_wait--;
        return;
    }
    message_wait = frames_per_letter[text_speed];
    type_letter();
    if ((hurry || text_speed == TEXT_FAST) && !page_full) type_letter();
}

bool message_update(void) {
    if (!page_full) {
        type();
        return false;
    }
    bool blink = message_wait++ & 16;
    text_mark(WIDTH - 3, MESSAGE_ROW + HEIGHT - 2, blink ? TILE_FRAME + 4 : TILE_MORE, PEN_PLAIN);
    return pressed(KEY_A | KEY_B) && !turn_page();
}

bool message_update_alone(void) {
    if (!page_full) {
        type();
        return false;
    }
    return (++message_wait >= READING_FRAMES || pressed(KEY_A | KEY_B)) && !turn_page();
}
