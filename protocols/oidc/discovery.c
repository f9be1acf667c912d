/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /.well-known/openid-configuration: OpenID Connect Discovery 1.0; GET
 * /.well-known/oauth-authorization-server: RFC 8414; GET /oauth2/jwks and GET /card/jwks: RFC 7517.
 * Prepared once and sent as they are until keys change.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/emit.h"
#include "idp/base/snapshot.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "idp/connect/wechat.h"
#include "idp/session/verified.h"
#include "policies/assurance.h"
#include "policies/auth_method.h"
#include "policies/backchannel.h"
#include "policies/claim_rule.h"
#include "policies/dpop.h"
#include "policies/partner_profile.h"
#include "policies/scope.h"
#include "policies/signing_alg.h"
#include "protocols/endpoints.h"
#include "protocols/http/documents.h"
#include "protocols/routes.h"

#define CACHE "public, max-age=300"

/* A document and what it was made from: made anew when that has changed (old ones stay:
 * answers may point to them). */
struct prepared {
    const struct document *document;
    char *made_from;
};

static void
prepared_free(void *old)
{
    struct prepared *prepared = old;

    free(prepared->made_from);
    free(prepared);
}

static const struct problem *
answer_prepared(struct request *rq, _Atomic(struct prepared *) *slot, const char *from,
                void (*write)(struct request *rq, struct buf *out))
{
    struct prepared *prepared = atomic_load_explicit(slot, memory_order_acquire);
    const struct document *document;
    struct buf json;

    if (prepared != NULL && text_eq(prepared->made_from, from))
        return respond_document(rq, prepared->document);
    json = buf_new(rq->arena, 4096);
    write(rq, &json);
    document =
        document_new("application/json", CACHE, rq->route->cors == CORS_ANY, buf_view(&json));
    prepared = memory_new(sizeof(*prepared));
    *prepared = (struct prepared) { .document = document, .made_from = strdup(from) };
    snapshot_retire(atomic_exchange(slot, prepared), prepared_free);
    return respond_document(rq, prepared->document);
}

static void
jwks_write(struct request *rq, struct buf *out)
{
    buf_text(out, rq->ctx->keys->jwks);
}

static void
card_jwks_write(struct request *rq, struct buf *out)
{
    buf_text(out, rq->ctx->keys->card_jwks);
}

const struct problem *
endpoint_jwks(struct request *rq)
{
    static _Atomic(struct prepared *) slot;

    return answer_prepared(rq, &slot, rq->ctx->keys->jwks, jwks_write);
}

/* GET /card/jwks: the keys that card codes are signed with, under short names. */
const struct problem *
endpoint_card_jwks(struct request *rq)
{
    static _Atomic(struct prepared *) slot;

    return answer_prepared(rq, &slot, rq->ctx->keys->card_jwks, card_jwks_write);
}

/* Those that a partner may ask for and the key ring has a key of. */
static const char *
signing_algs(struct request *rq)
{
    const char *words = ALGS_OF_KEYS;
    struct buf list = buf_new(rq->arena, 32);
    const char *word;
    size_t size;

    while ((word = text_next_word(&words, &size)) != NULL) {
        const char *alg = arena_copy(rq->arena, word, size);

        if (!keyring_signs(rq->ctx->keys, jws_alg_of(alg)))
            continue;
        buf_text(&list, list.size > 0 ? " " : "");
        buf_text(&list, alg);
    }
    return list.at;
}

static void
emit_endpoints(struct request *rq, struct buf *out)
{
    static const struct {
        const char *name;
        const char *path;
    } endpoints[] = {
        { "authorization_endpoint", "/oauth2/authorize" },
        { "token_endpoint", "/oauth2/token" },
        { "userinfo_endpoint", "/oidc/userinfo" },
        { "jwks_uri", "/oauth2/jwks" },
        { "card_codes_jwks_uri", "/card/jwks" }, /* ours: docs/adr/0051 */
        { "introspection_endpoint", "/oauth2/introspect" },
        { "revocation_endpoint", "/oauth2/revoke" },
        { "end_session_endpoint", "/oidc/logout" },
        { "check_session_iframe", "/oidc/session" },
        { "browser_ticket_endpoint", "/ticket" }, /* ours: docs/adr/0047 */
        { "device_authorization_endpoint", "/oauth2/device_authorization" },
        { "backchannel_authentication_endpoint", "/oauth2/bc-authorize" },
    };
    const char *issuer = rq->ctx->settings->server.issuer;

    emit_text(out, "issuer", issuer);
    for (size_t i = 0; i < sizeof(endpoints) / sizeof(endpoints[0]); i++)
        emit_text(out, endpoints[i].name,
                  arena_printf(rq->arena, "%s%s", issuer, endpoints[i].path));
}

/* There is a listener for them. */
static bool
staff_come(const struct request *rq)
{
    return !text_is_empty(rq->ctx->settings->staff.url);
}

/* Every claim of a token, and every one that we tell of a person, or that verified_claims holds. */
static const char *
claims_told(struct request *rq, bool verified)
{
    struct buf list = buf_new(rq->arena, 256);

    buf_text(&list, verified ? "" : "sub iss aud exp iat auth_time nonce acr amr sid");
    for (unsigned i = 0; i < CLAIM_COUNT; i++) {
        if ((verified && !claim_rules[i].verified) ||
            (claim_rules[i].fact == FACT_STAFF && !staff_come(rq)))
            continue;
        buf_text(&list, list.size > 0 ? " " : "");
        buf_text(&list, claim_rules[i].name);
    }
    return list.at;
}

/* OpenID Identity Assurance 1.0, 9: the kinds that something makes today and verified_claims tells. */
static void
emit_evidence(struct request *rq, struct buf *out)
{
    const char *types = "";
    const char *records = "";
    const char *documents = "";
    const char *methods = "";

    for (enum evidence_kind kind = EVIDENCE_NONE; kind < EVIDENCE_KINDS; kind++) {
        const struct evidence_rule *rule = evidence_rule(kind);
        const char **list = text_eq(rule->type, "document") ? &documents : &records;

        if (rule->source == NULL || text_is_empty(rule->type))
            continue;
        types = text_list_union(rq->arena, types, rule->type);
        *list = text_list_union(rq->arena, *list, rule->record);
        methods = text_list_union(rq->arena, methods, rule->check_methods);
    }
    emit_list(out, "evidence_supported", types);
    emit_list(out, "electronic_records_supported", records);
    if (!text_is_empty(documents))
        emit_list(out, "documents_supported", documents);
    emit_list(out, "documents_check_methods_supported", methods); /* of records too */
}

static void
emit_scopes_and_claims(struct request *rq, struct buf *out)
{
    emit_array(out, "scopes_supported");
    for (const char *const *scope = all_scopes; *scope != NULL; scope++)
        if (facts_told(*scope) != 0 && (staff_come(rq) || !text_eq(*scope, SCOPE_STAFF)))
            emit_text(out, NULL, *scope);
    emit_array_end(out);
    emit_list(out, "claims_supported", claims_told(rq, false));
    emit_bool(out, "claims_parameter_supported", true);
    emit_list(out, "acr_values_supported",
              staff_come(rq) ? "urn:hrss:acr:l1 urn:hrss:acr:l2 urn:hrss:acr:l3 urn:hrss:acr:l4"
                             : "urn:hrss:acr:l1 urn:hrss:acr:l2");
    emit_bool(out, "verified_claims_supported", true);
    emit_list(out, "trust_frameworks_supported", TRUST_FRAMEWORK);
    emit_list(out, "claims_in_verified_claims_supported", claims_told(rq, true));
    emit_evidence(rq, out);
}

static void
emit_methods(struct buf *out, const char *name, bool of_public)
{
    emit_array(out, name);
    for (const struct auth_method *method = auth_methods; method->name != NULL; method++)
        if (of_public || method->need != AUTH_NEEDS_NOTHING)
            emit_text(out, NULL, method->name);
    emit_array_end(out);
}

/* Introspection is for partners that prove who they are (RFC 7662, 2.1). */
static void
emit_client_authentication(struct request *rq, struct buf *out)
{
    static const struct {
        const char *endpoint;
        bool of_public;
    } endpoints[] = { { "token", true }, { "introspection", false }, { "revocation", true } };

    for (size_t i = 0; i < sizeof(endpoints) / sizeof(endpoints[0]); i++) {
        emit_methods(
            out,
            arena_printf(rq->arena, "%s_endpoint_auth_methods_supported", endpoints[i].endpoint),
            endpoints[i].of_public);
        emit_list(out,
                  arena_printf(rq->arena, "%s_endpoint_auth_signing_alg_values_supported",
                               endpoints[i].endpoint),
                  ALGS_OF_ASSERTIONS);
    }
}

static void
emit_locales(struct buf *out)
{
    emit_array(out, "ui_locales_supported");
    for (size_t i = 0; i < LANGUAGE_COUNT; i++)
        emit_text(out, NULL, languages[i].tag);
    emit_array_end(out);
}

/* What the operator tells partners beside the protocol; nothing where nothing is set. */
static void
emit_operators_pages(struct request *rq, struct buf *out)
{
    const struct settings *settings = rq->ctx->settings;

    emit_text_if(out, "service_documentation", settings->discovery.service_documentation);
    emit_text_if(out, "op_policy_uri", settings->discovery.op_policy_uri);
    emit_text_if(out, "op_tos_uri", settings->discovery.op_tos_uri);
}

/* Without a mini program its grant type is refused. */
static const char *
grant_types_here(struct request *rq)
{
    static const char wechat[] = " " GRANT_TYPE_WECHAT;
    const char *at = strstr(partner_grant_types, wechat);

    if (at == NULL || wechat_is_configured(rq->ctx->services->wechat, WECHAT_MINI))
        return partner_grant_types;
    return arena_printf(rq->arena, "%.*s%s", (int)(at - partner_grant_types), partner_grant_types,
                        at + strlen(wechat));
}

static void
discovery_write(struct request *rq, struct buf *out)
{
    emit_object(out, NULL);
    emit_endpoints(rq, out);
    emit_scopes_and_claims(rq, out);
    emit_client_authentication(rq, out);
    emit_list(out, "response_types_supported", "code");
    emit_list(out, "response_modes_supported", PARTNER_RESPONSE_MODES);
    emit_list(out, "grant_types_supported", grant_types_here(rq));
    emit_list(out, "subject_types_supported", PARTNER_SUBJECT_TYPES);
    emit_list(out, "id_token_signing_alg_values_supported", signing_algs(rq));
    emit_list(out, "code_challenge_methods_supported", "S256");
    emit_list(out, "dpop_signing_alg_values_supported", DPOP_ALGS);
    emit_list(out, "prompt_values_supported", "none login consent select_account");
    emit_list(out, "display_values_supported", "page popup touch");
    emit_locales(out);
    emit_bool(out, "request_parameter_supported", false);
    emit_bool(out, "request_uri_parameter_supported", false);
    emit_bool(out, "authorization_response_iss_parameter_supported", true);
    emit_bool(out, "native_sso_supported", true);
    emit_bool(out, "backchannel_logout_supported", true);
    emit_bool(out, "backchannel_logout_session_supported", true);
    emit_bool(out, "frontchannel_logout_supported", true);
    emit_bool(out, "frontchannel_logout_session_supported", true);
    emit_list(out, "backchannel_token_delivery_modes_supported", BACKCHANNEL_DELIVERY_MODES);
    emit_list(out, "backchannel_authentication_request_signing_alg_values_supported", ALGS_OF_KEYS);
    emit_bool(out, "backchannel_user_code_parameter_supported", false);
    emit_operators_pages(rq, out);
    emit_object_end(out);
}

const struct problem *
endpoint_discovery(struct request *rq)
{
    static _Atomic(struct prepared *) slot;
    struct buf from = buf_new(rq->arena, 512);

    buf_text(&from, rq->ctx->settings->server.issuer);
    buf_char(&from, ' ');
    buf_text(&from, signing_algs(rq));
    buf_text(&from, grant_types_here(rq));
    buf_text(&from, staff_come(rq) ? " staff" : "");
    emit_operators_pages(rq, &from);
    return answer_prepared(rq, &slot, from.at, discovery_write);
}
