/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/commands/listing.h"
#include "keys/kek.h"
#include "keys/turning/keys.h"

#define say(call, ...) buf_text(&(call)->said, arena_printf((call)->arena, __VA_ARGS__))

enum err
command_key_list(struct call *call)
{
    static const struct listing_column columns[] = {
        { "key_id", CELL_TEXT },
        { "purpose", CELL_TEXT },
        { "algorithm", CELL_TEXT },
        { "state", CELL_TEXT },
        { "since", CELL_TIME },
        { "next_change", CELL_TIME },
        { 0 },
    };
    struct key_list list;
    struct listing listing;
    enum err err = store_key_list(call->shop.ctx.store, call->arena, &list);

    if (err != OK)
        return err;
    listing_begin(call, columns, &listing);
    for (size_t i = 0; i < list.count; i++) {
        const struct stored_key *key = &list.at[i];

        listing_add(&listing, (struct cell[]) { { .text = key->key_id },
                                                { .text = key_purpose_name(key) },
                                                { .text = key->alg },
                                                { .text = key_state_name(key) },
                                                { .number = key->created_at },
                                                { .number = key->next_at } });
    }
    listing_end(&listing);
    return OK;
}

/* Run again, it takes the file that is there and makes the keys that are missing. */
enum err
command_key_init(struct call *call)
{
    struct workshop *shop = &call->shop;
    const char *file = shop->settings->keys.encryption_key_file;
    int64_t made = 0;
    enum err err = kek_create(shop->services->env, file);

    if (err == OK || err == ERR_CONFLICT)
        err = kek_read(file, &shop->kek);
    if (err == OK)
        err = keys_ensure(&shop->ctx, &shop->kek, &made);
    if (err != OK)
        return err;
    buf_int(&call->said, made);
    buf_text(&call->said, " keys made.\n");
    return OK;
}

/* --- Following on --- */

static enum err
rotation_plan(struct call *call)
{
    const struct settings *settings = call->shop.settings;

    if (call->now)
        say(call,
            "A successor of the %s key would sign in %d s. Partners that have cached the key set "
            "meet a kid they do not know, and must fetch it anew; those that do not, refuse what "
            "we sign. Tokens of the key before stay good.\n",
            call->algorithm, KEYS_HEARD_S);
    else
        say(call,
            "A successor of the %s key would be announced, and sign in %lld hours; by then "
            "partners have it.\n",
            call->algorithm, (long long)(settings->keys.announce_s / 3600));
    return OK;
}

enum err
command_key_rotate(struct call *call)
{
    struct workshop *shop = &call->shop;
    enum jws_alg alg = jws_alg_of(call->algorithm);
    const char *key_id;
    enum err err;

    if (!keys_want(&shop->ctx, alg))
        return call_fail(call, ERR_INVALID,
                         "nothing is signed by %s: it is for card codes alone, where "
                         "card.code_alg says so",
                         call->algorithm);
    if (call->plan)
        return rotation_plan(call);
    err = call->now ? keys_rotate_now(&shop->ctx, &shop->kek, alg, &key_id)
                    : keys_rotate(&shop->ctx, &shop->kek, alg, &key_id);
    if (err != OK)
        return err;
    if (call->now)
        say(call, "%s signs in %d s, while a service runs.\n", key_id, KEYS_HEARD_S);
    else
        say(call, "%s is announced.\n", key_id);
    return OK;
}

/* --- Leaked --- */

static enum err
retiring_failed(struct call *call, enum err err, const struct key_retiring *retiring)
{
    if (err == ERR_NOT_FOUND)
        return call_fail(call, err, "there is no key %s; 'key list' names all", call->key_id);
    if (err == ERR_INVALID)
        return call_fail(call, err,
                         "%s does not sign: it is the key for \"%s\", and without it what was "
                         "made with it could never be read or found again. If it has leaked, "
                         "whoever has it also had the key-encryption key or this process' memory: "
                         "docs/operations.md says what to do then",
                         call->key_id, key_purpose_name(&retiring->key));
    if (err == ERR_CONFLICT)
        return call_fail(call, err, "keys were moved at the same time; run it again");
    return err;
}

static void
retiring_cost(struct call *call, const struct key_retiring *retiring)
{
    say(call,
        "Access tokens that it signed, of the last %lld s, are refused: partners refresh them. ID "
        "tokens that it signed are no hint any more: at a logout the person is asked. Partners "
        "that have cached the key set take what a thief signs until they fetch it anew: tell "
        "them.\n",
        (long long)call->shop.settings->life.access_token_s);
    if (retiring->successor != NULL)
        say(call, "%s signs in its place at once; partners must fetch the key set for it too.\n",
            retiring->successor[0] != '\0' ? retiring->successor : "A new key");
}

enum err
command_key_retire(struct call *call)
{
    struct workshop *shop = &call->shop;
    struct key_retiring retiring = { .successor = NULL };
    enum err err = call->plan ? keys_retire_plan(&shop->ctx, call->key_id, &retiring)
                              : keys_retire(&shop->ctx, &shop->kek, call->key_id, &retiring);

    if (err != OK)
        return retiring_failed(call, err, &retiring);
    say(call,
        call->plan
            ? "%s (%s, %s) would be gone from the key set, and every node refuse it.\n"
            : "%s (%s, %s) is gone from the key set, and every node refuses it within 5 s.\n",
        call->key_id, retiring.key.alg, key_state_name(&retiring.key));
    retiring_cost(call, &retiring);
    return call->plan ? OK : keys_load(&shop->ctx, &shop->kek);
}
