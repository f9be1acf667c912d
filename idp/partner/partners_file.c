/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/partner/partners_file.h"

#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/json.h"
#include "idp/base/text.h"
#include "idp/partner/together.h"
#include "idp/tables/partner.h"
#include "keys/jwk.h"
#include "policies/auth_method.h"
#include "policies/partner_rules.h"

#define FILE_MAX_BYTES ((size_t)4 * 1024 * 1024)
#define SECRET_MIN_BYTES 32

struct file_reading {
    struct ctx *ctx;
    struct buf *report;
    struct partners_file file;
};

static enum err
wrong(struct file_reading *reading, const char *partner_id, const char *words)
{
    buf_text(reading->report, "! ");
    buf_text(reading->report, partner_id);
    buf_text(reading->report, ": ");
    buf_text(reading->report, words);
    buf_char(reading->report, '\n');
    audit_note(reading->ctx, &(struct audit_record) { .event = AUDIT_PARTNER_REJECTED,
                                                      .reason = "registration" });
    return ERR_INVALID;
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

static bool
keys_sign_by(const struct key_set *keys, const char *alg)
{
    for (size_t i = 0; i < keys->count; i++)
        if (text_is_empty(alg) || text_eq(alg, jws_alg_name(keys->keys[i].alg)))
            return true;
    return false;
}

/* What is wrong with the partner's own keys; NULL when nothing is. */
static const char *
fault_of_jwks(struct arena *arena, const struct partner_profile *profile)
{
    struct key_set keys;
    bool fits;

    if (text_is_empty(profile->jwks))
        return NULL;
    if (key_set_import(arena, profile->jwks, &keys) != OK)
        return "jwks: must hold public keys of P-256, Ed25519 or RSA of 2048 to 8192 bits, with an "
               "alg and use that fit, at most 16.";
    fits = keys_sign_by(&keys, profile->auth_signing_alg);
    key_set_free(&keys);
    if (fits || auth_method_need(profile->auth_method) != AUTH_NEEDS_KEYS)
        return NULL;
    return "token_endpoint_auth_signing_alg: no key of jwks signs so.";
}

/* What a registration that is sound in itself must not be here; NULL when nothing is wrong. */
static const char *
fault_of_registration(const struct ctx *ctx, const struct partner_profile *profile)
{
    const char *fault = member_without_key(ctx, profile);

    if (fault != NULL)
        return arena_printf(ctx->arena, "%s: no key signs so; 'tongxing key init' makes it.",
                            fault);
    if (text_list_has(profile->resources, ctx->settings->server.issuer))
        return "resources: the issuer is the audience of every person's token, and ours alone.";
    fault = fault_of_jwks(ctx->arena, profile);
    return fault != NULL ? fault : partner_rules_check_file(ctx->arena, profile);
}

static enum err
element_read(struct file_reading *reading, json_t *element, struct wanted *out)
{
    struct arena *arena = reading->ctx->arena;
    const char *id;
    bool named = member_text(element, "client_id", FILE_MAX_BYTES, &id) == OK;
    const char *secret = "";
    enum err secret_err = member_text(element, "client_secret", FILE_MAX_BYTES, &secret);
    struct buf text = buf_new(arena, 1024);
    const char *fault;
    const char *element_text;

    id = arena_text(arena, named ? id : "(without client_id)");
    if (secret_err == ERR_INVALID)
        return wrong(reading, id, "client_secret must be a text.");
    out->secret = arena_text(arena, secret);
    if (out->secret[0] != '\0' && strlen(out->secret) < SECRET_MIN_BYTES)
        return wrong(reading, id, "client_secret must have at least 32 characters.");
    json_object_del(element, "client_secret");
    element_text = json_text(arena, element);
    if (element_text == NULL)
        return wrong(reading, id, "is not an object.");
    fault = partner_profile_parse(arena, element_text, strlen(element_text), &out->profile);
    if (fault != NULL)
        return wrong(reading, id, fault);
    if (out->secret[0] != '\0' && !auth_method_needs_secret(out->profile.auth_method))
        return wrong(reading, id, "client_secret does not go with its token_endpoint_auth_method.");
    fault = fault_of_registration(reading->ctx, &out->profile);
    if (fault != NULL)
        return wrong(reading, id, fault);
    partner_profile_write(&text, &out->profile);
    out->text = text.at;
    return OK;
}

static enum err
check_pair(struct file_reading *reading, const struct partner_profile *a,
           const struct partner_profile *b)
{
    const char *clash;

    if (text_eq(a->partner_id, b->partner_id))
        return wrong(reading, a->partner_id, "stands twice in the file.");
    clash = partners_clash(reading->ctx->arena, a, b);
    if (clash != NULL)
        return wrong(reading, a->partner_id, clash);
    clash = partners_clash(reading->ctx->arena, b, a);
    return clash != NULL ? wrong(reading, b->partner_id, clash) : OK;
}

/* Left behind, it would let a partner of later take codes without anybody saying so anew. */
static enum err
check_sharing(struct file_reading *reading, const struct partner_profile *profile)
{
    const char *address;
    size_t at = 0;

    if (!profile->shared_redirect_uris ||
        partners_next_sharer(&reading->file, profile, &at, &address) != NULL)
        return OK;
    return wrong(reading, profile->partner_id,
                 "shared_redirect_uris: no other partner has one of its redirect URIs.");
}

static enum err
check_wishes(struct file_reading *reading, const struct partner_profile *profile)
{
    const char *unmet = partners_wish_unmet(reading->ctx->arena, &reading->file, profile);

    return unmet != NULL ? wrong(reading, profile->partner_id, unmet) : OK;
}

static enum err
check_together(struct file_reading *reading)
{
    enum err err = OK;

    for (size_t i = 0; err == OK && i < reading->file.count; i++)
        for (size_t j = 0; err == OK && j < i; j++)
            err = check_pair(reading, &reading->file.at[i].profile, &reading->file.at[j].profile);
    for (size_t i = 0; err == OK && i < reading->file.count; i++)
        err = check_sharing(reading, &reading->file.at[i].profile);
    for (size_t i = 0; err == OK && i < reading->file.count; i++)
        err = check_wishes(reading, &reading->file.at[i].profile);
    return err;
}

static enum err
elements_read(struct file_reading *reading, struct bytes json)
{
    json_error_t fault;
    json_t *root = json_open(json, &fault);
    const json_t *list = NULL;
    enum err err = OK;

    arena_own(reading->ctx->arena, root, json_release);
    if (root == NULL)
        err = wrong(reading, arena_printf(reading->ctx->arena, "line %d", fault.line),
                    "this is not JSON.");
    else if (member_list(root, "partners", &list) != OK || json_object_size(root) != 1)
        err = wrong(reading, "file", "must be {\"partners\": [...]}.");
    else if (json_array_size(list) > PARTNERS_MAX)
        err = wrong(reading, "file", "has more than 10000 partners.");
    if (err != OK)
        return err;
    reading->file.at =
        arena_alloc(reading->ctx->arena, (json_array_size(list) + 1) * sizeof(*reading->file.at));
    for (size_t i = 0; err == OK && i < json_array_size(list); i++)
        err = element_read(reading, json_array_get(list, i),
                           &reading->file.at[reading->file.count++]);
    return err;
}

enum err
partners_file_read(struct ctx *ctx, struct bytes json, struct buf *report,
                   struct partners_file *out)
{
    struct file_reading reading = { .ctx = ctx, .report = report };
    enum err err;

    if (json.size > FILE_MAX_BYTES)
        return wrong(&reading, "file", "is larger than 4 MiB.");
    err = elements_read(&reading, json);
    if (err == OK)
        err = check_together(&reading);
    if (err == OK)
        *out = reading.file;
    return err;
}
