/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/partner/apply.h"

#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/json.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/partner/registry.h"
#include "idp/partner/together.h"
#include "idp/tables/epoch.h"
#include "idp/tables/partner.h"
#include "keys/handle.h"
#include "keys/seal.h"
#include "policies/auth_method.h"

/* What is the same form-encoded. */
#define SECRET_PLAIN "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

struct partner_applying {
    struct ctx *ctx;
    struct buf *report;
    struct partners_file file;
    struct stored_partner_list stored;
};

static void
tell(struct partner_applying *applying, const char *sign, const char *partner_id, const char *more)
{
    buf_text(applying->report, sign);
    buf_text(applying->report, partner_id);
    buf_text(applying->report, more);
    buf_char(applying->report, '\n');
}

static const struct stored_partner *
stored_find(const struct partner_applying *applying, const char *partner_id)
{
    for (size_t i = 0; i < applying->stored.count; i++)
        if (text_eq(applying->stored.at[i].partner_id, partner_id))
            return &applying->stored.at[i];
    return NULL;
}

static bool
secret_differs(const struct wanted *wanted)
{
    struct digest digest;

    if (wanted->secret[0] == '\0')
        return auth_method_needs_secret(wanted->profile.auth_method) &&
               wanted->stored->secret_digest.size == 0;
    digest = digest_of_text(wanted->secret);
    return wanted->stored->secret_digest.size != sizeof(digest) ||
           !digest_eq(&digest, (const struct digest *)wanted->stored->secret_digest.at);
}

static bool
is_unchanged(const struct wanted *wanted)
{
    return wanted->stored != NULL && text_eq(wanted->stored->profile, wanted->text) &&
           !secret_differs(wanted);
}

/* The names of the members that differ, so that an operator sees what a plan will do. */
static const char *
members_that_differ(struct arena *arena, const struct wanted *wanted)
{
    json_t *before = json_read(arena, bytes_of_text(wanted->stored->profile));
    json_t *after = json_read(arena, bytes_of_text(wanted->text));
    struct buf out = buf_new(arena, 128);
    const json_t *value;
    const char *name;
    void *at = NULL;

    buf_text(&out, ":");
    while ((name = member_next(after, &at, &value)) != NULL) {
        if (json_equal(value, json_object_get(before, name)))
            continue;
        buf_char(&out, ' ');
        buf_text(&out, name);
    }
    while ((name = member_next(before, &at, &value)) != NULL) {
        if (member_is_there(after, name))
            continue;
        buf_text(&out, " -");
        buf_text(&out, name);
    }
    if (secret_differs(wanted))
        buf_text(&out, " client_secret");
    return out.at;
}

/* The secret's digest, and the secret itself sealed where HMAC needs it. */
static enum err
secret_store(struct partner_applying *applying, struct wanted *wanted, struct stored_partner *row,
             struct digest *digest)
{
    struct ctx *ctx = applying->ctx;
    const char *context = arena_printf(ctx->arena, PARTNER_SECRET_CONTEXT "%s", row->partner_id);
    bool keep = wanted->secret[0] == '\0' && wanted->stored != NULL &&
                wanted->stored->secret_digest.size != 0;
    bool sealed = auth_method_need(wanted->profile.auth_method) == AUTH_NEEDS_CLEAR_SECRET;
    enum err err = OK;

    /* A digest alone cannot become a sealed secret: a partner that moves to a method for which we
     * must know it gets a new one. */
    if (keep && (!sealed || wanted->stored->secret_sealed.size != 0)) {
        row->secret_digest = wanted->stored->secret_digest;
        row->secret_sealed = wanted->stored->secret_sealed;
        return OK;
    }
    if (wanted->secret[0] == '\0') {
        err = handle_new(ctx->env, ctx->arena, &wanted->secret);
        if (err != OK)
            return err;
        tell(applying, "  client_secret of ", row->partner_id,
             arena_printf(ctx->arena, " (told this once): %s", wanted->secret));
    }
    *digest = digest_of_text(wanted->secret);
    row->secret_digest = digest_view(digest);
    if (sealed)
        err = seal(&ctx->keys->data, ctx->env, ctx->arena, context, bytes_of_text(wanted->secret),
                   &row->secret_sealed);
    return err;
}

static enum err
audit_change(struct ctx *ctx, const char *partner_id, const char *reason)
{
    return audit_write(ctx, &(struct audit_record) { .event = AUDIT_PARTNER_CHANGED,
                                                     .reason = reason,
                                                     .partner_id = partner_id });
}

static enum err
put_one(struct partner_applying *applying, struct wanted *wanted)
{
    struct digest digest;
    struct stored_partner row = {
        .partner_id = wanted->profile.partner_id,
        .profile = wanted->text,
        .since = wanted->stored != NULL ? wanted->stored->since : wanted->since,
        .updated_at = applying->ctx->now,
    };
    enum err err = OK;

    if (auth_method_needs_secret(wanted->profile.auth_method))
        err = secret_store(applying, wanted, &row, &digest);
    if (err == OK)
        err = store_partner_put(applying->ctx->store, &row);
    if (err == OK)
        err = audit_change(applying->ctx, row.partner_id,
                           wanted->stored == NULL ? "added" : "changed");
    return err;
}

static bool
is_wanted(const struct partner_applying *applying, const char *partner_id)
{
    for (size_t i = 0; i < applying->file.count; i++)
        if (text_eq(applying->file.at[i].profile.partner_id, partner_id))
            return true;
    return false;
}

static enum err
remove_absent(struct partner_applying *applying)
{
    enum err err = OK;

    for (size_t i = 0; err == OK && i < applying->stored.count; i++) {
        const char *id = applying->stored.at[i].partner_id;

        if (is_wanted(applying, id))
            continue;
        err = store_partner_remove(applying->ctx->store, id, applying->ctx->now);
        if (err == OK)
            err = audit_change(applying->ctx, id, "removed");
    }
    return err;
}

static enum err
change_all(struct ctx *ctx, void *state)
{
    struct partner_applying *applying = state;
    int64_t epoch;
    enum err err = OK;

    for (size_t i = 0; err == OK && i < applying->file.count; i++)
        if (!is_unchanged(&applying->file.at[i]))
            err = put_one(applying, &applying->file.at[i]);
    if (err == OK)
        err = remove_absent(applying);
    return err == OK ? store_epoch_bump(ctx->store, "partner", &epoch) : err;
}

/* A plan must show that codes of one partner go where those of another go. */
static void
tell_sharing(struct partner_applying *applying, const struct partner_profile *profile)
{
    const struct partner_profile *other;
    const char *address = NULL;
    size_t at = 0;

    while (profile->shared_redirect_uris &&
           (other = partners_next_sharer(&applying->file, profile, &at, &address)) != NULL)
        tell(applying, "  ", profile->partner_id,
             arena_printf(applying->ctx->arena, " shares %s with %s", address, other->partner_id));
}

static bool
is_audience_of_any(const struct partner_applying *applying, const char *resource)
{
    for (size_t i = 0; i < applying->file.count; i++)
        if (text_list_has(applying->file.at[i].profile.audience, resource))
            return true;
    return false;
}

static void
tell_resources(struct partner_applying *applying, const struct partner_profile *profile)
{
    const char *words = profile->resources;
    const char *word;
    size_t size;

    while ((word = text_next_word(&words, &size)) != NULL) {
        const char *resource = arena_copy(applying->ctx->arena, word, size);

        if (!is_audience_of_any(applying, resource))
            tell(applying, "  ", profile->partner_id,
                 arena_printf(applying->ctx->arena, " answers for %s, which is nobody's audience",
                              resource));
    }
}

/* The Basic header has it form-encoded (RFC 6749, 2.3.1), which many stacks forget. */
static void
tell_secret(struct partner_applying *applying, const struct wanted *wanted)
{
    const char *secret = wanted->secret;

    if (secret[strspn(secret, SECRET_PLAIN)] == '\0' ||
        (wanted->stored != NULL && !secret_differs(wanted)))
        return;
    tell(applying, "  ", wanted->profile.partner_id,
         " has a client_secret with other characters than letters, digits, - . _ ~: many "
         "libraries do not encode it for the Basic header; 'openssl rand -hex 32' makes a better "
         "one");
}

static void
tell_notes(struct partner_applying *applying, const struct wanted *wanted)
{
    tell_sharing(applying, &wanted->profile);
    tell_resources(applying, &wanted->profile);
    tell_secret(applying, wanted);
}

static bool
report_differences(struct partner_applying *applying)
{
    size_t before = applying->report->size;

    for (size_t i = 0; i < applying->file.count; i++) {
        const struct wanted *wanted = &applying->file.at[i];

        if (is_unchanged(wanted))
            continue;
        if (wanted->stored == NULL)
            tell(applying, "+ ", wanted->profile.partner_id, "");
        else
            tell(applying, "~ ", wanted->profile.partner_id,
                 members_that_differ(applying->ctx->arena, wanted));
        tell_notes(applying, wanted);
    }
    for (size_t i = 0; i < applying->stored.count; i++)
        if (!is_wanted(applying, applying->stored.at[i].partner_id))
            tell(applying, "- ", applying->stored.at[i].partner_id, "");
    return applying->report->size != before;
}

static enum err
stored_read(struct partner_applying *applying)
{
    struct ctx *ctx = applying->ctx;
    struct stored_partner_list page = { .count = PARTNER_PAGE };
    struct stored_partner_list *all = &applying->stored;
    const char *after = "";
    enum err err = OK;

    all->at = arena_alloc(ctx->arena, PARTNERS_MAX * sizeof(*all->at));
    while (err == OK && page.count == PARTNER_PAGE && all->count + PARTNER_PAGE <= PARTNERS_MAX) {
        err = store_partner_list(ctx->store, ctx->arena, after, &page);
        if (err != OK || page.count == 0)
            break;
        memcpy(all->at + all->count, page.at, page.count * sizeof(*page.at));
        all->count += page.count;
        after = page.at[page.count - 1].partner_id;
    }
    return err;
}

/* Later than all that was handed out to the partner that had this id before. */
static enum err
since_choose(struct ctx *ctx, struct wanted *wanted)
{
    unix_s removed_at = 0;
    enum err err = store_partner_removed_at(ctx->store, wanted->profile.partner_id, &removed_at);

    wanted->since = removed_at >= ctx->now ? removed_at + 1 : ctx->now;
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
compare_read(struct partner_applying *applying)
{
    enum err err = stored_read(applying);

    for (size_t i = 0; err == OK && i < applying->file.count; i++) {
        struct wanted *wanted = &applying->file.at[i];

        wanted->stored = stored_find(applying, wanted->profile.partner_id);
        if (wanted->stored == NULL)
            err = since_choose(applying->ctx, wanted);
    }
    return err;
}

enum err
partner_apply(struct ctx *ctx, struct bytes json, bool plan, struct buf *report)
{
    struct partner_applying applying = { .ctx = ctx, .report = report };
    enum err err;

    err = partners_file_read(ctx, json, report, &applying.file);
    if (err == OK)
        err = compare_read(&applying);
    if (err != OK)
        return err;
    if (!report_differences(&applying)) {
        buf_text(report, "= nothing to do\n");
        return OK;
    }
    return plan ? OK : change(ctx, change_all, &applying);
}
