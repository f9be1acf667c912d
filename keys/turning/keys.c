/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/turning/keys.h"

#include <stdatomic.h>

#include "idp/audit/audit.h"
#include "idp/base/log.h"
#include "idp/base/snapshot.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/tables/epoch.h"
#include "idp/tables/key.h"

/* clang-format off */
static const enum jws_alg signing_algs[] = {
#define ALG_OF_KEYS(value, name) value,
#define ALG_OF_SECRETS(value, name)
#define ALG_OF_CODES(value, name) value,
#include "policies/signing_alg.def"
#undef ALG_OF_KEYS
#undef ALG_OF_SECRETS
#undef ALG_OF_CODES
};
/* clang-format on */

static const enum key_purpose symmetric[] = { KEY_SEAL, KEY_DATA, KEY_INDEX, KEY_PEPPER,
                                              KEY_PAIRWISE };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct stored_key
key_row_stored(const struct key_row *row)
{
    return (struct stored_key) {
        .key_id = row->key_id,
        .purpose = row->purpose,
        .alg = row->alg,
        .state = row->state,
        .serial = row->serial,
        .wrapped = row->wrapped,
        .created_at = row->created_at,
        .next_at = row->next_at,
    };
}

static struct key_row
row_of(const struct stored_key *stored)
{
    return (struct key_row) {
        .key_id = stored->key_id,
        .purpose = (enum key_purpose)stored->purpose,
        .alg = stored->alg,
        .state = (enum key_state)stored->state,
        .serial = stored->serial,
        .wrapped = stored->wrapped,
        .created_at = stored->created_at,
        .next_at = stored->next_at,
    };
}

/*
 * How long a key must verify after it has signed for the last time: a partner may send any ID token
 * of the session's whole life as a hint.
 */
static int64_t
verify_for_s(const struct ctx *ctx)
{
    return ctx->settings->life.session_absolute_s + ctx->settings->life.id_token_s;
}

static bool
is_signing_kind(const struct stored_key *key, enum jws_alg alg)
{
    return key->purpose == KEY_SIGN && text_eq(key->alg, jws_alg_name(alg));
}

static bool
list_has(const struct key_list *list, enum key_purpose purpose, enum jws_alg alg)
{
    for (size_t i = 0; i < list->count; i++)
        if (purpose == KEY_SIGN ? is_signing_kind(&list->at[i], alg)
                                : list->at[i].purpose == (int64_t)purpose)
            return true;
    return false;
}

static enum err
audit_key(struct ctx *ctx, const char *state)
{
    return audit_write(ctx, &(struct audit_record) { .event = AUDIT_KEY_CHANGED, .reason = state });
}

/* A key of SM2 is for card codes alone, and only where they are signed by it. */
bool
keys_want(const struct ctx *ctx, enum jws_alg alg)
{
    return alg != JWS_SM2 || text_eq(ctx->settings->card.code_alg, jws_alg_name(alg));
}

struct keys_making {
    struct key_row rows[COUNT(symmetric) + COUNT(signing_algs)];
    int64_t count;
};

static enum err
insert_all(struct ctx *ctx, void *state)
{
    struct keys_making *making = state;
    enum err err = OK;
    int64_t epoch;

    for (int64_t i = 0; err == OK && i < making->count; i++) {
        struct stored_key stored = key_row_stored(&making->rows[i]);

        err = store_key_insert(ctx->store, &stored);
        if (err == OK)
            err = audit_key(ctx, "made");
    }
    return err == OK ? store_epoch_bump(ctx->store, "keyring", &epoch) : err;
}

static enum err
row_make(struct ctx *ctx, struct keys_making *making, const struct key32 *kek,
         enum key_purpose purpose, enum jws_alg alg)
{
    struct key_row *row = &making->rows[making->count];
    enum err err = key_row_new(kek, ctx->env, ctx->arena, purpose, alg, row);

    if (err != OK)
        return err;
    making->count++;
    if (purpose ==
        KEY_SIGN) { /* the first of its kind signs at once: nobody has cached a JWKS without it */
        row->state = KEY_SIGNING;
        row->next_at = ctx->now + ctx->settings->keys.rotation_s;
    }
    return OK;
}

enum err
keys_ensure(struct ctx *ctx, const struct key32 *kek, int64_t *made)
{
    struct keys_making making = { .count = 0 };
    struct key_list list;
    enum err err = store_key_list(ctx->store, ctx->arena, &list);

    for (size_t i = 0; err == OK && i < COUNT(symmetric); i++)
        if (!list_has(&list, symmetric[i], JWS_NONE))
            err = row_make(ctx, &making, kek, symmetric[i], JWS_NONE);
    for (size_t i = 0; err == OK && i < COUNT(signing_algs); i++)
        if (keys_want(ctx, signing_algs[i]) && !list_has(&list, KEY_SIGN, signing_algs[i]))
            err = row_make(ctx, &making, kek, KEY_SIGN, signing_algs[i]);
    if (err == OK && making.count > 0)
        err = change(ctx, insert_all, &making);
    *made = making.count;
    return err;
}

bool
keys_suffice(const struct ctx *ctx)
{
    return keyring_signs(ctx->keys, jws_alg_of(ctx->settings->card.code_alg));
}

static enum err
announced_make(struct ctx *ctx, struct keys_making *making, const struct key32 *kek,
               enum jws_alg alg)
{
    enum err err = key_row_new(kek, ctx->env, ctx->arena, KEY_SIGN, alg, &making->rows[0]);

    making->rows[0].next_at = ctx->now + ctx->settings->keys.announce_s;
    making->count = 1;
    return err;
}

enum err
keys_rotate(struct ctx *ctx, const struct key32 *kek, enum jws_alg alg, const char **key_id)
{
    struct keys_making making = { .count = 0 };
    enum err err = announced_make(ctx, &making, kek, alg);

    if (err != OK)
        return err;
    *key_id = making.rows[0].key_id;
    return change(ctx, insert_all, &making);
}

/* --- The timer --- */

struct turning {
    const struct key_list *list;
    const struct stored_key *due;
};

/* A key whose algorithm is not wanted any more has no successor: it only verifies, for a while. */
static enum err
turn_down(struct ctx *ctx, const struct stored_key *due)
{
    enum err err = store_key_move(ctx->store, due->key_id, KEY_SIGNING, KEY_VERIFY_ONLY,
                                  ctx->now + verify_for_s(ctx));

    return err == OK ? audit_key(ctx, "verify_only") : err;
}

/* The announced key takes over; those that signed until now only verify. */
static enum err
promote(struct ctx *ctx, const struct turning *turning)
{
    const struct stored_key *due = turning->due;
    enum err err = store_key_move(ctx->store, due->key_id, KEY_ANNOUNCED, KEY_SIGNING,
                                  ctx->now + ctx->settings->keys.rotation_s);

    for (size_t i = 0; err == OK && i < turning->list->count; i++) {
        const struct stored_key *other = &turning->list->at[i];

        if (other->purpose == KEY_SIGN && other->state == KEY_SIGNING &&
            text_eq(other->alg, due->alg))
            err = store_key_move(ctx->store, other->key_id, KEY_SIGNING, KEY_VERIFY_ONLY,
                                 ctx->now + verify_for_s(ctx));
    }
    return err == OK ? audit_key(ctx, "signing") : err;
}

static enum err
turn_one(struct ctx *ctx, void *state)
{
    const struct turning *turning = state;
    int64_t epoch;
    enum err err;

    if (turning->due->state == KEY_ANNOUNCED)
        err = promote(ctx, turning);
    else if (turning->due->state == KEY_SIGNING)
        err = turn_down(ctx, turning->due);
    else
        err = store_key_delete(ctx->store, turning->due->key_id);
    if (err == OK && turning->due->state == KEY_VERIFY_ONLY)
        err = audit_key(ctx, "gone");
    return err == OK ? store_epoch_bump(ctx->store, "keyring", &epoch) : err;
}

static bool
is_announced_already(const struct key_list *list, const char *alg)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->at[i].purpose == KEY_SIGN && list->at[i].state == KEY_ANNOUNCED &&
            text_eq(list->at[i].alg, alg))
            return true;
    return false;
}

/* The counter's row is locked from the first statement on: nodes whose timers fire
 * together pass one by one. */
static enum err
insert_first(struct ctx *ctx, void *state)
{
    struct keys_making *making = state;
    struct key_list list;
    int64_t epoch;
    enum err err = store_epoch_bump(ctx->store, "keyring", &epoch);

    if (err == OK)
        err = store_key_list(ctx->store, ctx->arena, &list);
    if (err == OK && is_announced_already(&list, making->rows[0].alg))
        return ERR_CONFLICT;
    return err == OK ? insert_all(ctx, making) : err;
}

static enum err
successor_announce(struct ctx *ctx, const struct key32 *kek, const struct stored_key *due)
{
    struct keys_making making = { .count = 0 };
    enum err err = announced_make(ctx, &making, kek, jws_alg_of(due->alg));

    return err == OK ? change(ctx, insert_first, &making) : err;
}

/* A key that signs stays due until its announced successor takes over: nothing to do meanwhile. */
static bool
is_to_move(const struct ctx *ctx, const struct key_list *list, const struct stored_key *key)
{
    if (key->purpose != KEY_SIGN || key->next_at == 0 || key->next_at > ctx->now)
        return false;
    return key->state != KEY_SIGNING || !is_announced_already(list, key->alg);
}

enum err
keys_turn(struct ctx *ctx, const struct key32 *kek, bool *moved)
{
    struct key_list list;
    enum err err = store_key_list(ctx->store, ctx->arena, &list);

    *moved = false;
    for (size_t i = 0; err == OK && i < list.count; i++) {
        const struct stored_key *key = &list.at[i];

        if (!is_to_move(ctx, &list, key))
            continue;
        *moved = true;
        if (key->state == KEY_SIGNING && keys_want(ctx, jws_alg_of(key->alg)))
            err = successor_announce(ctx, kek, key);
        else
            err = change(ctx, turn_one, &(struct turning) { &list, key });
        if (err == ERR_CONFLICT || err == ERR_NOT_FOUND) /* another node was faster */
            err = OK;
    }
    return err;
}

/* --- The snapshot --- */

static void
ring_release(void *ring)
{
    keyring_free(ring);
}

enum err
keys_load(struct ctx *ctx, const struct key32 *kek)
{
    struct key_list list;
    struct key_row *rows;
    struct keyring *ring;
    enum err err = store_key_list(ctx->store, ctx->arena, &list);

    if (err != OK)
        return err;
    rows = arena_alloc(ctx->arena, (list.count + 1) * sizeof(*rows));
    for (size_t i = 0; i < list.count; i++)
        rows[i] = row_of(&list.at[i]);
    err = keyring_open(kek, rows, list.count, &ring);
    if (err != OK) {
        log_line(LOG_ERROR, "keys.unusable", log_text("error", err_name(err)),
                 log_int("rows", (int64_t)list.count));
        return err;
    }
    ctx->keys = ring;
    snapshot_retire((void *)atomic_exchange(&ctx->services->keys, ring), ring_release);
    return OK;
}

const char *
key_purpose_name(const struct stored_key *key)
{
    static const char *const names[] = {
        "?", "sign", "seal", "data", "index", "pepper", "pairwise"
    };

    return names[key->purpose >= KEY_SIGN && key->purpose <= KEY_PAIRWISE ? key->purpose : 0];
}

const char *
key_state_name(const struct stored_key *key)
{
    static const char *const names[] = { "?", "announced", "signing", "verify-only", "gone" };

    if (key->purpose != KEY_SIGN)
        return "in use";
    return names[key->state >= KEY_ANNOUNCED && key->state <= KEY_GONE ? key->state : 0];
}
