/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/first/happened.h"

#include <jansson.h>
#include <pthread.h>
#include <string.h>

#include "idp/base/env.h"
#include "idp/base/text.h"
#include "tests/sims/first/fill.h"
#include "tests/sims/kit_said.h"
#include "tests/sims/kit_token.h"

#define EVENTS_SHOWN "10"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static json_t *trail; /* the last events, newest last, as they were at `trail_at` */
static unix_s trail_at;

enum event_column {
    EVENT_NAME,
    EVENT_KIND,
    EVENT_ZH,
    EVENT_EN,
    EVENT_COLUMNS
};

/* From the service, by the operators' door, once a second for however many look on. */
static void
trail_read(const struct first_turn *turn)
{
    const char *const command[] = {
        turn->first->tongxing, "audit", "--limit", EVENTS_SHOWN, "--json", "--config",
        turn->first->config,   NULL,
    };
    const unix_s now = env_now(env_machine());
    json_t *read;

    if (now == trail_at)
        return;
    read = json_loads(said_by(turn->arena, command).text, 0, NULL);
    if (read == NULL)
        return;
    json_decref(trail);
    trail = read;
    trail_at = now;
}

/* The row of files/events.tsv; texts are NULL when it has none. */
static void
event_words(struct arena *arena, const char *name, const char *out[static EVENT_COLUMNS])
{
    const char *at = first_file("events.tsv");

    while (*at != '\0' && !text_eq(out[EVENT_NAME], name)) {
        for (size_t i = 0; i < EVENT_COLUMNS; i++) {
            size_t size = strcspn(at, "\t\n");

            out[i] = arena_copy(arena, at, size);
            at += size + (at[size] != '\0');
        }
    }
    if (!text_eq(out[EVENT_NAME], name))
        memset(out, 0, EVENT_COLUMNS * sizeof(out[0]));
}

static void
event_put(const struct first_turn *turn, const json_t *event, struct buf *out)
{
    const char *name = claim_string(event, "event");
    const char *words[EVENT_COLUMNS] = { NULL };
    const unix_s at = json_integer_value(json_object_get(event, "at"));
    const char *what;

    event_words(turn->arena, name, words);
    what = words[turn->language == LANGUAGE_ZH_CN ? EVENT_ZH : EVENT_EN];
    first_fill(out, "event.html", turn->language,
               (const struct hole[]) {
                   { "clock", time_beijing_clock(turn->arena, at) },
                   { "what", what != NULL ? what : name },
                   { "partner", claim_string(event, "partner") },
                   { "reason", claim_string(event, "reason") },
                   { "name", name },
                   { "refusal", text_eq(words[EVENT_KIND], "refusal") ? "yes" : "" },
                   { 0 },
               });
}

const char *
happened(const struct first_turn *turn)
{
    struct buf out = buf_new(turn->arena, 4096);

    pthread_mutex_lock(&lock);
    trail_read(turn);
    for (size_t i = json_array_size(trail); i > 0; i--)
        event_put(turn, json_array_get(trail, i - 1), &out);
    pthread_mutex_unlock(&lock);
    return out.at;
}
