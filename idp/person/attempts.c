/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/attempts.h"

#include "idp/base/log.h"
#include "idp/store/attempt.h"
#include "keys/secret.h"

static struct attempt
attempt_of(const struct ctx *ctx, enum attempt_kind kind, const char *subject)
{
    return (struct attempt) {
        .kind = kind,
        .digest = digest_keyed_texts(&ctx->keys->index, attempt_rule(kind)->name, subject, NULL),
        .window_s = attempt_rule(kind)->window_s,
    };
}

enum err
attempt_take(struct ctx *ctx, enum attempt_kind kind, const char *subject, bool *allowed,
             int64_t *count)
{
    struct attempt attempt = attempt_of(ctx, kind, subject);
    int64_t so_far;
    enum err err = store_attempt_add(ctx->store, &attempt, ctx->now, &so_far);

    if (err != OK)
        return err;
    *allowed = so_far <= attempt_rule(kind)->cap;
    if (count != NULL)
        *count = so_far;
    return OK;
}

/* Whatever fails here, the window ends by itself. */
static void
note(enum err err, enum attempt_kind kind)
{
    if (err != OK)
        log_line(LOG_WARN, "attempts.not_taken_back", log_text("kind", attempt_rule(kind)->name),
                 log_text("error", err_name(err)));
}

void
attempt_give_back(struct ctx *ctx, enum attempt_kind kind, const char *subject)
{
    struct attempt attempt = attempt_of(ctx, kind, subject);

    note(store_attempt_give_back(ctx->store, &attempt), kind);
}

void
attempts_forget(struct ctx *ctx, enum attempt_kind kind, const char *subject)
{
    struct attempt attempt = attempt_of(ctx, kind, subject);

    note(store_attempt_clear(ctx->store, &attempt), kind);
}
