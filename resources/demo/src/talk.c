#include "talk.h"

#include "assets.h"
#include "dialogue.h"
#include "look.h"
#include "overworld.h"
#include "party.h"

static bool barrel_emptied; /// whether the player has already found what a barrel hides

static enum facing opposite(enum facing facing) {
    static const enum facing turned[] = {[FACING_DOWN] = FACING_UP,
                                         [FACING_UP] = FACING_DOWN,
                                         [FACING_LEFT] = FACING_RIGHT,
                                         [FACING_RIGHT] = FACING_LEFT};
    return turned[facing];
}

static void elder_speaks(void) {
    if (elder_has_given) {
        dialogue_ask(
            "Elder", "Fireflies hide with the creatures in the tall grass. Shall I tell you how the lantern works?",
            "Win their friendship in a fair bout, and a light will follow you home. Three lights wake the lantern.",
            "Then off you go, the evening is short.");
        return;
    }
    elder_has_given = true;
    lights++;
    dialogue_say(
        "Elder",
        "There you are! The great lantern has gone dark, and the valley with it. Take this first light, child. "
        "Two more are out there, in the tall grass.",
        DIALOGUE_JUST_ENDS);
}

static void speak(const struct person *person) {
    switch (person->look) {
    case LOOK_ELDER:
        elder_speaks();
        break;
    case LOOK_MERCHANT:
        dialogue_say("Bram", "Fresh from the road! Have a look, looking is free.", DIALOGUE_OPENS_SHOP);
        break;
    case LOOK_GIRL:
        if (map == MAP_STORE)
            dialogue_say("Tilly", "Welcome in! Dewdrops, cakes, a little luck?", DIALOGUE_OPENS_SHOP);
        else
            dialogue_say("Wren", "I counted nine butterflies today. Or one, nine times.", DIALOGUE_JUST_ENDS);
        break;
    default:
        dialogue_say("Pip", "Hold B and you run! But not past the ducks, they think it is a race.", DIALOGUE_JUST_ENDS);
    }
}

static void search_barrel(void) {
    if (barrel_emptied || !bag_add(ITEM_HONEY_CAKE)) {
        dialogue_say(0, "An empty barrel. It smells of honey.", DIALOGUE_JUST_ENDS);
        return;
    }
    barrel_emptied = true;
    dialogue_say(0, "There is a honey cake in the barrel! You put it into your bag.", DIALOGUE_JUST_ENDS);
}

static bool look_at(u8 subject) {
    switch (subject) {
    case SUBJECT_LANTERN:
        dialogue_say(
            0, lights ? "The great lantern. Something flickers in it." : "The great lantern of Fernlight. It is dark.",
            DIALOGUE_JUST_ENDS);
        return true;
    case SUBJECT_SQUARE_SIGN:
        dialogue_say(0, "FERNLIGHT, the village that never needed a street lamp. East: the river. South: tall grass!",
                     DIALOGUE_JUST_ENDS);
        return true;
    case SUBJECT_STORE_SIGN:
        dialogue_say(0, "TILLY'S STORE. Open while the sign hangs.", DIALOGUE_JUST_ENDS);
        return true;
    case SUBJECT_BED:
        dialogue_say(0, "Your bed. You lie down for a moment, and your companion curls up beside you.", DIALOGUE_RESTS);
        return true;
    case SUBJECT_SHELF:
        dialogue_say(0, "'Lanterns and Those Who Light Them'. Somebody has underlined the word 'together'.",
                     DIALOGUE_JUST_ENDS);
        return true;
    case SUBJECT_BARREL:
        search_barrel();
        return true;
    default:
        return false;
    }
}

bool talk_ahead(void) {
    s32 column, row;
    person_ahead(&player, 1, &column, &row);
    struct person *person = person_at(column, row);
    u8 thing = stage_cell(column, row);
    if (!person && thing >> CELL_SUBJECT_SHIFT == SUBJECT_COUNTER) {
        person_ahead(&player, 2, &column, &row);
        person = person_at(column, row);
        if (!person && people_count) person = map == MAP_STORE ? &people[0] : &people[1];
    }
    if (!person) return look_at(thing >> CELL_SUBJECT_SHIFT);
    if (person->pixels_left) return false;
    person->facing = opposite(player.facing);
    speak(person);
    return true;
}
