/* SPDX-License-Identifier: Apache-2.0 */
/*
 * grant_type=urn:hrss:params:oauth:grant-type:card-pin (RFC 6749, 4.5; docs/adr/0043): a physical
 * social-security card in the reader of a terminal, and the PIN that was typed there.
 */
#include "idp/audit/audit.h"
#include "idp/base/json.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "idp/session/apart.h"
#include "idp/session/card_login.h"
#include "idp/tables/spent.h"
#include "idp/tables/terminal.h"
#include "keys/jws.h"
#include "policies/scope.h"
#include "protocols/oauth2/grants/grants.h"

#define TYP "card-reading+jwt"
#define LIFE_MAX_S 120
#define AHEAD_MAX_S 60
#define JTI_MAX_BYTES 255
#define NAME_MAX_BYTES 256

/* --- The reading: a JWS by the terminal's key --- */

struct card_claims {
    struct request *rq;
    const json_t *claims;
};

static bool
says(const struct card_claims *it, const char *name, const char *wanted)
{
    const char *text;

    return member_text(it->claims, name, NAME_MAX_BYTES, &text) == OK && text_eq(text, wanted);
}

static bool
issuer_holds(const struct card_claims *it)
{
    return says(it, "iss", it->rq->partner->profile.partner_id);
}

static bool
subject_holds(const struct card_claims *it)
{
    return says(it, "sub", it->rq->terminal->terminal_id);
}

static bool
audience_holds(const struct card_claims *it)
{
    return says(it, "aud", it->rq->ctx->settings->server.issuer);
}

static bool
id_holds(const struct card_claims *it)
{
    const char *jti;

    return member_text(it->claims, "jti", JTI_MAX_BYTES, &jti) == OK && jti[0] != '\0';
}

static bool
time_in(const struct card_claims *it, const char *name, unix_s min, unix_s max)
{
    unix_s time;

    return member_time(it->claims, name, &time) == OK && time >= min && time <= max;
}

static bool
begin_holds(const struct card_claims *it)
{
    unix_s now = it->rq->now;

    return time_in(it, "iat", now - LIFE_MAX_S, now + AHEAD_MAX_S);
}

static bool
end_holds(const struct card_claims *it)
{
    unix_s now = it->rq->now;

    return time_in(it, "exp", now + 1, now + LIFE_MAX_S + AHEAD_MAX_S);
}

static const struct {
    const char *reason;
    bool (*holds)(const struct card_claims *it);
} claim_rules[] = {
    { "iss", issuer_holds }, { "sub", subject_holds }, { "aud", audience_holds },
    { "iat", begin_holds },  { "exp", end_holds },     { "jti", id_holds },
};

static void
reader_key_release(void *key)
{
    EVP_PKEY_free(key);
}

static enum err
signature_check(struct request *rq, const struct jws *jws)
{
    struct held held;
    enum jws_alg alg;
    const char *kid;
    EVP_PKEY *key;
    enum err err = jwk_import(rq->arena, rq->terminal->jwk, &key, &alg, &kid);

    if (err != OK)
        return err;
    hold_begin(&held, reader_key_release, key);
    err = jws_check(jws, key, alg);
    hold_release(&held);
    return err;
}

/* NULL, or what is wrong with it as a word for the audit trail. */
static const char *
card_reading_open(struct request *rq, const char *text, struct card_claims *out)
{
    struct jws jws;

    *out = (struct card_claims) { rq, NULL };
    if (jws_read(rq->arena, text, &jws) != OK || !text_eq(jws.typ, TYP) ||
        signature_check(rq, &jws) != OK)
        return "jws";
    out->claims = json_read(rq->arena, jws.payload);
    for (size_t i = 0; i < sizeof(claim_rules) / sizeof(claim_rules[0]); i++)
        if (!claim_rules[i].holds(out))
            return claim_rules[i].reason;
    return NULL;
}

static const char *
card_reading_read(const struct card_claims *it, struct card_reading *out)
{
    const char *text;

    if (member_text(it->claims, "reading", CARD_READING_MAX_BYTES, &text) != OK)
        return "fields";
    return card_reading_parse(it->rq->arena, text, time_beijing_date(it->rq->now), out);
}

static const struct problem *
refused(struct request *rq, const char *reason)
{
    audit_note(rq->ctx,
               &(struct audit_record) { .event = AUDIT_CARD_REJECTED,
                                        .reason = reason,
                                        .subject = { SUBJECT_TERMINAL, rq->ctx->terminal_id },
                                        .partner_id = rq->ctx->partner_id });
    return &problem_card_reading_invalid;
}

/* Good once, on all nodes: whoever has a reading cannot try one PIN after another with it. */
static const struct problem *
reading_spend(const struct card_claims *it)
{
    struct request *rq = it->rq;
    const char *jti = json_string_value(json_object_get(it->claims, "jti"));
    struct digest id = digest_keyed_texts(&rq->ctx->keys->index, "card.reading",
                                          rq->terminal->terminal_id, jti, NULL);
    enum err err =
        store_spent_insert(rq->ctx->store, &id, "", rq->now + LIFE_MAX_S + 2 * AHEAD_MAX_S);

    return err == ERR_CONFLICT ? refused(rq, "replayed") : problem_of(err);
}

/* --- The login --- */

struct card_asking {
    struct card_login login;
    const char *scope;
    struct stored_grant grant;
};

static enum err
terminal_holds(struct ctx *ctx, void *state)
{
    const struct stored_terminal *terminal = state;
    enum err err = store_terminal_hold(ctx->store, terminal->terminal_id, terminal->thumbprint);

    return err == ERR_NOT_FOUND ? ERR_REFUSED : err;
}

static const struct problem *
session_open(struct request *rq, struct card_asking *asking, const struct proof *proof)
{
    const struct apart apart = { .proof = proof,
                                 .partner = rq->partner,
                                 .scope = asking->scope,
                                 .claims = "",
                                 .bound_key = rq->proof_key,
                                 .take = terminal_holds,
                                 .state = (void *)rq->terminal };
    enum err err = apart_begin(rq->ctx, &apart, &asking->grant);

    if (err == ERR_REFUSED)
        return &problem_terminal_missing; /* it was retired, or she was stopped, meanwhile */
    if (err == ERR_FULL)
        return &problem_person_grants_full;
    return err == OK ? answer_grant(rq, &asking->grant) : problem_of(err);
}

static const struct problem *
answered(struct request *rq, void *state)
{
    struct card_asking *asking = state;
    struct proof proof;
    const struct problem *problem = card_login_end(rq->ctx, &asking->login, &proof);

    return problem != NULL ? problem : session_open(rq, asking, &proof);
}

static const struct problem *
scope_read(struct request *rq, const char **out)
{
    const struct partner_profile *profile = &rq->partner->profile;
    const struct scope_bounds bounds = { profile->scope, profile->strict_scope, false };
    const struct problem *problem = scope_check(rq->arena, param(rq, "scope"), &bounds, out);

    if (problem != NULL)
        return problem;
    return scope_has_openid(*out) ? NULL : &problem_scope_openid_missing;
}

/* What is typed is judged before the reading is used up. */
static const struct problem *
check_read(struct request *rq, struct card_check *out)
{
    const char *text = param(rq, "card_reading");
    struct card_claims claims;
    const char *reason;

    out->pin = param(rq, "pin");
    if (text == NULL)
        return &problem_card_reading_missing;
    if (out->pin == NULL || !card_pin_is_well_formed(out->pin))
        return &problem_card_pin_malformed;
    reason = card_reading_open(rq, text, &claims);
    if (reason == NULL)
        reason = card_reading_read(&claims, &out->reading);
    return reason != NULL ? refused(rq, reason) : reading_spend(&claims);
}

const struct problem *
grant_card_pin(struct request *rq)
{
    struct card_asking *asking = arena_alloc(rq->arena, sizeof(*asking));
    struct card_check check = { .traceparent = NULL };
    const struct problem *problem;

    if (rq->terminal == NULL)
        return &problem_terminal_missing;
    problem = scope_read(rq, &asking->scope);
    if (problem == NULL)
        problem = check_read(rq, &check);
    if (problem == NULL)
        problem = card_login_begin(rq->ctx, &check, &asking->login);
    if (problem != NULL)
        return problem;
    return request_ask(rq, &ask_card, &asking->login, answered, asking);
}
