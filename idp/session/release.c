/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/release.h"

#include <string.h>

#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "idp/person/evidence.h"
#include "idp/person/vault.h"
#include "idp/session/token.h"
#include "policies/assurance.h"
#include "policies/claims.h"
#include "policies/phone.h"
#include "policies/scope.h"

/* The person and what proves her, read once when the first claim needs them. */
struct source {
    struct ctx *ctx;
    struct person person;
    struct standing standing;
    struct buf *out;
};

static void
emit_name(struct source *source)
{
    emit_text(source->out, "name", source->person.name);
}

static void
emit_phone_number(struct source *source)
{
    emit_text(source->out, "phone_number", source->person.phone);
}

static void
emit_phone_number_verified(struct source *source)
{
    emit_bool(source->out, "phone_number_verified", source->person.phone_verified_at != 0);
}

static void
emit_identity_number(struct source *source)
{
    emit_text(source->out, "identity_number", source->person.identity_number);
}

static void
emit_identity_level(struct source *source)
{
    emit_text(source->out, "identity_level",
              arena_printf(source->ctx->arena, "l%d", source->standing.level));
}

static void
emit_check(struct source *source, const char *method)
{
    struct buf *out = source->out;
    const struct standing *standing = &source->standing;

    emit_object(out, NULL);
    emit_text(out, "check_method", method);
    emit_text(out, "organization", standing->source);
    emit_text_if(out, "check_id", standing->reference);
    emit_text(out, "time", time_rfc3339(source->ctx->arena, standing->proven_at));
    emit_object_end(out);
}

static void
emit_checks(struct source *source, const char *methods)
{
    const char *method;
    size_t size;

    emit_array(source->out, "check_details");
    while ((method = text_next_word(&methods, &size)) != NULL)
        emit_check(source, arena_copy(source->ctx->arena, method, size));
    emit_array_end(source->out);
}

/* What was looked at: a document with its issuer, or a record with its source. */
static void
emit_looked_at(struct source *source, const struct evidence_rule *rule)
{
    struct buf *out = source->out;
    bool document = text_eq(rule->type, "document");

    emit_object(out, document ? "document_details" : "record");
    emit_text(out, "type", rule->record);
    emit_object(out, document ? "issuer" : "source");
    if (!document)
        emit_text(out, "name", source->standing.source);
    emit_text(out, "country_code", "CHN");
    emit_object_end(out);
    emit_object_end(out);
}

static void
emit_evidence(struct source *source, const struct evidence_rule *rule)
{
    struct buf *out = source->out;

    emit_array(out, "evidence");
    emit_object(out, NULL);
    emit_text(out, "type", rule->type);
    emit_checks(source, rule->check_methods);
    emit_looked_at(source, rule);
    emit_object_end(out);
    emit_array_end(out);
}

/* OpenID Identity Assurance 1.0. */
static void
emit_verified_claims(struct source *source)
{
    struct buf *out = source->out;
    const struct evidence_rule *rule = evidence_rule(source->standing.kind);

    if (text_is_empty(rule->type))
        return; /* nothing that this trust framework vouches for */
    emit_object(out, "verified_claims");
    emit_object(out, "verification");
    emit_text(out, "trust_framework", "cn_hrss");
    emit_text(out, "assurance_level",
              arena_printf(source->ctx->arena, "l%d", source->standing.level));
    emit_text(out, "time", time_rfc3339(source->ctx->arena, source->standing.proven_at));
    emit_evidence(source, rule);
    emit_object_end(out);
    emit_object(out, "claims");
    emit_name(source);
    emit_object_end(out);
    emit_object_end(out);
}

static const struct {
    const char *claim;
    void (*emit)(struct source *source);
} emitters[] = {
    { "name", emit_name },
    { "phone_number", emit_phone_number },
    { "phone_number_verified", emit_phone_number_verified },
    { "identity_number", emit_identity_number },
    { "identity_level", emit_identity_level },
    { "verified_claims", emit_verified_claims },
};

#define EMITTERS (sizeof(emitters) / sizeof(emitters[0]))

static bool
scope_releases(struct arena *arena, const char *scope, const char *claim)
{
    const char *word;
    size_t size;

    while ((word = text_next_word(&scope, &size)) != NULL) {
        const struct scope *known = scope_find(arena_copy(arena, word, size));

        if (known != NULL && text_list_has(known->claims, claim))
            return true;
    }
    return false;
}

/* Bit i: the scope releases emitters[i]. */
static unsigned
claims_of(struct ctx *ctx, const char *scope)
{
    unsigned claims = 0;

    for (unsigned i = 0; i < EMITTERS; i++)
        if (scope_releases(ctx->arena, scope, emitters[i].claim))
            claims |= 1U << i;
    return claims;
}

bool
release_is_only_sub(struct ctx *ctx, const char *scope)
{
    return claims_of(ctx, scope) == 0;
}

static enum err
source_load(struct ctx *ctx, const char *person_id, struct source *out)
{
    enum err err = person_load(ctx, person_id, &out->person);

    if (err == OK && out->person.state != PERSON_ACTIVE)
        err = ERR_NOT_FOUND;
    return err == OK ? evidence_standing(ctx, person_id, &out->standing) : err;
}

static enum err
emit_claims(struct ctx *ctx, const struct approval *approval, unsigned claims, struct buf *out)
{
    struct source source = { .ctx = ctx, .out = out };
    enum err err;

    if (claims == 0)
        return OK;
    err = source_load(ctx, approval->subject.id, &source);
    for (size_t i = 0; err == OK && i < EMITTERS; i++)
        if ((claims >> i & 1U) != 0)
            emitters[i].emit(&source);
    return err;
}

/* The claims parameter can ask for nothing that the scopes do not release
 * already: see claim_allowed(). */
enum err
release_userinfo(struct ctx *ctx, const struct partner *partner, const struct approval *approval,
                 struct buf *out)
{
    enum err err;

    emit_object(out, NULL);
    emit_text(out, "sub", subject_for(ctx, partner, approval->subject.id));
    err = emit_claims(ctx, approval, claims_of(ctx, approval->scope), out);
    emit_object_end(out);
    return err;
}

static bool
id_token_wants(const struct claims_request *request, const char *claim)
{
    if (text_eq(claim, "verified_claims"))
        return request->id_token.verified_claims != NULL;
    return claim_wanted_find(&request->id_token, claim) != NULL;
}

enum err
release_id_token(struct ctx *ctx, const struct approval *approval, const char **out)
{
    struct claims_request request;
    struct buf buf = buf_new(ctx->arena, 64);
    unsigned claims = 0;
    enum err err = OK;

    emit_object(&buf, NULL);
    if (approval->claims[0] != '\0' &&
        claims_request_parse(ctx->arena, approval->claims, &request) == NULL) {
        for (unsigned i = 0; i < EMITTERS; i++)
            if (id_token_wants(&request, emitters[i].claim) &&
                claim_allowed(emitters[i].claim, approval->scope))
                claims |= 1U << i;
        err = emit_claims(ctx, approval, claims, &buf);
    }
    emit_object_end(&buf);
    *out = buf.at;
    return err;
}
