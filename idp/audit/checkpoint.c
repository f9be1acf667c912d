/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/audit/checkpoint.h"

#include <string.h>

#include "idp/base/emit.h"
#include "idp/base/json.h"
#include "idp/base/log.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "keys/attest.h"

#define STATEMENT_BYTES 4096
#define ARENA_BYTES ((size_t)1 << 20)
/* Those of other runs are looked for so much further back: clocks differ, and commits take a while. */
#define OVERLAP_S 30
#define RUN_DIGITS 16
#define DIGEST_CHARS 43

/* --- Names --- */

const char *
run_name(struct arena *arena, int64_t run)
{
    return arena_printf(arena, "%016llx", (unsigned long long)run);
}

const char *
checkpoint_name(struct arena *arena, int64_t run, int64_t number, const struct digest *digest)
{
    return arena_printf(arena, "%s:%lld:%s", run_name(arena, run), (long long)number,
                        base64url_encode(arena, digest_view(digest)));
}

static enum err
digest_read(struct arena *arena, const char *text, struct digest *out)
{
    struct bytes bytes;
    enum err err = base64url_decode(arena, text, strlen(text), &bytes);

    if (err != OK || bytes.size != sizeof(out->bytes))
        return ERR_INVALID;
    memcpy(out->bytes, bytes.at, sizeof(out->bytes));
    return OK;
}

static enum err
run_read(const char *digits, int64_t *out)
{
    uint64_t run = 0;

    for (size_t i = 0; i < RUN_DIGITS; i++) {
        if (hex_digit(digits[i]) < 0)
            return ERR_INVALID;
        run = run << 4 | (uint64_t)hex_digit(digits[i]);
    }
    *out = (int64_t)run;
    return run >> 63 == 0 ? OK : ERR_INVALID;
}

enum err
checkpoint_name_read(struct arena *arena, const char *name, struct checkpoint_seen *out)
{
    const char *number = strchr(name, ':');
    const char *digest = strrchr(name, ':');
    enum err err;

    *out = (struct checkpoint_seen) { 0 };
    if (number == NULL || number != name + RUN_DIGITS || digest == number)
        return ERR_INVALID;
    err = run_read(name, &out->run);
    if (err == OK)
        err = text_to_int(arena_copy(arena, number + 1, (size_t)(digest - number) - 1), 1,
                          INT64_MAX, &out->number);
    return err == OK ? digest_read(arena, digest + 1, &out->digest) : err;
}

/* --- Writing --- */

static void
emit_digest(struct buf *out, const char *key, const struct digest *digest)
{
    emit_text(out, key, base64url_encode(out->arena, digest_view(digest)));
}

static void
lanes_write(struct buf *out, const struct checkpoint *checkpoint)
{
    emit_array(out, "lanes");
    for (size_t i = 0; i < checkpoint->lanes_count; i++) {
        const struct lane_growth *growth = &checkpoint->lanes[i];

        emit_object(out, NULL);
        emit_int(out, "lane", growth->lane);
        emit_int(out, "from", growth->from);
        emit_digest(out, "from_head", &growth->from_head);
        emit_int(out, "to", growth->to);
        emit_digest(out, "head", &growth->head);
        emit_object_end(out);
    }
    emit_array_end(out);
}

static void
seen_write(struct buf *out, const struct checkpoint *checkpoint)
{
    emit_array(out, "seen");
    for (size_t i = 0; i < checkpoint->seen_count; i++) {
        const struct checkpoint_seen *seen = &checkpoint->seen[i];

        emit_object(out, NULL);
        emit_int(out, "run", seen->run);
        emit_int(out, "number", seen->number);
        emit_int(out, "at", seen->at);
        emit_digest(out, "digest", &seen->digest);
        emit_object_end(out);
    }
    emit_array_end(out);
}

static const char *
statement_of(struct arena *arena, const struct checkpoint *checkpoint)
{
    struct buf out = buf_new(arena, STATEMENT_BYTES);

    emit_object(&out, NULL);
    emit_int(&out, "run", checkpoint->run);
    emit_int(&out, "number", checkpoint->number);
    emit_int(&out, "at", checkpoint->at);
    emit_int(&out, "since", checkpoint->since);
    emit_int(&out, "before_at", checkpoint->before_at);
    emit_digest(&out, "before", &checkpoint->before);
    emit_bool(&out, "ends", checkpoint->ends);
    lanes_write(&out, checkpoint);
    seen_write(&out, checkpoint);
    emit_object_end(&out);
    return out.at;
}

/* --- Reading --- */

static enum err
member_digest(struct arena *arena, const json_t *object, const char *name, struct digest *out)
{
    const char *text;
    enum err err = member_text(object, name, DIGEST_CHARS, &text);

    return err == OK ? digest_read(arena, text, out) : err;
}

static enum err
lane_read(struct arena *arena, const json_t *object, struct lane_growth *out)
{
    enum err err = member_int(object, "lane", &out->lane);

    if (err == OK)
        err = member_int(object, "from", &out->from);
    if (err == OK)
        err = member_int(object, "to", &out->to);
    if (err == OK)
        err = member_digest(arena, object, "from_head", &out->from_head);
    return err == OK ? member_digest(arena, object, "head", &out->head) : err;
}

static enum err
seen_read(struct arena *arena, const json_t *object, struct checkpoint_seen *out)
{
    enum err err = member_int(object, "run", &out->run);

    if (err == OK)
        err = member_int(object, "number", &out->number);
    if (err == OK)
        err = member_int(object, "at", &out->at);
    return err == OK ? member_digest(arena, object, "digest", &out->digest) : err;
}

static enum err
lists_read(struct arena *arena, const json_t *object, struct checkpoint *out)
{
    const json_t *lanes = NULL;
    const json_t *seen = NULL;
    enum err err = member_list(object, "lanes", &lanes);

    if (err == OK)
        err = member_list(object, "seen", &seen);
    if (err != OK)
        return err;
    out->lanes_count = json_array_size(lanes);
    out->seen_count = json_array_size(seen);
    if (out->lanes_count > LANES_GROWTH_MAX || out->seen_count > CHECKPOINT_SEEN_MAX)
        return ERR_INVALID;
    for (size_t i = 0; err == OK && i < out->lanes_count; i++)
        err = lane_read(arena, json_array_get(lanes, i), &out->lanes[i]);
    for (size_t i = 0; err == OK && i < out->seen_count; i++)
        err = seen_read(arena, json_array_get(seen, i), &out->seen[i]);
    return err;
}

static enum err
statement_read(struct arena *arena, const char *statement, struct checkpoint *out)
{
    const json_t *object = json_read(arena, bytes_of_text(statement));
    enum err err = member_int(object, "run", &out->run);

    if (err == OK)
        err = member_int(object, "number", &out->number);
    if (err == OK)
        err = member_int(object, "at", &out->at);
    if (err == OK)
        err = member_int(object, "since", &out->since);
    if (err == OK)
        err = member_int(object, "before_at", &out->before_at);
    if (err == OK)
        err = member_digest(arena, object, "before", &out->before);
    if (err == OK)
        err = member_bool(object, "ends", &out->ends);
    return err == OK ? lists_read(arena, object, out) : err;
}

enum err
checkpoint_read(struct ctx *ctx, const struct stored_checkpoint *stored, struct checkpoint *out)
{
    struct digest digest = digest_of_text(stored->statement);
    enum err err = attest_check(ctx->arena, &ctx->keys->audit_checkpoint, stored->statement,
                                stored->signature);

    if (err == OK)
        err = statement_read(ctx->arena, stored->statement, out);
    if (err != OK || out->run != stored->run || out->number != stored->number ||
        out->at != stored->at || !digest_eq(&digest, &stored->digest))
        return ERR_FORGED;
    return OK;
}

/* --- Saying it --- */

static enum err
others_see(struct ctx *ctx, struct checkpoint *checkpoint)
{
    struct checkpoint_list others;
    enum err err = store_checkpoint_others(
        ctx->store, ctx->arena, checkpoint->run,
        checkpoint->number == 1 ? 0 : checkpoint->since - OVERLAP_S, CHECKPOINT_SEEN_MAX, &others);

    if (err != OK)
        return err;
    for (size_t i = 0; i < others.count; i++) {
        const struct stored_checkpoint *other = &others.at[i];

        checkpoint->seen[i] =
            (struct checkpoint_seen) { other->run, other->number, other->at, other->digest };
    }
    checkpoint->seen_count = others.count;
    return OK;
}

static enum err
stored_make(struct ctx *ctx, const struct checkpoint *checkpoint, struct stored_checkpoint *out)
{
    *out = (struct stored_checkpoint) { .run = checkpoint->run,
                                        .number = checkpoint->number,
                                        .at = checkpoint->at,
                                        .statement = statement_of(ctx->arena, checkpoint) };
    out->digest = digest_of_text(out->statement);
    return attest_sign(ctx->arena, &ctx->keys->audit_checkpoint, out->statement, &out->signature);
}

static void
said(struct ctx *ctx, const struct checkpoint *checkpoint, const struct digest *digest)
{
    struct audit_lanes *lanes = ctx->services->lanes;
    struct lanes_said *last = lanes_said(lanes);

    lanes_settle(lanes, checkpoint->lanes, checkpoint->lanes_count);
    last->number = checkpoint->number;
    last->at = checkpoint->at;
    last->digest = *digest;
    log_line(LOG_INFO, "audit.checkpoint",
             log_text("checkpoint",
                      checkpoint_name(ctx->arena, checkpoint->run, checkpoint->number, digest)));
}

/* It was stored when nobody knew whether it was: it stands, and what came since is said in the next. */
static enum err
said_already(struct ctx *ctx, const struct checkpoint *checkpoint)
{
    struct checkpoint *found = arena_alloc(ctx->arena, sizeof(*found));
    struct stored_checkpoint stored;
    enum err err =
        store_checkpoint_find(ctx->store, ctx->arena, checkpoint->run, checkpoint->number, &stored);

    if (err == OK)
        err = checkpoint_read(ctx, &stored, found);
    if (err == OK)
        said(ctx, found, &stored.digest);
    return err;
}

/* False when there is nothing to say. */
static bool
checkpoint_begin(struct ctx *ctx, bool ends, struct checkpoint *out)
{
    struct audit_lanes *lanes = ctx->services->lanes;
    const struct lanes_said *last = lanes_said(lanes);

    out->run = last->run;
    out->number = last->number + 1;
    out->at = env_now(ctx->env);
    out->since = last->looked_at;
    out->before_at = last->at;
    out->before = last->digest;
    out->lanes_count = lanes_grown(lanes, out->lanes);
    out->ends = ends && out->lanes_count < LANES_GROWTH_MAX;
    return out->lanes_count > 0 || (ends && last->number > 0);
}

/* *over: nothing is left to say. */
static enum err
checkpoint_store(struct ctx *ctx, struct checkpoint *checkpoint, bool *over)
{
    struct stored_checkpoint stored;
    enum err err = others_see(ctx, checkpoint);

    if (err == OK)
        err = stored_make(ctx, checkpoint, &stored);
    if (err == OK)
        err = store_checkpoint_insert(ctx->store, &stored);
    *over = err != ERR_CONFLICT && checkpoint->lanes_count < LANES_GROWTH_MAX;
    if (err == ERR_CONFLICT)
        return said_already(ctx, checkpoint);
    if (err == OK)
        said(ctx, checkpoint, &stored.digest);
    return err;
}

enum err
checkpoint_say(struct ctx *ctx, bool ends)
{
    struct checkpoint *checkpoint = arena_alloc(ctx->arena, sizeof(*checkpoint));
    bool over = false;
    enum err err = OK;

    if (ctx->services->lanes == NULL || ctx->keys == NULL)
        return OK;
    while (err == OK && !over) {
        bool more = checkpoint_begin(ctx, ends, checkpoint);

        over = !more;
        if (more)
            err = checkpoint_store(ctx, checkpoint, &over);
        if (err == OK && over)
            lanes_said(ctx->services->lanes)->looked_at = checkpoint->at;
    }
    return err;
}

struct last_words {
    struct services *services;
    struct arena *arena;
    struct store *store;
    enum err err;
};

static void
end_say(void *state)
{
    struct last_words *words = state;
    struct ctx ctx = ctx_new(words->services, words->arena, words->store);

    words->err = checkpoint_say(&ctx, true);
}

void
checkpoint_end(struct services *services)
{
    struct last_words words = { services, arena_new(ARENA_BYTES), store_open(services->database),
                                OK };
    enum err err = unwind_run(end_say, &words);

    if (err == OK)
        err = words.err;
    if (err != OK)
        log_line(LOG_WARN, "audit.unsaid", log_text("error", err_name(err)));
    store_close(words.store);
    arena_free(words.arena);
}
