/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/partner/apply.h"

#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/partner/difference.h"
#include "idp/partner/partner_secret.h"
#include "idp/partner/together.h"
#include "idp/tables/epoch.h"
#include "idp/tables/partner.h"
#include "keys/handle.h"
#include "policies/auth_method.h"

/* What is the same form-encoded. */
#define SECRET_PLAIN "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

struct partner_applying {
    struct ctx *ctx;
    struct buf *report;
    struct partners_file file;
    struct stored_partner_list stored;
    int64_t epoch; /* of the partners, when `stored` was read */
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

/* A digest alone cannot become a sealed secret: a partner that moves to a method for which we must
 * know it gets a new one. */
static bool
secret_stays(const struct wanted *wanted)
{
    const char *method = wanted->profile.auth_method;
    const struct stored_partner *kept = wanted->kept;

    if (!auth_method_needs_secret(method))
        return true;
    if (kept == NULL || kept->secret_digest.size == 0)
        return false;
    if (auth_method_need(method) == AUTH_NEEDS_CLEAR_SECRET && kept->secret_sealed.size == 0)
        return false;
    return wanted->secret[0] == '\0' || partner_secret_is(kept->secret_digest, wanted->secret);
}

static bool
is_unchanged(const struct wanted *wanted)
{
    return wanted->stored != NULL && text_eq(wanted->stored->profile, wanted->text) &&
           secret_stays(wanted);
}

static enum err
secret_store(struct partner_applying *applying, struct wanted *wanted, struct stored_partner *row)
{
    struct ctx *ctx = applying->ctx;
    enum err err = OK;

    if (secret_stays(wanted)) {
        partner_secret_keep(wanted->kept, row);
        return OK;
    }
    if (wanted->secret[0] == '\0') {
        err = handle_new(ctx->env, ctx->arena, &wanted->secret);
        if (err != OK)
            return err;
        tell(applying, "  client_secret of ", row->partner_id,
             arena_printf(ctx->arena, " (told this once): %s", wanted->secret));
    }
    return partner_secret_put(ctx, wanted->profile.auth_method, wanted->secret, row);
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
    struct stored_partner row = {
        .partner_id = wanted->profile.partner_id,
        .profile = wanted->text,
        .since = wanted->stored != NULL ? wanted->stored->since : wanted->since,
        .updated_at = applying->ctx->now,
    };
    enum err err = OK;

    if (auth_method_needs_secret(wanted->profile.auth_method))
        err = secret_store(applying, wanted, &row);
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

/* The counter's row first: of two that change partners at one moment the second one has compared
 * with what is no longer there. */
static enum err
change_all(struct ctx *ctx, void *state)
{
    struct partner_applying *applying = state;
    int64_t epoch;
    enum err err = store_epoch_bump(ctx->store, "partner", &epoch);

    if (err == OK && epoch != applying->epoch + 1)
        err = ERR_CONFLICT;
    for (size_t i = 0; err == OK && i < applying->file.count; i++)
        if (!is_unchanged(&applying->file.at[i]))
            err = put_one(applying, &applying->file.at[i]);
    return err == OK ? remove_absent(applying) : err;
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

    if (secret[strspn(secret, SECRET_PLAIN)] == '\0' || secret_stays(wanted))
        return;
    tell(applying, "  ", wanted->profile.partner_id,
         " has a client_secret with other characters than letters, digits, - . _ ~: many "
         "libraries do not encode it for the Basic header; 'openssl rand -hex 32' makes a better "
         "one");
}

static void
tell_secret_change(struct partner_applying *applying, const struct wanted *wanted)
{
    bool needs = auth_method_needs_secret(wanted->profile.auth_method);

    if (needs && wanted->stored == NULL && wanted->kept != NULL && secret_stays(wanted))
        tell(applying, "  client_secret: the one it had before it was removed is good again", "",
             "");
    if (needs && wanted->stored != NULL && !secret_stays(wanted))
        tell(applying,
             "  client_secret: ", wanted->secret[0] != '\0' ? "that of the file" : "a new one",
             "; what it had is good for nothing from then on");
}

/* Else who applies the file for another reason would bring back what was rotated away. */
static void
tell_old_secret(struct partner_applying *applying, const struct wanted *wanted)
{
    if (wanted->secret_is_old)
        tell(
            applying, "  ", wanted->profile.partner_id,
            ": the client_secret of the file is not taken: it was rotated by command since. Take it "
            "out of the file.");
}

static void
tell_notes(struct partner_applying *applying, const struct wanted *wanted)
{
    tell_secret_change(applying, wanted);
    tell_sharing(applying, &wanted->profile);
    tell_resources(applying, &wanted->profile);
    tell_secret(applying, wanted);
}

static void
tell_wanted(struct partner_applying *applying, const struct wanted *wanted)
{
    tell(applying, wanted->stored == NULL ? "+ " : "~ ", wanted->profile.partner_id, "");
    if (wanted->stored != NULL)
        profile_difference_write(applying->report, wanted->stored->profile, wanted->text);
    tell_notes(applying, wanted);
}

/* True when there are any. */
static bool
report_differences(struct partner_applying *applying, struct partner_order *order)
{
    size_t differ = 0;

    for (size_t i = 0; i < applying->file.count; i++) {
        const struct wanted *wanted = &applying->file.at[i];

        if (!is_unchanged(wanted)) {
            differ++;
            tell_wanted(applying, wanted);
        }
        tell_old_secret(applying, wanted);
    }
    for (size_t i = 0; i < applying->stored.count; i++) {
        if (is_wanted(applying, applying->stored.at[i].partner_id))
            continue;
        order->removed++;
        tell(applying, "- ", applying->stored.at[i].partner_id, "");
    }
    return differ + (size_t)order->removed > 0;
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
former_read(struct ctx *ctx, struct wanted *wanted)
{
    struct stored_partner *former = arena_alloc(ctx->arena, sizeof(*former));
    enum err err = store_partner_load(ctx->store, ctx->arena, wanted->profile.partner_id, former);

    wanted->since = ctx->now;
    if (err != OK)
        return err == ERR_NOT_FOUND ? OK : err;
    if (former->removed_at >= ctx->now)
        wanted->since = former->removed_at + 1;
    if (former->removed_at > ctx->now - PARTNER_SECRET_KEPT_S)
        wanted->kept = former;
    return OK;
}

static enum err
compare_one(struct partner_applying *applying, struct wanted *wanted)
{
    enum err err = OK;

    wanted->stored = stored_find(applying, wanted->profile.partner_id);
    wanted->kept = wanted->stored;
    if (wanted->stored == NULL)
        err = former_read(applying->ctx, wanted);
    if (err != OK || wanted->kept == NULL || wanted->secret[0] == '\0')
        return err;
    /* Of two rotations the first one's secret is forgotten: so once rotated, no file's is taken. */
    wanted->secret_is_old = wanted->kept->before_digest.size != 0 &&
                            !partner_secret_is(wanted->kept->secret_digest, wanted->secret);
    if (wanted->secret_is_old)
        wanted->secret = "";
    return OK;
}

static enum err
compare_read(struct partner_applying *applying)
{
    struct epochs epochs;
    enum err err = store_epoch_read(applying->ctx->store, &epochs);

    if (err != OK)
        return err;
    applying->epoch = epochs.partner;
    err = stored_read(applying);
    for (size_t i = 0; err == OK && i < applying->file.count; i++)
        err = compare_one(applying, &applying->file.at[i]);
    return err;
}

enum err
partner_apply(struct ctx *ctx, struct bytes json, struct partner_order *order, struct buf *report)
{
    struct partner_applying applying = { .ctx = ctx, .report = report };
    enum err err;

    order->removed = 0;
    err = partners_file_read(ctx, json, report, &applying.file);
    if (err == OK)
        err = compare_read(&applying);
    if (err != OK)
        return err;
    if (!report_differences(&applying, order)) {
        buf_text(report, "= nothing to do\n");
        return OK;
    }
    if (order->plan)
        return OK;
    return order->removed == order->may_remove ? change(ctx, change_all, &applying) : ERR_REFUSED;
}

/* --- One alone --- */

static enum err
remove_one(struct ctx *ctx, void *state)
{
    const char *const *partner_id = state;
    int64_t epoch;
    enum err err = store_epoch_bump(ctx->store, "partner", &epoch);

    if (err == OK)
        err = store_partner_remove(ctx->store, *partner_id, ctx->now);
    return err == OK ? audit_change(ctx, *partner_id, "removed") : err;
}

enum err
partner_remove(struct ctx *ctx, const char *partner_id)
{
    return change(ctx, remove_one, &partner_id);
}
