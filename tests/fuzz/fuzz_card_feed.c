/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever the card bureau, or who stands in its place, feeds us: a page is refused, or it tells of
 * every position between the one that was asked and its own, in changes that keep their promises. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/log.h"
#include "idp/connect/card_feed.h"
#include "policies/card_state.h"

#define ASKED 7
#define NOW 1767225600

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must_be_sound(const struct card_change *change, int64_t last)
{
    if (change->position <= ASKED || change->position > last || strlen(change->region) != 6 ||
        strlen(change->card_no) != 9 || strlen(change->identity_number) != 18 ||
        strchr("012789L", *physical_state_letter(change->state)) == NULL ||
        change->valid_to < change->valid_from || change->lapses_at < 0)
        abort();
}

static void
page_judge(struct arena *arena, struct bytes text)
{
    const struct card_feed_ask ask = { .position = ASKED, .now = NOW };
    struct card_feed_page page;

    if (card_feed_page_read(arena, json_read(arena, text), &ask, &page) != NULL)
        return;
    if (page.count > CARD_FEED_PAGE || (int64_t)page.count < page.position - ASKED ||
        page.position < ASKED || page.as_of < 0)
        abort();
    for (size_t i = 0; i < page.count; i++)
        must_be_sound(&page.at[i], page.position);
}

/* Nobody knows the secret, so nothing opens. */
static void
envelope_judge(struct arena *arena, struct bytes text)
{
    const struct settings settings = { .card_bureau = { .app_id = "a", .secret = "s" } };
    const struct card_wire wire = { .settings = &settings };
    struct card_question question = {
        .wire = &wire, .arena = arena, .answer_max = JSON_BYTES_MAX, .id = "0"
    };
    const json_t *told;

    if (card_answer_open(&question, text, &told) == OK)
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(16 << 20);

    log_set_fd(-1); /* each alarm is a line */
    page_judge(arena, bytes_of(data, size));
    envelope_judge(arena, bytes_of(data, size));
    arena_free(arena);
    return 0;
}
