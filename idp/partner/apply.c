/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/partner/apply.h"

#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/json.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/partner/registry.h"
#include "idp/tables/epoch.h"
#include "idp/tables/partner.h"
#include "keys/handle.h"
#include "keys/seal.h"
#include "policies/auth_method.h"
#include "policies/redirect.h"

#define FILE_MAX_BYTES ((size_t)4 * 1024 * 1024)
#define SECRET_MIN_BYTES 32

/* One element of the file, and what the store has of it. */
struct wanted {
    struct partner_profile profile;
    const char *text;                    /* the profile, canonical */
    const char *secret;                  /* "" when the file names none */
    const struct stored_partner *stored; /* NULL: new */
    unix_s since;                        /* of a new one */
};

struct partner_applying {
    struct ctx *ctx;
    struct buf *report;
    struct wanted *wanted;
    size_t count;
    struct stored_partner_list stored;
};

static enum err
wrong(struct partner_applying *applying, const char *partner_id, const char *words)
{
    buf_text(applying->report, "! ");
    buf_text(applying->report, partner_id);
    buf_text(applying->report, ": ");
    buf_text(applying->report, words);
    buf_char(applying->report, '\n');
    audit_note(applying->ctx, &(struct audit_record) { .event = AUDIT_PARTNER_REJECTED,
                                                       .reason = "registration" });
    return ERR_INVALID;
}

static void
tell(struct partner_applying *applying, const char *sign, const char *partner_id, const char *more)
{
    buf_text(applying->report, sign);
    buf_text(applying->report, partner_id);
    buf_text(applying->report, more);
    buf_char(applying->report, '\n');
}

static bool
needs_secret(const struct partner_profile *profile)
{
    enum auth_need need = auth_method_need(profile->auth_method);

    return need == AUTH_NEEDS_SECRET || need == AUTH_NEEDS_CLEAR_SECRET;
}

/* The member whose tokens we could not sign, NULL when there is none. */
static const char *
member_without_key(const struct ctx *ctx, const struct partner_profile *profile)
{
    if (!keyring_signs(ctx->keys, jws_alg_of(profile->id_token_alg)))
        return "id_token_signed_response_alg";
    if (!keyring_signs(ctx->keys, jws_alg_of(profile->access_token_alg)))
        return "access_token_signed_response_alg";
    return NULL;
}

static enum err
element_read(struct partner_applying *applying, json_t *element, struct wanted *out)
{
    struct arena *arena = applying->ctx->arena;
    const char *id;
    bool named = member_text(element, "client_id", FILE_MAX_BYTES, &id) == OK;
    const char *secret = "";
    enum err secret_err = member_text(element, "client_secret", FILE_MAX_BYTES, &secret);
    struct buf text = buf_new(arena, 1024);
    const char *fault;
    const char *element_text;

    id = arena_text(arena, named ? id : "(without client_id)");
    if (secret_err == ERR_INVALID)
        return wrong(applying, id, "client_secret must be a text.");
    out->secret = arena_text(arena, secret);
    if (out->secret[0] != '\0' && strlen(out->secret) < SECRET_MIN_BYTES)
        return wrong(applying, id, "client_secret must have at least 32 characters.");
    json_object_del(element, "client_secret");
    element_text = json_text(arena, element);
    if (element_text == NULL)
        return wrong(applying, id, "is not an object.");
    fault = partner_profile_parse(arena, element_text, strlen(element_text), &out->profile);
    if (fault != NULL)
        return wrong(applying, id, fault);
    if (out->secret[0] != '\0' && !needs_secret(&out->profile))
        return wrong(applying, id,
                     "client_secret does not go with its token_endpoint_auth_method.");
    fault = member_without_key(applying->ctx, &out->profile);
    if (fault != NULL)
        return wrong(
            applying, id,
            arena_printf(arena, "%s: no key signs so; 'tongxing key init' makes it.", fault));
    partner_profile_write(&text, &out->profile);
    out->text = text.at;
    return OK;
}

/* In either direction: a native partner's loopback address stands for all ports of it. */
static bool
share_an_address(const struct partner_profile *a, const struct partner_profile *b)
{
    for (size_t i = 0; i < a->redirect_uris.count; i++)
        for (size_t j = 0; j < b->redirect_uris.count; j++)
            if (redirect_uri_matches(a->redirect_uris.at[i], b->redirect_uris.at[j], a->native) ||
                redirect_uri_matches(b->redirect_uris.at[j], a->redirect_uris.at[i], b->native))
                return true;
    return false;
}

/* A shared redirect address would let one partner take the other's codes. */
static enum err
check_together(struct partner_applying *applying)
{
    for (size_t i = 0; i < applying->count; i++)
        for (size_t j = 0; j < i; j++) {
            const struct partner_profile *a = &applying->wanted[i].profile;
            const struct partner_profile *b = &applying->wanted[j].profile;

            if (text_eq(a->partner_id, b->partner_id))
                return wrong(applying, a->partner_id, "stands twice in the file.");
            if (share_an_address(a, b))
                return wrong(applying, a->partner_id, "has a redirect URI of another partner.");
        }
    return OK;
}

static enum err
partner_file_read(struct partner_applying *applying, struct bytes json)
{
    json_error_t fault;
    json_t *root = json_open(json, &fault);
    const json_t *list = NULL;
    enum err err = OK;

    arena_own(applying->ctx->arena, root, json_release);
    if (root == NULL)
        err = wrong(applying, arena_printf(applying->ctx->arena, "line %d", fault.line),
                    "this is not JSON.");
    else if (member_list(root, "partners", &list) != OK || json_object_size(root) != 1)
        err = wrong(applying, "file", "must be {\"partners\": [...]}.");
    else if (json_array_size(list) > PARTNERS_MAX)
        err = wrong(applying, "file", "has more than 10000 partners.");
    if (err != OK)
        return err;
    applying->wanted =
        arena_alloc(applying->ctx->arena, (json_array_size(list) + 1) * sizeof(*applying->wanted));
    for (size_t i = 0; err == OK && i < json_array_size(list); i++)
        err = element_read(applying, json_array_get(list, i), &applying->wanted[applying->count++]);
    return err == OK ? check_together(applying) : err;
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
        return needs_secret(&wanted->profile) && wanted->stored->secret_digest.size == 0;
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

    if (needs_secret(&wanted->profile))
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
    for (size_t i = 0; i < applying->count; i++)
        if (text_eq(applying->wanted[i].profile.partner_id, partner_id))
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

    for (size_t i = 0; err == OK && i < applying->count; i++)
        if (!is_unchanged(&applying->wanted[i]))
            err = put_one(applying, &applying->wanted[i]);
    if (err == OK)
        err = remove_absent(applying);
    return err == OK ? store_epoch_bump(ctx->store, "partner", &epoch) : err;
}

static bool
report_differences(struct partner_applying *applying)
{
    size_t before = applying->report->size;

    for (size_t i = 0; i < applying->count; i++) {
        const struct wanted *wanted = &applying->wanted[i];

        if (wanted->stored == NULL)
            tell(applying, "+ ", wanted->profile.partner_id, "");
        else if (!is_unchanged(wanted))
            tell(applying, "~ ", wanted->profile.partner_id,
                 members_that_differ(applying->ctx->arena, wanted));
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

    for (size_t i = 0; err == OK && i < applying->count; i++) {
        struct wanted *wanted = &applying->wanted[i];

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

    if (json.size > FILE_MAX_BYTES)
        return wrong(&applying, "file", "is larger than 4 MiB.");
    err = partner_file_read(&applying, json);
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
