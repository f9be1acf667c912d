/* SPDX-License-Identifier: Apache-2.0 */
/* response_type and response_mode: the form of the answer; and that links can carry it. */
#include <ctype.h>
#include <string.h>

#include "idp/base/json.h"
#include "idp/base/log.h"
#include "idp/base/text.h"
#include "protocols/flow/purpose.h"
#include "protocols/http/browser_state.h"
#include "protocols/oauth2/steps/steps.h"

/* As protocols/fields.c has them for the parameters. */
#define STATE_MAX_BYTES 4096
#define MODE_MAX_BYTES 64

/* This step is early, so that later errors go back the way that the partner asked for. */
const struct problem *
step_response_mode(struct authorization *az)
{
    const char *mode = asked(az, "response_mode");

    az->response_mode = "query";
    if (mode == NULL || text_eq(mode, "query"))
        return NULL;
    if (!partner_allows_response_mode(&az->partner->profile, mode))
        return &problem_response_mode_unsupported;
    az->response_mode = mode;
    return NULL;
}

/* The person refused. Our pages have told the audit trail; the log tells on which page it was. */
const struct problem *
step_outcome(struct authorization *az)
{
    if (az->flow.tx.outcome != OUTCOME_REFUSED)
        return NULL;
    log_line(LOG_INFO, "authorize.refused", log_text("partner", az->partner->profile.partner_id),
             log_text("at", az->flow.tx.refusal));
    return authorization_answer(az, NULL, &problem_access_denied);
}

const struct problem *
step_response_type(struct authorization *az)
{
    const char *type = asked(az, "response_type");

    if (type == NULL)
        return &problem_response_type_missing;
    if (!text_eq(type, "code"))
        return &problem_response_type_unsupported;
    if (!text_list_has(az->partner->profile.grant_types, "authorization_code"))
        return &problem_response_type_not_allowed;
    return NULL;
}

/* The claims of a request object, believed by nobody; NULL when it has none that can be read. */
static const json_t *
object_claims(struct arena *arena, const char *object)
{
    const char *payload = strchr(object, '.');
    struct bytes claims;

    if (payload == NULL)
        return NULL;
    payload++;
    if (base64url_decode(arena, payload, strcspn(payload, "."), &claims) != OK)
        return NULL;
    return json_read(arena, claims);
}

/*
 * What an object that is refused says of the way back, for the refusal alone: what stands in the
 * object goes before what stands beside it (OpenID Connect Core, 6.1). Nothing is checked, for the
 * address is a registered one, and whoever made the link could have put the same beside the object.
 */
static void
object_way_back(struct authorization *az)
{
    const json_t *claims = object_claims(az->rq->arena, asked(az, "request"));
    const char *state;
    const char *mode;

    if (member_text(claims, "state", STATE_MAX_BYTES, &state) == OK)
        az->state = state;
    if (member_text(claims, "response_mode", MODE_MAX_BYTES, &mode) == OK &&
        partner_allows_response_mode(&az->partner->profile, mode))
        az->response_mode = mode;
}

/* Request objects are a matter of their own (RFC 9101); to ignore one would be to do
 * something else than was asked. */
const struct problem *
step_request_object(struct authorization *az)
{
    if (asked(az, "request") != NULL) {
        object_way_back(az);
        return &problem_request_object_unsupported;
    }
    if (asked(az, "request_uri") != NULL)
        return &problem_request_uri_unsupported;
    if (asked(az, "registration") != NULL)
        return &problem_registration_unsupported;
    return NULL;
}

/* What no step will read is refused here, once the way back is known. */
const struct problem *
step_bounds(struct authorization *az)
{
    return request_bounds_check(az->rq);
}

/* As a query's value: three bytes for each that is not unreserved. */
static size_t
url_size(const char *text)
{
    size_t size = 0;

    for (; text != NULL && *text != '\0'; text++)
        size += isalnum((unsigned char)*text) || strchr("-._~", *text) != NULL ? 1 : 3;
    return size;
}

/* The code is sealed of these texts (idp/session/grant.h) and stands in a link to the partner, unless
 * a form posts it. */
static bool
answer_fits(struct authorization *az)
{
    const char *const in_code[] = { "client_id", "redirect_uri", "nonce", "code_challenge",
                                    "claims" };
    size_t texts = strlen(az->scope);

    if (text_eq(az->response_mode, "form_post"))
        return true;
    for (size_t i = 0; i < sizeof(in_code) / sizeof(in_code[0]); i++)
        texts += asked(az, in_code[i]) != NULL ? strlen(asked(az, in_code[i])) : 0;
    return strlen(asked(az, "redirect_uri")) + transaction_sealed_size(texts) +
               url_size(asked(az, "state")) + url_size(az->rq->ctx->settings->server.issuer) +
               SESSION_STATE_BYTES <=
           TRANSACTION_MAX_BYTES;
}

/* Only scheme, host and port, or an app's scheme: that is all a browser compares. */
static const char *
origin_of(struct arena *arena, const char *uri)
{
    const char *host = strstr(uri, "://");
    size_t size =
        host != NULL ? (size_t)(host + 3 - uri) + strcspn(host + 3, "/?#") : strcspn(uri, "/?#");

    return arena_copy(arena, uri, size);
}

/*
 * Fills the transaction that our pages get, should one be needed. Each text may have its full
 * length, but not all of them at once: the browser has to carry them in a link, to our pages and
 * back to the partner.
 */
const struct problem *
step_size(struct authorization *az)
{
    struct transaction *tx = &az->flow.tx;

    tx->purpose = PURPOSE_AUTHORIZE;
    tx->partner_id = az->partner->profile.partner_id;
    tx->returns_to = origin_of(az->rq->arena, asked(az, "redirect_uri"));
    tx->login_hint = asked(az, "login_hint");
    tx->asks_again = text_list_has(az->prompt, "login") || az->max_age >= 0;
    tx->asked = params_pack(az->rq->arena, &az->asked);
    return transaction_fits(tx, az->scope) && answer_fits(az) ? NULL : &problem_request_too_long;
}
