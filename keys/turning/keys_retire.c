/* SPDX-License-Identifier: Apache-2.0 */
/* A signing key that must go before its time. */
#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/tables/epoch.h"
#include "idp/tables/key.h"
#include "keys/turning/keys.h"

static const struct stored_key *
key_find(const struct key_list *list, const char *key_id)
{
    for (size_t i = 0; i < list->count; i++)
        if (text_eq(list->at[i].key_id, key_id))
            return &list->at[i];
    return NULL;
}

/* The one that partners have had in sight for longest. */
static const struct stored_key *
announced_find(const struct key_list *list, const char *alg)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->at[i].purpose == KEY_SIGN && list->at[i].state == KEY_ANNOUNCED &&
            text_eq(list->at[i].alg, alg))
            return &list->at[i];
    return NULL;
}

static enum err
look(struct ctx *ctx, const char *key_id, struct key_list *list, struct key_retiring *out)
{
    const struct stored_key *key;
    const struct stored_key *next;
    enum err err = store_key_list(ctx->store, ctx->arena, list);

    if (err != OK)
        return err;
    key = key_find(list, key_id);
    if (key == NULL)
        return ERR_NOT_FOUND;
    out->key = *key;
    out->successor = NULL;
    if (key->purpose != KEY_SIGN)
        return ERR_INVALID;
    next = announced_find(list, key->alg);
    if (key->state == KEY_SIGNING)
        out->successor = next != NULL ? next->key_id : "";
    return OK;
}

enum err
keys_retire_plan(struct ctx *ctx, const char *key_id, struct key_retiring *out)
{
    struct key_list list;

    return look(ctx, key_id, &list, out);
}

struct retiring {
    const char *key_id;
    struct key_row made; /* no id: none was needed when it was looked */
    struct key_retiring *out;
};

static enum err
successor_begin(struct ctx *ctx, struct retiring *retiring)
{
    unix_s next_at = ctx->now + ctx->settings->keys.rotation_s;
    struct stored_key row;

    if (retiring->out->successor[0] != '\0')
        return store_key_move(ctx->store, retiring->out->successor, KEY_ANNOUNCED, KEY_SIGNING,
                              next_at);
    if (retiring->made.key_id == NULL)
        return ERR_CONFLICT; /* keys were moved meanwhile */
    row = key_row_stored(&retiring->made);
    row.state = KEY_SIGNING;
    row.next_at = next_at;
    retiring->out->successor = row.key_id;
    return store_key_insert(ctx->store, &row);
}

static enum err
key_audit(struct ctx *ctx, const char *what)
{
    return audit_write(ctx, &(struct audit_record) { .event = AUDIT_KEY_CHANGED, .reason = what });
}

/* The counter's row first: nodes whose timers move keys at this moment wait. */
static enum err
retire(struct ctx *ctx, void *state)
{
    struct retiring *retiring = state;
    struct key_list list;
    int64_t epoch;
    enum err err = store_epoch_bump(ctx->store, "keyring", &epoch);

    if (err == OK)
        err = look(ctx, retiring->key_id, &list, retiring->out);
    if (err == OK && retiring->out->successor != NULL)
        err = successor_begin(ctx, retiring);
    if (err == OK)
        err = store_key_delete(ctx->store, retiring->key_id);
    if (err == OK && retiring->out->successor != NULL)
        err = key_audit(ctx, "signing");
    return err == OK ? key_audit(ctx, "retired") : err;
}

enum err
keys_retire(struct ctx *ctx, const struct key32 *kek, const char *key_id, struct key_retiring *out)
{
    struct retiring retiring = { .key_id = key_id, .out = out };
    enum err err = keys_retire_plan(ctx, key_id, out);

    if (err == OK && out->successor != NULL && out->successor[0] == '\0')
        err = key_row_new(kek, ctx->env, ctx->arena, KEY_SIGN, jws_alg_of(out->key.alg),
                          &retiring.made);
    return err == OK ? change(ctx, retire, &retiring) : err;
}

/* --- Before its time, but not leaked --- */

struct hastening {
    struct key_row made;
    const char *alg;
    const char *key_id;
};

static enum err
hasten(struct ctx *ctx, void *state)
{
    struct hastening *hastening = state;
    struct stored_key row = key_row_stored(&hastening->made);
    const struct stored_key *next;
    struct key_list list;
    int64_t epoch;
    enum err err = store_epoch_bump(ctx->store, "keyring", &epoch);

    if (err == OK)
        err = store_key_list(ctx->store, ctx->arena, &list);
    if (err != OK)
        return err;
    next = announced_find(&list, hastening->alg);
    row.next_at = ctx->now + KEYS_HEARD_S;
    hastening->key_id = next != NULL ? next->key_id : row.key_id;
    err = next != NULL
              ? store_key_move(ctx->store, next->key_id, KEY_ANNOUNCED, KEY_ANNOUNCED, row.next_at)
              : store_key_insert(ctx->store, &row);
    return err == OK ? key_audit(ctx, "signing_soon") : err;
}

enum err
keys_rotate_now(struct ctx *ctx, const struct key32 *kek, enum jws_alg alg, const char **key_id)
{
    struct hastening hastening = { .alg = jws_alg_name(alg) };
    enum err err = key_row_new(kek, ctx->env, ctx->arena, KEY_SIGN, alg, &hastening.made);

    if (err == OK)
        err = change(ctx, hasten, &hastening);
    if (err == OK)
        *key_id = hastening.key_id;
    return err;
}
