/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/attempts.h"

#include <assert.h>

#include "idp/base/log.h"
#include "idp/context/change.h"
#include "idp/tables/attempt.h"
#include "keys/secret.h"

#define TRIES 10

struct taking {
    const struct attempt_line *lines;
    size_t count;
    struct attempt_verdict verdict;
};

struct settling {
    const struct attempt_line *lines;
    size_t count;
    bool passed;
};

static struct digest
owner_digest(const struct ctx *ctx, const char *phone)
{
    return digest_keyed_texts(&ctx->keys->index, "attempt.owner", phone, NULL);
}

static const struct digest *
owner_of(const struct ctx *ctx, const struct attempt_line *line)
{
    struct digest *owner;

    if (line->owner == NULL)
        return NULL;
    owner = arena_alloc(ctx->arena, sizeof(*owner));
    *owner = owner_digest(ctx, line->owner);
    return owner;
}

static struct attempt
attempt_of(const struct ctx *ctx, const struct attempt_line *line, const struct attempt_rule *rule)
{
    return (struct attempt) {
        .kind = line->kind,
        .digest = digest_keyed_texts(&ctx->keys->index, rule->name, line->subject, NULL),
        .window_s = rule->window_s,
        .form = line->form != NULL ? line->form : "",
        .owner = owner_of(ctx, line),
    };
}

/* ERR_EXPIRED: this line says no. */
static enum err
take_one(struct ctx *ctx, const struct attempt_line *line, struct taking *taking)
{
    unix_s now = ctx->now;
    struct attempt_rule rule = attempt_rule(ctx->settings, line->kind);
    struct attempt attempt = attempt_of(ctx, line, &rule);
    struct attempt_tally tally;
    enum err err = store_attempt_add(ctx->store, &attempt, now, &tally);
    int64_t wait_s;

    if (err != OK || tally.repeated)
        return err;
    wait_s = attempt_wait_s(&rule, tally.count - 1, now - tally.marked_at, tally.ends_at - now);
    if (wait_s > 0) {
        taking->verdict = (struct attempt_verdict) { .refused_by = line->kind, .wait_s = wait_s };
        return ERR_EXPIRED;
    }
    if (tally.count == rule.cap && taking->verdict.filled == ATTEMPT_NONE)
        taking->verdict.filled = line->kind;
    return rule.wait_s > 0 && tally.count > 1 ? store_attempt_mark(ctx->store, &attempt, now) : OK;
}

static enum err
take_all(struct ctx *ctx, void *state)
{
    struct taking *taking = state;
    enum err err = OK;

    taking->verdict = (struct attempt_verdict) { .allowed = true };
    for (size_t i = 0; i < taking->count && err == OK; i++) {
        assert(i == 0 || taking->lines[i - 1].kind < taking->lines[i].kind);
        err = take_one(ctx, &taking->lines[i], taking);
    }
    return err;
}

enum err
attempts_take(struct ctx *ctx, const struct attempt_line *lines, size_t count,
              struct attempt_verdict *out)
{
    struct taking taking = { .lines = lines, .count = count };
    enum err err = ERR_CONFLICT;

    if (store_in_transaction(ctx->store))
        return ERR_INTERNAL;
    /* Conflict: another caller made a line at this moment. */
    for (int i = 0; i < TRIES && err == ERR_CONFLICT; i++)
        err = change(ctx, take_all, &taking);
    if (err != OK && !(err == ERR_EXPIRED && !taking.verdict.allowed))
        return err;
    *out = taking.verdict;
    return OK;
}

enum err
attempt_take(struct ctx *ctx, enum attempt_kind kind, const char *subject, bool *allowed)
{
    struct attempt_verdict verdict;
    enum err err = attempts_take(ctx, &(struct attempt_line) { .kind = kind, .subject = subject },
                                 1, &verdict);

    if (err == OK)
        *allowed = verdict.allowed;
    return err;
}

enum err
attempts_left(struct ctx *ctx, const struct attempt_line *lines, size_t count, int64_t *out)
{
    int64_t left = INT64_MAX;
    enum err err = OK;

    for (size_t i = 0; i < count && err == OK; i++) {
        struct attempt_rule rule = attempt_rule(ctx->settings, lines[i].kind);
        struct attempt attempt = attempt_of(ctx, &lines[i], &rule);
        struct attempt_tally tally = { 0 };

        err = store_attempt_find(ctx->store, &attempt, ctx->now, &tally);
        if (err == ERR_NOT_FOUND)
            err = OK;
        if (rule.cap - tally.count < left)
            left = rule.cap > tally.count ? rule.cap - tally.count : 0;
    }
    if (err == OK)
        *out = left;
    return err;
}

enum err
attempt_wait(struct ctx *ctx, const struct attempt_line *line, int64_t *wait_s)
{
    struct attempt_rule rule = attempt_rule(ctx->settings, line->kind);
    struct attempt attempt = attempt_of(ctx, line, &rule);
    struct attempt_tally tally;
    enum err err = store_attempt_find(ctx->store, &attempt, ctx->now, &tally);

    if (err == OK)
        *wait_s = attempt_wait_s(&rule, tally.count, ctx->now - tally.marked_at,
                                 tally.ends_at - ctx->now);
    else if (err == ERR_NOT_FOUND)
        *wait_s = 0;
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
settle_all(struct ctx *ctx, void *state)
{
    const struct settling *settling = state;
    enum err err = OK;

    for (size_t i = 0; i < settling->count && err == OK; i++) {
        struct attempt_rule rule = attempt_rule(ctx->settings, settling->lines[i].kind);
        struct attempt attempt = attempt_of(ctx, &settling->lines[i], &rule);

        err = settling->passed && rule.wait_s > 0 ? store_attempt_clear(ctx->store, &attempt)
                                                  : store_attempt_give_back(ctx->store, &attempt);
    }
    return err;
}

/* Whatever fails here, the window ends by itself. */
static void
settle(struct ctx *ctx, struct settling settling)
{
    enum err err = change(ctx, settle_all, &settling);

    if (err != OK)
        log_line(LOG_WARN, "attempts.not_taken_back",
                 log_text("kind", attempt_rule(ctx->settings, settling.lines[0].kind).name),
                 log_text("error", err_name(err)));
}

void
attempts_give_back(struct ctx *ctx, const struct attempt_line *lines, size_t count)
{
    settle(ctx, (struct settling) { lines, count, false });
}

void
attempts_passed(struct ctx *ctx, const struct attempt_line *lines, size_t count)
{
    settle(ctx, (struct settling) { lines, count, true });
}

static struct attempt_lock
lock_of(const struct ctx *ctx, const struct owned_attempt *row)
{
    enum attempt_kind kind = (enum attempt_kind)row->kind;
    struct attempt_rule rule = attempt_rule(ctx->settings, kind);

    return (struct attempt_lock) {
        .kind = kind,
        .count = row->count,
        .wait_s =
            attempt_wait_s(&rule, row->count, ctx->now - row->marked_at, row->ends_at - ctx->now),
        .ends_at = row->ends_at,
    };
}

enum err
attempts_owned(struct ctx *ctx, const char *phone, struct attempt_locks *out)
{
    struct digest owner = owner_digest(ctx, phone);
    struct owned_attempt_list list;
    enum err err = store_attempt_list_owned(ctx->store, ctx->arena, &owner, ctx->now, &list);

    if (err != OK)
        return err;
    out->at = arena_alloc(ctx->arena, (list.count + 1) * sizeof(*out->at));
    out->count = list.count;
    for (size_t i = 0; i < list.count; i++)
        out->at[i] = lock_of(ctx, &list.at[i]);
    return OK;
}

enum err
attempts_forget(struct ctx *ctx, const char *phone, int64_t *count)
{
    struct digest owner = owner_digest(ctx, phone);

    return store_attempt_clear_owned(ctx->store, &owner, count);
}
