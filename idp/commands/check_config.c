/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/text.h"
#include "idp/commands/commands.h"
#include "idp/commands/listing.h"
#include "idp/server/doctor/doctor.h"

/* --- What was found --- */

static void
json_write(struct call *call, const struct findings *found)
{
    static const struct listing_column columns[] = {
        { "level", CELL_TEXT },    { "file", CELL_TEXT },   { "line", CELL_NUMBER },
        { "sentence", CELL_TEXT }, { "advice", CELL_TEXT }, { 0 },
    };
    struct listing listing;

    listing_begin(call, columns, &listing);
    for (const struct finding *at = found->first; at != NULL; at = at->next) {
        const struct cell cells[] = {
            { .text = finding_level_name(at->level) },
            { .text = at->file },
            { .number = at->line },
            { .text = at->sentence },
            { .text = at->advice },
        };

        listing_add(&listing, cells);
    }
    listing_end(&listing);
}

static void
lines_write(struct call *call, const struct findings *found)
{
    for (const struct finding *at = found->first; at != NULL; at = at->next)
        buf_text(&call->said, arena_printf(call->arena, "%s: %s\n", finding_level_name(at->level),
                                           finding_text(call->arena, at)));
    if (found->counts[FINDING_ERROR] == 0 && !call->deep)
        buf_text(&call->said,
                 arena_printf(call->arena, "%s: the configuration is right.\n", call->config));
    if (call->deep)
        buf_text(&call->said,
                 arena_printf(call->arena, "%s: %zu errors, %zu warnings, %zu all right.\n",
                              call->config, found->counts[FINDING_ERROR],
                              found->counts[FINDING_WARNING], found->counts[FINDING_OK]));
}

/* --- Looking --- */

/* The service is asked for what it can only tell with a store that answers. */
static const char *
service_ask(void *state, const struct settings *settings)
{
    static char program[] = "tongxing";
    static char key[] = "key";
    static char list[] = "list";
    char *words[] = { program, key, list, NULL };
    struct call *call = state;
    struct call asked = { .arena = call->arena, .shop = { .settings = settings } };
    struct call_end end;

    if (!call_ask(&asked, 3, words, &end))
        return NULL;
    if (end.status == 0)
        return "";
    return text_is_empty(end.why) ? "it gave no reason." : end.why;
}

static void
look(struct call *call, struct findings *found)
{
    struct settings settings;
    struct doctor *doctor;

    if (!call->deep) {
        (void)config_examine(found, call->config, &settings, NULL);
        return;
    }
    doctor = arena_alloc(call->arena, sizeof(*doctor));
    *doctor = (struct doctor) { .found = found,
                                .config = call->config,
                                .now = env_now(env_machine()),
                                .ask_service = service_ask,
                                .state = call };
    doctor_examine(doctor);
}

enum err
command_check_config(struct call *call)
{
    struct findings found = findings_new(call->arena);

    look(call, &found);
    if (call->json)
        json_write(call, &found);
    else
        lines_write(call, &found);
    if (found.counts[FINDING_ERROR] > 0)
        return call_fail(call, ERR_INVALID, "%s is wrong where it is told above", call->config);
    return OK;
}

enum err
command_doctor(struct call *call)
{
    call->deep = true;
    return command_check_config(call);
}
