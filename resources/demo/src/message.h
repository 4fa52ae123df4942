// A message box at the bottom of the screen whose text appears letter by letter.
#pragma once

#include "gba.h"

enum { MESSAGE_ROW = 14 };

// Open the box. `speaker` may be 0.
void message_open(const char *speaker, const char *text);

// Type on, turn pages; once a frame. Returns whether the last page has been read.
bool message_update(void);

// Like message_update, but goes on by itself when a page has stood for a while.
bool message_update_alone(void);

void message_close(void);
