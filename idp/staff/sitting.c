/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/sitting.h"

#include <string.h>

#include "idp/base/text.h"
#include "keys/secret.h"

#define COOKIE_MAX 128

/* A counter that has a certificate is known by both. */
static bool
counter_is_shown(const struct stored_counter *counter, const struct sitting_shown *shown)
{
    struct digest presented = digest_of_text(shown->counter + COUNTER_ID_SIZE);
    struct digest kept;

    if (counter->state != COUNTER_ENROLLED || counter->secret.size != sizeof(kept.bytes))
        return false;
    memcpy(kept.bytes, counter->secret.at, sizeof(kept.bytes));
    return digest_eq(&presented, &kept) && (text_is_empty(counter->certificate) ||
                                            text_eq(counter->certificate, shown->certificate));
}

static enum err
counter_read(struct ctx *ctx, const struct sitting_shown *shown, struct sitting *out)
{
    const char *counter_id;
    enum err err;

    if (shown->counter == NULL || strlen(shown->counter) <= COUNTER_ID_SIZE ||
        strlen(shown->counter) > COOKIE_MAX)
        return OK;
    counter_id = arena_copy(ctx->arena, shown->counter, COUNTER_ID_SIZE);
    err = store_counter_load(ctx->store, ctx->arena, counter_id, &out->counter);
    out->at_counter = err == OK && counter_is_shown(&out->counter, shown);
    return err == ERR_NOT_FOUND ? OK : err;
}

/* Whoever has taken the counter over sits there now; and she sits where she has signed in last. */
static bool
sits_here(const struct sitting *sitting)
{
    return sitting->at_counter && text_eq(sitting->row.counter_id, sitting->counter.counter_id) &&
           text_eq(sitting->counter.sid, sitting->row.sid) &&
           text_eq(sitting->staff.sid, sitting->row.sid);
}

static bool
is_of_another_counter(const struct sitting *sitting)
{
    return !sitting->at_counter || !text_eq(sitting->row.counter_id, sitting->counter.counter_id);
}

static enum err
sitting_read(struct ctx *ctx, struct sitting *out)
{
    enum err err = store_sitting_load(ctx->store, ctx->arena, out->session.row.sid, &out->row);

    if (err == OK)
        err = store_staff_load(ctx->store, ctx->arena, out->row.staff_id, &out->staff);
    if (err != OK)
        return err == ERR_NOT_FOUND ? OK : err;
    out->live = sits_here(out);
    out->moved = is_of_another_counter(out);
    return OK;
}

enum err
sitting_load(struct ctx *ctx, const struct sitting_shown *shown, struct sitting *out)
{
    enum err err;

    *out = (struct sitting) { .live = false };
    err = counter_read(ctx, shown, out);
    if (err == OK)
        err = session_load_staff(ctx, shown->staff, &out->session);
    return err == OK && out->session.live ? sitting_read(ctx, out) : err;
}

bool
sitting_is_locked(const struct sitting *sitting)
{
    return sitting->row.locked_at != 0;
}
