/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/commands/listing.h"
#include "keys/kek.h"
#include "keys/turning/keys.h"

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

enum err
command_key_rotate(struct call *call)
{
    struct workshop *shop = &call->shop;
    const char *key_id;
    enum err err = keys_rotate(&shop->ctx, &shop->kek, jws_alg_of(call->algorithm), &key_id);

    if (err != OK)
        return err;
    buf_text(&call->said, key_id);
    buf_text(&call->said, " is announced.\n");
    return OK;
}
