// A heap in EWRAM: the first free place that is large enough; blocks have a head of one word.
#include "drift.h"

enum { HEAP_WORDS = 1024, TAKEN = 1u << 31 };

EWRAM static u32 heap[HEAP_WORDS]; // head: words of the block, and whether it is taken

void heap_clear(void) { heap[0] = HEAP_WORDS; }

static void join_free(void) {
    for (u32 at = 0; at < HEAP_WORDS;) {
        u32 next = at + (heap[at] & ~TAKEN);
        if (next < HEAP_WORDS && !(heap[at] & TAKEN) && !(heap[next] & TAKEN))
            heap[at] += heap[next];
        else
            at = next;
    }
}

void *heap_take(u32 bytes) {
    u32 words = (bytes + 3) / 4 + 1;
    for (u32 at = 0; at < HEAP_WORDS; at += heap[at] & ~TAKEN) {
        if ((heap[at] & TAKEN) || heap[at] < words) continue;
        if (heap[at] > words) heap[at + words] = heap[at] - words;
        heap[at] = words | TAKEN;
        return &heap[at + 1];
    }
    for (;;) {} // never: all that the game takes fits
}

void heap_give(void *block) {
    ((u32 *)block)[-1] &= ~TAKEN;
    join_free();
}
