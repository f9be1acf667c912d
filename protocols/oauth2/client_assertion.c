/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/oauth2/client_assertion.h"

#include <string.h>

#include "idp/base/json.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "idp/partner/terminal.h"
#include "idp/tables/spent.h"
#include "keys/jws.h"
#include "keys/jwt_compat.h"
#include "keys/key_pair.h"
#include "keys/secret.h"

/* Which takes its own address as an audience, too (CIBA Core 1.0, 7.1). */
#define BC_AUTHORIZE "/oauth2/bc-authorize"
#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#define LIFE_MAX_S 300
#define AHEAD_MAX_S 60 /* clocks differ; FAPI 2.0 accepts 8 s and refuses over 60 s */
#define JTI_MAX_BYTES 255
#define NAME_MAX_BYTES 256

const char *
client_assertion_issuer(struct request *rq, const char *assertion)
{
    const char *issuer = NULL;
    struct jws jws;

    if (jws_read(rq->arena, assertion, &jws) != OK ||
        member_text(json_read(rq->arena, jws.payload), "iss", NAME_MAX_BYTES, &issuer) != OK)
        return NULL;
    return issuer;
}

static enum err
verify_with_key(struct request *rq, const char *assertion, const struct public_key *key,
                const char **claims)
{
    struct jws jws;
    const char *pem;
    enum err err;

    if (key->alg != JWS_EDDSA) {
        err = key_to_public_pem(rq->arena, key->key, &pem);
        return err == OK
                   ? jwt_compat_verify(rq->arena, assertion, key->alg, bytes_of_text(pem), claims)
                   : err;
    }
    err = jws_read(rq->arena, assertion, &jws); /* libjwt has no EdDSA */
    if (err == OK)
        err = jws_check(&jws, key->key, key->alg);
    if (err == OK)
        *claims = arena_copy(rq->arena, jws.payload.at, jws.payload.size);
    return err;
}

/* The key with the header's kid, or each key when it names none: the record of
 * the key says the algorithm. */
static enum err
verify_with_keys(struct request *rq, const struct partner *partner, const char *assertion,
                 const char **claims)
{
    struct jws jws;
    enum err err = ERR_FORGED;

    if (jws_read(rq->arena, assertion, &jws) != OK)
        return ERR_FORGED;
    for (size_t i = 0; err != OK && i < partner->keys.count; i++) {
        const struct public_key *key = &partner->keys.keys[i];
        const char *alg = partner->profile.auth_signing_alg;

        if (jws.kid[0] != '\0' && !text_eq(jws.kid, key->kid))
            continue;
        if (text_is_empty(alg) || text_eq(alg, jws_alg_name(key->alg)))
            err = verify_with_key(rq, assertion, key, claims);
    }
    return err;
}

static void
terminal_key_release(void *key)
{
    EVP_PKEY_free(key);
}

static enum err
verify_with_jwk(struct request *rq, const char *assertion, const char *jwk, const char **claims)
{
    struct public_key key;
    struct held held;
    enum err err = jwk_import(rq->arena, jwk, &key.key, &key.alg, &key.kid);

    if (err != OK)
        return err;
    hold_begin(&held, terminal_key_release, key.key);
    err = verify_with_key(rq, assertion, &key, claims);
    hold_release(&held);
    return err;
}

/* In a partner's name, by the key of one of its terminals, which the header names. Whoever was retired
 * a moment ago, on any node, is not found. */
static enum err
verify_with_terminal(struct request *rq, const struct partner *partner, const char *assertion,
                     const char **claims)
{
    struct stored_terminal *terminal = arena_alloc(rq->arena, sizeof(*terminal));
    struct jws jws;
    enum err err = jws_read(rq->arena, assertion, &jws);

    if (err == OK)
        err = terminal_find(rq->ctx, partner, jws.kid, terminal);
    if (err == OK)
        err = verify_with_jwk(rq, assertion, terminal->jwk, claims);
    if (err == OK)
        rq->terminal = terminal;
    return err;
}

/* What the claims of an assertion whose signature holds are judged by. */
struct asserted {
    struct request *rq;
    const struct partner *partner;
    const json_t *claims;
};

static bool
time_in(const struct asserted *it, const char *name, unix_s min, unix_s max, bool required)
{
    unix_s time;
    enum err err = member_time(it->claims, name, &time);

    if (err == ERR_NOT_FOUND)
        return !required;
    return err == OK && time >= min && time <= max;
}

static bool
names_partner(const struct asserted *it, const char *name)
{
    const char *partner_id = it->partner->profile.partner_id;
    const char *text;

    return member_text(it->claims, name, strlen(partner_id), &text) == OK &&
           text_eq(text, partner_id);
}

static bool
issuer_holds(const struct asserted *it)
{
    return names_partner(it, "iss");
}

static bool
subject_holds(const struct asserted *it)
{
    return names_partner(it, "sub");
}

/* Alone in its list: among others, one of those could bring the assertion here. */
static const char *
only_audience(const json_t *claims)
{
    const json_t *aud = json_object_get(claims, "aud");

    if (json_is_array(aud) && json_array_size(aud) == 1)
        aud = json_array_get(aud, 0);
    return json_string_value(aud);
}

static bool
audience_holds(const struct asserted *it)
{
    const char *issuer = it->rq->ctx->settings->server.issuer;
    const char *audience = only_audience(it->claims);

    if (text_eq(audience, issuer))
        return true;
    if (text_eq(it->rq->path, BC_AUTHORIZE) &&
        text_is_empty(it->partner->profile.assertion_audience) &&
        text_eq(audience, arena_printf(it->rq->arena, "%s" BC_AUTHORIZE, issuer)))
        return true;
    return text_is_empty(it->partner->profile.assertion_audience) &&
           text_eq(audience, arena_printf(it->rq->arena, "%s/oauth2/token", issuer));
}

static bool
id_holds(const struct asserted *it)
{
    const char *jti;

    return member_text(it->claims, "jti", JTI_MAX_BYTES, &jti) == OK && jti[0] != '\0';
}

static bool
end_holds(const struct asserted *it)
{
    unix_s now = it->rq->now;

    return time_in(it, "exp", now + 1, now + LIFE_MAX_S + AHEAD_MAX_S, true);
}

static bool
begin_holds(const struct asserted *it)
{
    unix_s now = it->rq->now;

    return time_in(it, "iat", now - LIFE_MAX_S - AHEAD_MAX_S, now + AHEAD_MAX_S, false);
}

static bool
not_before_holds(const struct asserted *it)
{
    return time_in(it, "nbf", 0, it->rq->now + AHEAD_MAX_S, false);
}

static const struct {
    const char *reason; /* in the audit trail */
    bool (*holds)(const struct asserted *it);
} claim_rules[] = {
    { "assertion_iss", issuer_holds },     { "assertion_sub", subject_holds },
    { "assertion_aud", audience_holds },   { "assertion_jti", id_holds },
    { "assertion_exp", end_holds },        { "assertion_iat", begin_holds },
    { "assertion_nbf", not_before_holds },
};

/* Spent only after the signature held, so a forger cannot use up somebody's jti. */
static const struct problem *
jti_spend(const struct asserted *it, const char **reason)
{
    struct request *rq = it->rq;
    const struct partner *partner = it->partner;
    const char *jti = json_string_value(json_object_get(it->claims, "jti"));
    struct digest id =
        digest_keyed_texts(&rq->ctx->keys->index, "jti", partner->profile.partner_id, jti, NULL);
    enum err err =
        store_spent_insert(rq->ctx->store, &id, "", rq->now + LIFE_MAX_S + 2 * AHEAD_MAX_S);

    *reason = "assertion_replayed";
    return err == ERR_CONFLICT ? &problem_client_unauthenticated : problem_of(err);
}

static bool
is_typed(const struct request *rq)
{
    return text_eq(param(rq, "client_assertion_type"), ASSERTION_TYPE);
}

/* `claims` are those of an assertion whose signature holds. */
static const struct problem *
claims_judge(struct request *rq, const struct partner *partner, const char *claims,
             const char **reason)
{
    struct asserted it = { rq, partner, json_read(rq->arena, bytes_of_text(claims)) };

    for (size_t i = 0; i < sizeof(claim_rules) / sizeof(claim_rules[0]); i++) {
        *reason = claim_rules[i].reason;
        if (!claim_rules[i].holds(&it))
            return &problem_client_unauthenticated;
    }
    return jti_spend(&it, reason);
}

const struct problem *
client_assertion_by_key(struct request *rq, const struct partner *partner, const char *assertion,
                        const char **reason)
{
    bool is_terminal = text_eq(partner->profile.channel, TERMINAL_CHANNEL);
    const struct problem *problem;
    const char *claims;
    enum err err;

    if (!is_typed(rq))
        return &problem_client_unauthenticated;
    err = is_terminal ? verify_with_terminal(rq, partner, assertion, &claims)
                      : verify_with_keys(rq, partner, assertion, &claims);
    if (err == ERR_UNAVAILABLE || err == ERR_BUSY || err == ERR_UNKNOWN)
        return problem_of(err); /* the store: nothing is known of the terminal */
    if (err != OK)
        return &problem_client_unauthenticated;
    problem = claims_judge(rq, partner, claims, reason);
    if (problem == NULL && is_terminal)
        rq->ctx->terminal_id = rq->terminal->terminal_id;
    return problem;
}

static enum err
verify_with_secrets(struct request *rq, const struct partner *partner, const char *assertion,
                    const char **claims)
{
    enum jws_alg alg = jws_alg_of(partner->profile.auth_signing_alg);
    enum err err = ERR_FORGED;

    for (size_t i = 0; err != OK && i < partner->secret_count; i++)
        if (rq->now < partner->secrets[i].until)
            err = jwt_compat_verify(rq->arena, assertion, alg, partner->secrets[i].clear, claims);
    return err;
}

const struct problem *
client_assertion_by_secret(struct request *rq, const struct partner *partner, const char *assertion,
                           const char **reason)
{
    const char *claims;

    if (!is_typed(rq) || verify_with_secrets(rq, partner, assertion, &claims) != OK)
        return &problem_client_unauthenticated;
    return claims_judge(rq, partner, claims, reason);
}
