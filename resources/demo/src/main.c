// Fernlight: bring back the lights of the valley's lantern.
#include "assets.h"
#include "game.h"
#include "look.h"
#include "party.h"
#include "text.h"
#include "video.h"

int main(void) {
    video_init();
    text_init();
    look_init();
    party_new_game();
    game_run();
}
