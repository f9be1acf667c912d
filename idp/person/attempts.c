/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/attempts.h"

#include <assert.h>

#include "idp/base/log.h"
#include "idp/tables/attempt.h"
#include "keys/secret.h"

#define TRIES 10

struct taking {
    struct ctx *ctx;
    const struct attempt_line *lines;
    size_t count;
    struct attempt_verdict verdict;
};

struct settling {
    struct ctx *ctx;
    const struct attempt_line *lines;
    size_t count;
    bool passed;
};

static struct attempt
attempt_of(const struct ctx *ctx, const struct attempt_line *line, const struct attempt_rule *rule)
{
    return (struct attempt) {
        .kind = line->kind,
        .digest = digest_keyed_texts(&ctx->keys->index, rule->name, line->subject, NULL),
        .window_s = rule->window_s,
    };
}

/* ERR_EXPIRED: this line says no. */
static enum err
take_one(struct store *st, const struct attempt_line *line, struct taking *taking)
{
    unix_s now = taking->ctx->now;
    struct attempt_rule rule = attempt_rule(taking->ctx->settings, line->kind);
    struct attempt attempt = attempt_of(taking->ctx, line, &rule);
    struct attempt_tally tally;
    enum err err = store_attempt_add(st, &attempt, now, &tally);
    int64_t wait_s;

    if (err != OK)
        return err;
    wait_s = attempt_wait_s(&rule, tally.count - 1, now - tally.marked_at, tally.ends_at - now);
    if (wait_s > 0) {
        taking->verdict = (struct attempt_verdict) { .refused_by = line->kind, .wait_s = wait_s };
        return ERR_EXPIRED;
    }
    if (tally.count == rule.cap && taking->verdict.filled == ATTEMPT_NONE)
        taking->verdict.filled = line->kind;
    return rule.wait_s > 0 && tally.count > 1 ? store_attempt_mark(st, &attempt, now) : OK;
}

static enum err
take_all(struct store *st, void *ctx)
{
    struct taking *taking = ctx;
    enum err err = OK;

    taking->verdict = (struct attempt_verdict) { .allowed = true };
    for (size_t i = 0; i < taking->count && err == OK; i++) {
        assert(i == 0 || taking->lines[i - 1].kind < taking->lines[i].kind);
        err = take_one(st, &taking->lines[i], taking);
    }
    return err;
}

enum err
attempts_take(struct ctx *ctx, const struct attempt_line *lines, size_t count,
              struct attempt_verdict *out)
{
    struct taking taking = { .ctx = ctx, .lines = lines, .count = count };
    enum err err = ERR_CONFLICT;

    if (store_in_transaction(ctx->store))
        return ERR_INTERNAL;
    /* Conflict: another caller made a line at this moment. */
    for (int i = 0; i < TRIES && err == ERR_CONFLICT; i++)
        err = store_change(ctx->store, take_all, &taking);
    if (err != OK && !(err == ERR_EXPIRED && !taking.verdict.allowed))
        return err;
    *out = taking.verdict;
    return OK;
}

enum err
attempt_take(struct ctx *ctx, enum attempt_kind kind, const char *subject, bool *allowed)
{
    struct attempt_verdict verdict;
    enum err err = attempts_take(ctx, &(struct attempt_line) { kind, subject }, 1, &verdict);

    if (err == OK)
        *allowed = verdict.allowed;
    return err;
}

static enum err
settle_all(struct store *st, void *ctx)
{
    struct settling *settling = ctx;
    enum err err = OK;

    for (size_t i = 0; i < settling->count && err == OK; i++) {
        struct attempt_rule rule = attempt_rule(settling->ctx->settings, settling->lines[i].kind);
        struct attempt attempt = attempt_of(settling->ctx, &settling->lines[i], &rule);

        err = settling->passed && rule.wait_s > 0 ? store_attempt_clear(st, &attempt)
                                                  : store_attempt_give_back(st, &attempt);
    }
    return err;
}

/* Whatever fails here, the window ends by itself. */
static void
settle(struct settling settling)
{
    enum err err = store_change(settling.ctx->store, settle_all, &settling);

    if (err != OK)
        log_line(
            LOG_WARN, "attempts.not_taken_back",
            log_text("kind", attempt_rule(settling.ctx->settings, settling.lines[0].kind).name),
            log_text("error", err_name(err)));
}

void
attempts_give_back(struct ctx *ctx, const struct attempt_line *lines, size_t count)
{
    settle((struct settling) { ctx, lines, count, false });
}

void
attempts_passed(struct ctx *ctx, const struct attempt_line *lines, size_t count)
{
    settle((struct settling) { ctx, lines, count, true });
}
