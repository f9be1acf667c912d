/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/http/dpop.h"

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/tables/spent.h"
#include "keys/dpop_proof.h"
#include "keys/secret.h"
#include "policies/dpop.h"
#include "protocols/http/respond.h"
#include "protocols/routes.h"

/* A nonce is good for one to two of these. */
#define NONCE_WINDOW_S 150
#define NONCE_MAX_BYTES 64

/* --- Refusing --- */

/* At the token endpoint (5), and where a token is used (7.1, 9). */
static const struct problem *
refuse(struct request *rq, bool presents_token, const char *reason)
{
    bool wants_nonce = text_eq(reason, "nonce");

    audit_note(rq->ctx, &(struct audit_record) { .event = AUDIT_PROOF_REJECTED,
                                                 .reason = reason,
                                                 .partner_id = rq->ctx->partner_id });
    if (presents_token)
        return wants_nonce ? &problem_bearer_nonce : &problem_bearer_proof_invalid;
    return wants_nonce ? &problem_dpop_nonce : &problem_dpop_proof_invalid;
}

/* --- The nonce: made from the time, so that no node has to remember any --- */

static const char *
nonce_of(struct request *rq, unix_s at)
{
    const char *window = arena_printf(rq->arena, "%lld", (long long)(at / NONCE_WINDOW_S));
    struct digest digest = digest_keyed_texts(&rq->ctx->keys->index, "dpop.nonce", window, NULL);

    return base64url_encode(rq->arena, digest_view(&digest));
}

/* One that is there must be ours, also where none is asked for: it may have been asked for a moment
 * ago. */
static bool
nonce_holds(struct request *rq, const json_t *claims)
{
    const char *nonce;
    enum err err = member_text(claims, "nonce", NONCE_MAX_BYTES, &nonce);

    if (err == ERR_NOT_FOUND)
        return !rq->ctx->settings->dpop.nonce;
    return err == OK && (text_eq(nonce, nonce_of(rq, rq->now)) ||
                         text_eq(nonce, nonce_of(rq, rq->now - NONCE_WINDOW_S)));
}

/* --- The proof --- */

static const char *
token_digest(struct request *rq, const char *access_token)
{
    struct digest digest;

    if (access_token == NULL)
        return NULL;
    digest = digest_of_text(access_token);
    return base64url_encode(rq->arena, digest_view(&digest));
}

/* NULL, or the check that it does not pass. */
static const char *
judge(struct request *rq, const char *access_token, struct dpop_proof *proof)
{
    const struct dpop_request request = {
        .method = rq->method,
        .uri = arena_printf(rq->arena, "%s%s", rq->ctx->settings->server.issuer, rq->route->path),
        .token_digest = token_digest(rq, access_token),
        .now = rq->now,
    };
    enum err err = dpop_proof_open(rq->arena, rq->headers.dpop, proof);
    const char *reason;

    if (err != OK)
        return err == ERR_FORGED ? "signature" : "form";
    reason = dpop_claims_judge(rq->arena, proof->claims, &request);
    if (reason != NULL)
        return reason;
    return nonce_holds(rq, proof->claims) ? NULL : "nonce";
}

/* Under its key, so that nobody uses up another's. */
static enum err
spend(struct request *rq, const struct dpop_proof *proof)
{
    const char *jti = json_string_value(json_object_get(proof->claims, "jti"));
    struct digest id =
        digest_keyed_texts(&rq->ctx->keys->index, "dpop", proof->thumbprint, jti, NULL);

    return store_spent_insert(rq->ctx->store, &id, "", rq->now + DPOP_BEHIND_S + DPOP_AHEAD_S);
}

const struct problem *
dpop_check(struct request *rq, const char *access_token)
{
    struct dpop_proof proof;
    const char *reason;
    enum err err;

    rq->proof_key = NULL;
    if (rq->headers.dpop == NULL)
        return NULL;
    if (rq->ctx->settings->dpop.nonce)
        respond_header(rq, "DPoP-Nonce", nonce_of(rq, rq->now));
    reason = judge(rq, access_token, &proof);
    if (reason != NULL)
        return refuse(rq, access_token != NULL, reason);
    err = spend(rq, &proof);
    if (err == ERR_CONFLICT)
        return refuse(rq, access_token != NULL, "replayed");
    rq->proof_key = proof.thumbprint;
    return problem_of(err);
}

const struct problem *
dpop_check_bound(struct request *rq, const char *access_token, const char *bound_key)
{
    const struct problem *problem = dpop_check(rq, access_token);

    if (problem != NULL)
        return problem;
    return text_eq(rq->proof_key, bound_key) ? NULL : refuse(rq, true, "key");
}
