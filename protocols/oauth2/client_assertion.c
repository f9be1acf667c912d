/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/oauth2/client_assertion.h"

#include <string.h>

#include "idp/base/json.h"
#include "idp/base/text.h"
#include "idp/tables/spent.h"
#include "keys/jws.h"
#include "keys/jwt_compat.h"
#include "keys/key_pair.h"
#include "keys/secret.h"

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

static bool
time_in(const json_t *claims, const char *name, unix_s min, unix_s max, bool required)
{
    unix_s time;
    enum err err = member_time(claims, name, &time);

    if (err == ERR_NOT_FOUND)
        return !required;
    return err == OK && time >= min && time <= max;
}

static bool
text_is(const json_t *claims, const char *name, const char *expected)
{
    const char *text;

    return member_text(claims, name, strlen(expected), &text) == OK && text_eq(text, expected);
}

static bool
claims_hold(struct request *rq, const struct partner *partner, const json_t *claims,
            const char **jti)
{
    unix_s now = rq->now;

    return text_is(claims, "iss", partner->profile.partner_id) &&
           text_is(claims, "sub", partner->profile.partner_id) &&
           text_is(claims, "aud", rq->ctx->settings->server.issuer) &&
           member_text(claims, "jti", JTI_MAX_BYTES, jti) == OK && (*jti)[0] != '\0' &&
           time_in(claims, "exp", now + 1, now + LIFE_MAX_S + AHEAD_MAX_S, true) &&
           time_in(claims, "iat", now - LIFE_MAX_S - AHEAD_MAX_S, now + AHEAD_MAX_S, false) &&
           time_in(claims, "nbf", 0, now + AHEAD_MAX_S, false);
}

/* Spent only after the signature held, so a forger cannot use up somebody's jti. */
static const struct problem *
jti_spend(struct request *rq, const struct partner *partner, const char *jti)
{
    struct digest id =
        digest_keyed_texts(&rq->ctx->keys->index, "jti", partner->profile.partner_id, jti, NULL);
    enum err err =
        store_spent_insert(rq->ctx->store, &id, "", rq->now + LIFE_MAX_S + 2 * AHEAD_MAX_S);

    return err == ERR_CONFLICT ? &problem_client_unauthenticated : problem_of(err);
}

static bool
is_typed(const struct request *rq)
{
    return text_eq(param(rq, "client_assertion_type"), ASSERTION_TYPE);
}

/* `claims` are those of an assertion whose signature holds. */
static const struct problem *
claims_judge(struct request *rq, const struct partner *partner, const char *claims)
{
    const char *jti;

    if (!claims_hold(rq, partner, json_read(rq->arena, bytes_of_text(claims)), &jti))
        return &problem_client_unauthenticated;
    return jti_spend(rq, partner, jti);
}

const struct problem *
client_assertion_by_key(struct request *rq, const struct partner *partner, const char *assertion)
{
    const char *claims;

    if (!is_typed(rq) || verify_with_keys(rq, partner, assertion, &claims) != OK)
        return &problem_client_unauthenticated;
    return claims_judge(rq, partner, claims);
}

const struct problem *
client_assertion_by_secret(struct request *rq, const struct partner *partner, const char *assertion)
{
    enum jws_alg alg = jws_alg_of(partner->profile.auth_signing_alg);
    const char *claims;

    if (!is_typed(rq) ||
        jwt_compat_verify(rq->arena, assertion, alg, partner->secret, &claims) != OK)
        return &problem_client_unauthenticated;
    return claims_judge(rq, partner, claims);
}
