/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/oauth2/grants/card_reading_token.h"

#include "idp/audit/audit.h"
#include "idp/base/json.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "idp/partner/registry.h"
#include "idp/tables/spent.h"
#include "idp/tables/terminal.h"
#include "keys/jws.h"

#define TYP "card-reading+jwt"
#define LIFE_MAX_S 120
#define AHEAD_MAX_S 60
#define JTI_MAX_BYTES 255
#define NAME_MAX_BYTES 256

struct card_claims {
    struct request *rq;
    const char *reader_id;
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
    return says(it, "sub", it->reader_id);
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
terminal_check(struct request *rq, const struct jws *jws)
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

/* By the key that the header names, or by any when it names none. */
static enum err
partner_check(struct request *rq, const struct jws *jws)
{
    const struct key_set *keys = &rq->partner->keys;
    enum err err = ERR_FORGED;

    for (size_t i = 0; err != OK && i < keys->count; i++)
        if (jws->kid[0] == '\0' || text_eq(jws->kid, keys->keys[i].kid))
            err = jws_check(jws, keys->keys[i].key, keys->keys[i].alg);
    return err;
}

static enum err
signature_check(struct request *rq, const struct jws *jws)
{
    return rq->terminal != NULL ? terminal_check(rq, jws) : partner_check(rq, jws);
}

/* NULL, or what is wrong with it as a word for the audit trail. */
static const char *
card_reading_open(struct request *rq, const char *text, struct card_claims *out)
{
    struct jws jws;

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

/* Who has the reader. */
static struct subject
reader_of(const struct request *rq)
{
    if (rq->terminal != NULL)
        return (struct subject) { SUBJECT_TERMINAL, rq->ctx->terminal_id };
    return (struct subject) { SUBJECT_STAFF, rq->ctx->staff_id };
}

static const struct problem *
refused(struct request *rq, const char *reason)
{
    audit_note(rq->ctx, &(struct audit_record) { .event = AUDIT_CARD_REJECTED,
                                                 .reason = reason,
                                                 .subject = reader_of(rq),
                                                 .partner_id = rq->ctx->partner_id });
    return &problem_card_reading_invalid;
}

static const struct problem *
reading_spend(const struct card_claims *it)
{
    struct request *rq = it->rq;
    const char *jti = json_string_value(json_object_get(it->claims, "jti"));
    struct digest id =
        digest_keyed_texts(&rq->ctx->keys->index, "card.reading", it->reader_id, jti, NULL);
    enum err err =
        store_spent_insert(rq->ctx->store, &id, "", rq->now + LIFE_MAX_S + 2 * AHEAD_MAX_S);

    return err == ERR_CONFLICT ? refused(rq, "replayed") : problem_of(err);
}

const struct problem *
card_reading_take(struct request *rq, const char *text, const char *reader_id,
                  struct card_reading *out)
{
    struct card_claims claims = { rq, reader_id, NULL };
    const char *reason = card_reading_open(rq, text, &claims);

    if (reason == NULL)
        reason = card_reading_read(&claims, out);
    return reason != NULL ? refused(rq, reason) : reading_spend(&claims);
}
