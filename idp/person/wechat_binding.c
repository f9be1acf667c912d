/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/wechat_binding.h"

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/person/notice.h"
#include "idp/person/vault.h"
#include "idp/tables/person.h"
#include "keys/secret.h"

#define PROVIDER "wechat"
#define SEEN_EVERY_S 86400

static const struct digest no_union = { { 0 } };

struct wechat_names {
    const char *appid;
    struct digest identity;
    struct digest union_digest; /* no_union: not told */
    const char *holder;         /* whose the identity is; NULL: nobody's */
    const char *union_holder;
};

static enum err
holder_find(struct ctx *ctx, enum person_key_kind kind, const struct digest *digest,
            const char **out)
{
    enum err err = store_person_key_find(ctx->store, ctx->arena, kind, digest, out);

    if (err == ERR_NOT_FOUND)
        *out = NULL;
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
names_look_up(struct ctx *ctx, const struct wechat_identity *who, struct wechat_names *out)
{
    const struct key32 *key = &ctx->keys->index;
    enum err err;

    *out = (struct wechat_names) { .appid = wechat_appid(ctx->services->wechat, who->app) };
    out->identity = digest_keyed_texts(key, "wechat.openid", out->appid, who->openid, NULL);
    err = holder_find(ctx, PERSON_KEY_EXTERNAL, &out->identity, &out->holder);
    if (err != OK || text_is_empty(who->unionid))
        return err;
    out->union_digest = digest_keyed_texts(key, "wechat.unionid", who->unionid, NULL);
    return holder_find(ctx, PERSON_KEY_EXTERNAL_UNION, &out->union_digest, &out->union_holder);
}

static bool
has_union(const struct digest *union_digest)
{
    return !digest_eq(union_digest, &no_union);
}

static enum err
identity_add(struct ctx *ctx, const struct wechat_names *names, const char *person_id)
{
    const struct external_identity row = { .person_id = person_id,
                                           .identity = names->identity,
                                           .provider = PROVIDER,
                                           .application = names->appid,
                                           .union_digest = names->union_digest,
                                           .bound_at = ctx->now,
                                           .seen_at = ctx->now };
    enum err err = store_person_key_insert(ctx->store, PERSON_KEY_EXTERNAL, &names->identity,
                                           person_id, ctx->now);

    return err == OK ? store_external_identity_insert(ctx->store, &row) : err;
}

/* The key of a unionid goes with what has it: else it would find her for ever. By now it may be
 * somebody else's. */
static enum err
union_drop(struct ctx *ctx, const struct digest *union_digest, const char *person_id)
{
    const char *holder = NULL;
    enum err err = OK;

    if (has_union(union_digest))
        err = holder_find(ctx, PERSON_KEY_EXTERNAL_UNION, union_digest, &holder);
    if (err != OK || holder == NULL || !text_eq(holder, person_id))
        return err;
    return store_person_key_delete(ctx->store, PERSON_KEY_EXTERNAL_UNION, union_digest);
}

static enum err
union_add(struct ctx *ctx, const struct wechat_names *names, const char *person_id)
{
    if (!has_union(&names->union_digest) || names->union_holder != NULL)
        return OK;
    return store_person_key_insert(ctx->store, PERSON_KEY_EXTERNAL_UNION, &names->union_digest,
                                   person_id, ctx->now);
}

static enum err
row_update(struct ctx *ctx, const struct wechat_names *names, struct external_identity *row)
{
    bool moves =
        has_union(&names->union_digest) && !digest_eq(&names->union_digest, &row->union_digest);
    enum err err = OK;

    if (!moves && ctx->now - row->seen_at < SEEN_EVERY_S)
        return OK;
    if (moves) {
        err = union_drop(ctx, &row->union_digest, row->person_id);
        if (err == OK)
            err = union_add(ctx, names, row->person_id);
        row->union_digest = names->union_digest;
    }
    row->seen_at = ctx->now;
    return err == OK ? store_external_identity_update(ctx->store, row) : err;
}

/* --- Recognising --- */

struct recognising {
    const struct wechat_identity *who;
    struct wechat_found found;
};

/* Does what was told now fit what was known before? */
static bool
fits(const struct wechat_identity *who, const struct wechat_names *names,
     const struct external_identity *row)
{
    if (!has_union(&names->union_digest))
        return !has_union(&row->union_digest) || !who->unionid_was_due;
    if (has_union(&row->union_digest))
        return digest_eq(&names->union_digest, &row->union_digest);
    return names->union_holder == NULL || text_eq(names->union_holder, row->person_id);
}

static enum err
known_recognise(struct ctx *ctx, struct recognising *state, const struct wechat_names *names)
{
    struct external_identity row;
    enum err err =
        store_external_identity_find(ctx->store, ctx->arena, names->holder, &names->identity, &row);

    if (err == ERR_NOT_FOUND) /* it was taken from her at this moment */
        return OK;
    if (err != OK)
        return err;
    if (!fits(state->who, names, &row)) {
        state->found.is_doubtful = true;
        return OK;
    }
    state->found.person_id = names->holder;
    return row_update(ctx, names, &row);
}

static enum err
recognise(struct ctx *ctx, void *state)
{
    struct recognising *recognising = state;
    struct wechat_names names;
    enum err err = names_look_up(ctx, recognising->who, &names);

    recognising->found = (struct wechat_found) { .person_id = NULL };
    if (err != OK)
        return err;
    if (names.holder != NULL)
        return known_recognise(ctx, recognising, &names);
    recognising->found.person_id = names.union_holder;
    return names.union_holder != NULL ? identity_add(ctx, &names, names.union_holder) : OK;
}

/* ERR_CONFLICT: two of hers at once; the second time it is known. */
static enum err
recognise_now(struct ctx *ctx, struct recognising *state)
{
    enum err err = change(ctx, recognise, state);

    return err == ERR_CONFLICT ? change(ctx, recognise, state) : err;
}

const struct problem *
wechat_recognise(struct ctx *ctx, const struct wechat_identity *who, struct wechat_found *out)
{
    struct recognising state = { .who = who };
    int64_t may = PERSON_ACTIVE;
    enum err err = recognise_now(ctx, &state);

    if (err == OK && state.found.person_id != NULL)
        err = store_person_state(ctx->store, state.found.person_id, &may);
    if (err != OK)
        return problem_of(err);
    if (may != PERSON_ACTIVE)
        return &problem_account_stopped;
    *out = state.found;
    return NULL;
}

/* --- Binding --- */

struct binding_work {
    const struct wechat_identity *who;
    const char *person_id;
};

static bool
is_anothers(const char *holder, const char *person_id)
{
    return holder != NULL && !text_eq(holder, person_id);
}

static enum err
tell(struct ctx *ctx, enum audit_event event, const char *reason, const char *person_id)
{
    struct person person;
    enum err err = person_load(ctx, person_id, &person);

    if (err == OK)
        err = audit_write(ctx, &(struct audit_record) { .event = event,
                                                        .reason = reason,
                                                        .subject = subject_person(person_id) });
    return err == OK && event == AUDIT_EXTERNAL_BOUND
               ? notice_put(ctx, person_id, person.phone, NOTICE_WECHAT)
               : err;
}

static enum err
identity_put(struct ctx *ctx, const struct wechat_names *names, const char *person_id)
{
    struct external_identity row;
    enum err err;

    if (names->holder == NULL) {
        err = identity_add(ctx, names, person_id);
        return err == OK ? union_add(ctx, names, person_id) : err;
    }
    err = store_external_identity_find(ctx->store, ctx->arena, person_id, &names->identity, &row);
    return err == OK ? row_update(ctx, names, &row) : err;
}

/* Hers already, as it was told: who presses twice is told of it once. */
static enum err
is_bound(struct ctx *ctx, const struct wechat_names *names, const char *person_id, bool *out)
{
    struct external_identity row;
    enum err err;

    *out = false;
    if (names->holder == NULL)
        return OK;
    err = store_external_identity_find(ctx->store, ctx->arena, person_id, &names->identity, &row);
    *out = err == OK &&
           (!has_union(&names->union_digest) || digest_eq(&names->union_digest, &row.union_digest));
    return err;
}

static enum err
bind_work(struct ctx *ctx, void *state)
{
    const struct binding_work *binding = state;
    struct wechat_names names;
    bool done = false;
    enum err err = names_look_up(ctx, binding->who, &names);

    if (err == OK && (is_anothers(names.holder, binding->person_id) ||
                      is_anothers(names.union_holder, binding->person_id)))
        return ERR_REFUSED;
    if (err == OK)
        err = is_bound(ctx, &names, binding->person_id, &done);
    if (err != OK || done)
        return err;
    err = identity_put(ctx, &names, binding->person_id);
    return err == OK ? tell(ctx, AUDIT_EXTERNAL_BOUND, PROVIDER, binding->person_id) : err;
}

const struct problem *
wechat_bind(struct ctx *ctx, const struct wechat_identity *who, const char *person_id)
{
    struct binding_work binding = { who, person_id };
    enum err err = change(ctx, bind_work, &binding);

    if (err == ERR_CONFLICT) /* at this moment, by another press or another person */
        err = change(ctx, bind_work, &binding);
    if (err == ERR_REFUSED)
        audit_note(ctx, &(struct audit_record) { .event = AUDIT_EXTERNAL_REJECTED,
                                                 .reason = "anothers",
                                                 .subject = subject_person(person_id) });
    return err == ERR_REFUSED ? &problem_wechat_bound_elsewhere : problem_of(err);
}

/* --- Forgetting --- */

static enum err
identity_forget(struct ctx *ctx, const struct external_identity *row)
{
    enum err err = store_person_key_delete(ctx->store, PERSON_KEY_EXTERNAL, &row->identity);

    if (err == OK || err == ERR_NOT_FOUND)
        err = union_drop(ctx, &row->union_digest, row->person_id);
    return err;
}

enum err
wechat_forget(struct ctx *ctx, const char *person_id, const char *reason)
{
    struct external_identities list;
    enum err err = store_external_identity_list(ctx->store, ctx->arena, person_id, &list);

    for (size_t i = 0; err == OK && i < list.count; i++)
        err = identity_forget(ctx, &list.at[i]);
    if (err != OK || list.count == 0)
        return err;
    err = store_external_identity_delete(ctx->store, person_id);
    return err == OK ? tell(ctx, AUDIT_EXTERNAL_UNBOUND, reason, person_id) : err;
}

struct unbinding {
    const char *person_id;
    bool removed;
};

static enum err
unbind_work(struct ctx *ctx, void *state)
{
    struct unbinding *unbinding = state;
    struct external_identities list;
    enum err err =
        store_external_identity_list(ctx->store, ctx->arena, unbinding->person_id, &list);

    unbinding->removed = err == OK && list.count > 0;
    return err == OK ? wechat_forget(ctx, unbinding->person_id, "person") : err;
}

enum err
wechat_unbind(struct ctx *ctx, const char *person_id, bool *removed)
{
    struct unbinding unbinding = { .person_id = person_id };
    enum err err = change(ctx, unbind_work, &unbinding);

    *removed = unbinding.removed;
    return err;
}
