/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/vault.h"

#include "idp/base/log.h"
#include "idp/base/text.h"
#include "keys/seal.h"
#include "keys/secret.h"

static const char *
field_context(struct ctx *ctx, const char *column, const char *person_id)
{
    return arena_printf(ctx->arena, "person.%s.%s", column, person_id);
}

static enum err
field_seal(struct ctx *ctx, const char *column, const char *person_id, const char *value,
           struct bytes *out)
{
    return seal(&ctx->keys->data, ctx->env, ctx->arena, field_context(ctx, column, person_id),
                bytes_of_text(value), out);
}

static enum err
field_open(struct ctx *ctx, const char *column, const char *person_id, struct bytes box,
           const char **out)
{
    struct bytes plain;
    enum err err =
        seal_open(&ctx->keys->data, ctx->arena, field_context(ctx, column, person_id), box, &plain);

    if (err != OK) {
        log_line(LOG_ERROR, "vault.tampered", log_text("column", column),
                 log_text("person", person_id));
        return err;
    }
    *out = arena_copy(ctx->arena, plain.at, plain.size);
    return OK;
}

enum err
person_load(struct ctx *ctx, const char *person_id, struct person *out)
{
    struct stored_person row;
    enum err err = store_person_load(ctx->store, ctx->arena, person_id, &row);

    if (err != OK)
        return err;
    *out = (struct person) {
        .person_id = row.person_id,
        .state = (enum person_state)row.state,
        .birth_date = (int32_t)row.birth_date,
        .phone_verified_at = row.phone_verified_at,
        .created_at = row.created_at,
        .secured_at = row.secured_at,
    };
    err = field_open(ctx, "name", person_id, row.name_sealed, &out->name);
    if (err == OK)
        err = field_open(ctx, "identity", person_id, row.identity_sealed, &out->identity_number);
    if (err == OK)
        err = field_open(ctx, "phone", person_id, row.phone_sealed, &out->phone);
    return err;
}

enum err
person_insert(struct ctx *ctx, const struct person *person)
{
    struct stored_person row = {
        .person_id = person->person_id,
        .state = person->state,
        .birth_date = person->birth_date,
        .phone_verified_at = person->phone_verified_at,
        .created_at = ctx->now,
        .updated_at = ctx->now,
    };
    enum err err = field_seal(ctx, "name", row.person_id, person->name, &row.name_sealed);

    if (err == OK)
        err = field_seal(ctx, "identity", row.person_id, person->identity_number,
                         &row.identity_sealed);
    if (err == OK)
        err = field_seal(ctx, "phone", row.person_id, person->phone, &row.phone_sealed);
    return err == OK ? store_person_insert(ctx->store, &row) : err;
}

struct digest
identity_digest(const struct ctx *ctx, const char *identity_number)
{
    return digest_keyed_texts(&ctx->keys->index, "identity", identity_number, NULL);
}

struct digest
phone_digest(const struct ctx *ctx, const char *phone)
{
    return digest_keyed_texts(&ctx->keys->index, "phone", phone, NULL);
}

struct digest
card_digest(const struct ctx *ctx, const char *card_no)
{
    return digest_keyed_texts(&ctx->keys->index, "card", card_no, NULL);
}

enum err
person_find_by_phone(struct ctx *ctx, const char *phone, const char **person_id)
{
    struct digest digest = phone_digest(ctx, phone);

    return store_person_key_find(ctx->store, ctx->arena, PERSON_KEY_PHONE, &digest, person_id);
}

enum err
person_find_by_identity(struct ctx *ctx, const char *identity_number, const char **person_id)
{
    struct digest digest = identity_digest(ctx, identity_number);

    return person_find_by_holder(ctx, &digest, person_id);
}

enum err
person_find_by_holder(struct ctx *ctx, const struct digest *holder, const char **person_id)
{
    return store_person_key_find(ctx->store, ctx->arena, PERSON_KEY_IDENTITY, holder, person_id);
}

static enum err
phone_key_delete(struct ctx *ctx, const char *phone)
{
    struct digest digest = phone_digest(ctx, phone);

    return text_is_empty(phone) ? OK
                                : store_person_key_delete(ctx->store, PERSON_KEY_PHONE, &digest);
}

static enum err
phone_write(struct ctx *ctx, const char *person_id, const char *phone, unix_s verified_at)
{
    struct bytes sealed;
    enum err err = field_seal(ctx, "phone", person_id, phone, &sealed);

    if (err != OK)
        return err;
    return store_person_set_phone(ctx->store, person_id, sealed, verified_at, ctx->now);
}

enum err
person_set_phone(struct ctx *ctx, const struct person *person, const char *phone)
{
    struct digest digest = phone_digest(ctx, phone);
    enum err err = OK;

    if (!text_eq(person->phone, phone)) {
        err = phone_key_delete(ctx, person->phone);
        if (err == OK)
            err = store_person_key_insert(ctx->store, PERSON_KEY_PHONE, &digest, person->person_id,
                                          ctx->now);
    }
    return err == OK ? phone_write(ctx, person->person_id, phone, ctx->now) : err;
}

enum err
person_drop_phone(struct ctx *ctx, const struct person *person)
{
    enum err err = phone_key_delete(ctx, person->phone);

    return err == OK ? phone_write(ctx, person->person_id, "", 0) : err;
}

enum err
person_set_name(struct ctx *ctx, const struct person *person, const char *name)
{
    struct bytes sealed;
    enum err err = field_seal(ctx, "name", person->person_id, name, &sealed);

    return err == OK ? store_person_set_name(ctx->store, person->person_id, sealed, ctx->now) : err;
}

static enum err
identity_key_move(struct ctx *ctx, const struct person *person, const char *identity_number)
{
    struct digest before = identity_digest(ctx, person->identity_number);
    struct digest digest = identity_digest(ctx, identity_number);
    enum err err = store_person_key_delete(ctx->store, PERSON_KEY_IDENTITY, &before);

    return err == OK ? store_person_key_insert(ctx->store, PERSON_KEY_IDENTITY, &digest,
                                               person->person_id, ctx->now)
                     : err;
}

enum err
person_set_identity(struct ctx *ctx, const struct person *person, const char *identity_number,
                    int32_t birth_date)
{
    struct bytes sealed;
    enum err err = identity_key_move(ctx, person, identity_number);

    if (err == OK)
        err = field_seal(ctx, "identity", person->person_id, identity_number, &sealed);
    if (err == OK)
        err = store_person_set_identity(ctx->store,
                                        &(struct stored_person) { .person_id = person->person_id,
                                                                  .identity_sealed = sealed,
                                                                  .birth_date = birth_date,
                                                                  .updated_at = ctx->now });
    return err;
}
