/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/oauth2/signed_request.h"

#include "idp/base/json.h"
#include "idp/base/text.h"
#include "idp/tables/spent.h"
#include "keys/jws.h"
#include "keys/secret.h"

#define HOUR_S 3600
#define AHEAD_MAX_S 60 /* clocks differ */
#define JTI_MAX_BYTES 255
#define AUDIENCE_MAX_BYTES 1024
#define MEMBER_MAX_BYTES 8192

/* With the kid of the header, or any key of the algorithm when it names none. The record of the
 * registration says the algorithm, never the object. */
static enum err
signature_check(const struct partner *partner, const struct jws *jws)
{
    enum jws_alg alg = jws_alg_of(partner->profile.backchannel_request_alg);
    enum err err = ERR_FORGED;

    for (size_t i = 0; err != OK && i < partner->keys.count; i++) {
        const struct public_key *key = &partner->keys.keys[i];

        if (key->alg != alg || (jws->kid[0] != '\0' && !text_eq(jws->kid, key->kid)))
            continue;
        err = jws_check(jws, key->key, alg);
    }
    return err;
}

static bool
time_in(const json_t *claims, const char *name, unix_s min, unix_s max)
{
    unix_s time;

    return member_time(claims, name, &time) == OK && time >= min && time <= max;
}

static bool
audience_holds(const struct request *rq, const json_t *claims)
{
    const char *audience;

    return member_audience(rq->arena, claims, AUDIENCE_MAX_BYTES, &audience) == OK &&
           text_list_has(audience, rq->ctx->settings->server.issuer);
}

static bool
issuer_holds(const struct request *rq, const json_t *claims)
{
    const char *issuer;

    return member_text(claims, "iss", MEMBER_MAX_BYTES, &issuer) == OK &&
           text_eq(issuer, rq->partner->profile.partner_id);
}

static bool
end_holds(const struct request *rq, const json_t *claims)
{
    return time_in(claims, "exp", rq->now + 1, rq->now + HOUR_S);
}

static bool
issue_holds(const struct request *rq, const json_t *claims)
{
    return time_in(claims, "iat", rq->now - HOUR_S, rq->now + AHEAD_MAX_S);
}

static bool
begin_holds(const struct request *rq, const json_t *claims)
{
    return time_in(claims, "nbf", rq->now - HOUR_S, rq->now + AHEAD_MAX_S);
}

static bool
id_holds(const struct request *rq, const json_t *claims)
{
    const char *jti;

    (void)rq;
    return member_text(claims, "jti", JTI_MAX_BYTES, &jti) == OK && jti[0] != '\0';
}

static const struct {
    const char *name;
    bool (*holds)(const struct request *rq, const json_t *claims);
} claim_rules[] = {
    { "aud", audience_holds }, { "iss", issuer_holds }, { "exp", end_holds },
    { "iat", issue_holds },    { "nbf", begin_holds },  { "jti", id_holds },
};

#define CLAIMS (sizeof(claim_rules) / sizeof(claim_rules[0]))

static bool
is_of_the_object(const char *name)
{
    for (size_t i = 0; i < CLAIMS; i++) {
        if (text_eq(name, claim_rules[i].name))
            return true;
    }
    return false;
}

/* False: it is neither a text nor a whole number, or goes beyond a bound. */
static bool
value_read(struct arena *arena, const json_t *value, const char **out)
{
    if (json_is_integer(value)) {
        *out = arena_printf(arena, "%lld", (long long)json_integer_value(value));
        return true;
    }
    *out = json_string_value(value);
    return *out != NULL && json_string_length(value) <= MEMBER_MAX_BYTES;
}

static bool
members_read(struct arena *arena, const json_t *claims, struct params *out)
{
    const json_t *value;
    const char *name;
    void *at = NULL;

    *out = (struct params) {
        .names = arena_alloc(arena, PARAMS_MAX * sizeof(*out->names)),
        .values = arena_alloc(arena, PARAMS_MAX * sizeof(*out->values)),
    };
    while ((name = member_next(claims, &at, &value)) != NULL) {
        if (is_of_the_object(name))
            continue;
        if (out->count == PARAMS_MAX || !value_read(arena, value, &out->values[out->count]))
            return false;
        out->names[out->count++] = name;
    }
    return true;
}

/* Spent only after all else held, so that nobody uses up another's. */
static const struct problem *
jti_spend(struct request *rq, const json_t *claims, const char **reason)
{
    const char *partner_id = rq->partner->profile.partner_id;
    const char *jti = json_string_value(json_object_get(claims, "jti"));
    struct digest id =
        digest_keyed_texts(&rq->ctx->keys->index, "request.jti", partner_id, jti, NULL);
    enum err err = store_spent_insert(rq->ctx->store, &id, "", rq->now + HOUR_S + 1);

    *reason = "replayed";
    return err == ERR_CONFLICT ? &problem_request_object_invalid : problem_of(err);
}

const struct problem *
signed_request_read(struct request *rq, const char *object, struct params *out, const char **reason)
{
    const json_t *claims;
    struct jws jws;

    *reason = "signature";
    if (jws_read(rq->arena, object, &jws) != OK || signature_check(rq->partner, &jws) != OK)
        return &problem_request_object_invalid;
    claims = json_read(rq->arena, jws.payload);
    for (size_t i = 0; i < CLAIMS; i++) {
        *reason = claim_rules[i].name;
        if (!claim_rules[i].holds(rq, claims))
            return &problem_request_object_invalid;
    }
    *reason = "members";
    if (!members_read(rq->arena, claims, out))
        return &problem_request_object_invalid;
    return jti_spend(rq, claims, reason);
}
