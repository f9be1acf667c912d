/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/first/happened.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "idp/base/text.h"
#include "tests/sims/first/fill.h"
#include "tests/sims/first/live.h"
#include "tests/sims/kit_token.h"

#define EVENTS_SHOWN 8
#define TAIL_BYTES (48 << 10)

static const char *
log_tail(const struct first_turn *turn)
{
    const char *path = arena_printf(turn->arena, "%s/log/server.log", turn->first->data);
    char *tail = arena_alloc(turn->arena, TAIL_BYTES + 1);
    FILE *file = fopen(path, "re");

    if (file == NULL)
        return "";
    if (fseek(file, -TAIL_BYTES, SEEK_END) != 0)
        rewind(file);
    tail[fread(tail, 1, TAIL_BYTES, file)] = '\0';
    fclose(file);
    return tail;
}

static void
event_put(const struct first_turn *turn, const json_t *event, struct buf *out)
{
    const json_int_t status = json_integer_value(json_object_get(event, "status"));

    first_fill(out, "event.html", turn->language,
               (const struct hole[]) {
                   { "clock", live_clock(turn->arena, claim_string(event, "at")) },
                   { "what", arena_printf(turn->arena, "%s %s", claim_string(event, "method"),
                                          claim_string(event, "path")) },
                   { "more", "" },
                   { "name", arena_printf(turn->arena, "%d", (int)status) },
                   { "refusal", status >= 400 ? "yes" : "" },
                   { 0 },
               });
}

const char *
happened(const struct first_turn *turn)
{
    const char *begin = log_tail(turn);
    const char *end = begin + strlen(begin);
    struct buf out = buf_new(turn->arena, 4096);
    size_t shown = 0;

    while (end > begin && shown < EVENTS_SHOWN) {
        const char *line = end - 1;
        json_t *event;

        while (line > begin && line[-1] != '\n')
            line--;
        event = json_loadb(line, (size_t)(end - line), 0, NULL);
        if (text_eq(claim_string(event, "event"), "http.request") &&
            !text_eq(claim_string(event, "path"), "/metrics")) {
            event_put(turn, event, &out);
            shown++;
        }
        json_decref(event);
        end = line;
    }
    return out.at;
}
