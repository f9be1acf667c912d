/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/card_feed.h"

#include "idp/base/emit.h"
#include "idp/base/log.h"
#include "idp/base/text.h"

#define CODE_MAX_BYTES 32
#define TEXT_MAX_BYTES 32
#define LOSS_ANSWER_MAX 8192

static const char *const change_members[] = { "position",        "region",   "card_no",
                                              "identity_number", "state",    "valid_from",
                                              "valid_to",        "lapses_at" };

#define MEMBERS (sizeof(change_members) / sizeof(change_members[0]))

/* --- A change --- */

/* Which member nobody knows; NULL: none. */
static const char *
stranger_of(const json_t *object)
{
    const json_t *value;
    void *at = NULL;
    const char *name;
    size_t known = 0;

    while ((name = member_next(object, &at, &value)) != NULL) {
        for (size_t i = 0; i < MEMBERS; i++)
            known += text_eq(name, change_members[i]);
        if (known == 0)
            return "member";
        known = 0;
    }
    return NULL;
}

static const char *
text_of(const json_t *object, const char *name)
{
    const char *text = "";

    return member_text(object, name, TEXT_MAX_BYTES, &text) == OK ? text : "";
}

const char *
card_feed_change_read(const json_t *told, int32_t today, struct card_change *out)
{
    struct card_change_told change = {
        .region = text_of(told, "region"),
        .card_no = text_of(told, "card_no"),
        .identity_number = text_of(told, "identity_number"),
        .state = text_of(told, "state"),
        .valid_from = text_of(told, "valid_from"),
        .valid_to = text_of(told, "valid_to"),
    };
    enum err err = member_int(told, "lapses_at", &change.lapses_at);

    if (!json_is_object(told) || stranger_of(told) != NULL)
        return "member";
    if (member_int(told, "position", &change.position) != OK)
        return "position";
    if (err != OK && err != ERR_NOT_FOUND)
        return "lapses_at";
    return card_change_read(&change, today, out);
}

/* --- A page --- */

/* Every position that is new must have been told. */
struct reading_page {
    const struct card_feed_ask *ask;
    struct card_feed_page *page;
    bool seen[CARD_FEED_PAGE];
};

static bool
all_seen(const struct reading_page *reading)
{
    for (int64_t i = 0; i < reading->page->position - reading->ask->position; i++)
        if (!reading->seen[i])
            return false;
    return true;
}

/* What is known already is passed over. */
static const char *
change_take(struct reading_page *reading, const json_t *told)
{
    struct card_feed_page *page = reading->page;
    struct card_change change;
    const char *fault = card_feed_change_read(told, time_beijing_date(reading->ask->now), &change);

    if (fault != NULL)
        return fault;
    if (change.position > page->position)
        return "position";
    if (change.position <= reading->ask->position)
        return NULL;
    reading->seen[change.position - reading->ask->position - 1] = true;
    page->at[page->count++] = change;
    return NULL;
}

static const char *
changes_take(struct reading_page *reading, struct arena *arena, const json_t *list)
{
    size_t count = json_array_size(list);
    const char *fault = NULL;

    if (count > CARD_FEED_PAGE)
        return "count";
    reading->page->at = arena_alloc(arena, (count + 1) * sizeof(*reading->page->at));
    for (size_t i = 0; fault == NULL && i < count; i++)
        fault = change_take(reading, json_array_get(list, i));
    return fault;
}

const char *
card_feed_page_read(struct arena *arena, const json_t *told, const struct card_feed_ask *ask,
                    struct card_feed_page *out)
{
    struct reading_page reading = { .ask = ask, .page = out };
    const json_t *list;
    const char *fault;

    *out = (struct card_feed_page) { 0 };
    if (member_int(told, "position", &out->position) != OK ||
        member_time(told, "as_of", &out->as_of) != OK ||
        member_bool(told, "more", &out->more) != OK || member_list(told, "changes", &list) != OK)
        return "form";
    if (out->position < ask->position)
        return "back";
    if (out->position - ask->position > CARD_FEED_PAGE)
        return "gap";
    fault = changes_take(&reading, arena, list);
    if (fault == NULL && !all_seen(&reading))
        fault = "gap";
    if (fault == NULL && out->more && out->count == 0)
        fault = "more"; /* it would be asked for ever */
    return fault;
}

/* --- Asking --- */

/* What the bureau says of the question itself. */
static enum err
code_read(struct card_question *question, const json_t *told)
{
    const char *code;

    if (member_text(told, "code", CODE_MAX_BYTES, &code) != OK)
        return ERR_UNKNOWN;
    if (text_eq(code, "ok"))
        return OK;
    if (text_eq(code, "later"))
        return ERR_BUSY;
    if (text_eq(code, "refused"))
        return ERR_REFUSED;
    if (!text_eq(code, "bad_request"))
        return ERR_UNKNOWN;
    card_question_alarm(question, "fault");
    return ERR_INVALID;
}

static enum err
page_read(struct card_question *question, const json_t *told, const struct card_feed_ask *ask,
          struct card_feed_page *out)
{
    const char *fault = card_feed_page_read(question->arena, told, ask, out);

    if (fault == NULL)
        return OK;
    card_question_alarm(question, fault);
    return ERR_INVALID;
}

enum err
card_feed_pull(const struct card_wire *wire, struct arena *arena, const struct card_feed_ask *ask,
               struct card_feed_page *out)
{
    struct card_question question = { .wire = wire,
                                      .arena = arena,
                                      .path = "card/changes",
                                      .traceparent = ask->traceparent,
                                      .answer_max = JSON_BYTES_MAX };
    const json_t *told;
    enum err err = card_question_begin(&question, ask->now);

    if (err != OK)
        return err;
    emit_int(&question.json, "position", ask->position);
    emit_int(&question.json, "limit", CARD_FEED_PAGE);
    err = card_question_ask(&question, &told);
    if (err == ERR_INVALID)
        card_question_alarm(&question, "size");
    if (err == OK)
        err = code_read(&question, told);
    return err == OK ? page_read(&question, told, ask, out) : err;
}

enum err
card_loss_tell(const struct card_wire *wire, struct arena *arena,
               const struct card_loss_message *message, unix_s now)
{
    struct card_question question = { .wire = wire,
                                      .arena = arena,
                                      .path = "card/loss",
                                      .traceparent = message->traceparent,
                                      .answer_max = LOSS_ANSWER_MAX };
    const json_t *told;
    enum err err = card_question_begin(&question, now);

    if (err != OK)
        return err;
    emit_text(&question.json, "message_id", message->message_id);
    emit_text(&question.json, "region", message->region);
    emit_text(&question.json, "card_no", message->card_no);
    emit_text(&question.json, "kind", message->kind);
    emit_int(&question.json, "at", message->at);
    emit_int(&question.json, "lapses_at", message->lapses_at);
    err = card_question_ask(&question, &told);
    return err == OK ? code_read(&question, told) : err;
}
