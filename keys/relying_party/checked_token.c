/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/relying_party/checked_token.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/json.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "keys/secret.h"

#define TEXT_MAX 4096
#define LOGOUT_EVENT "http://schemas.openid.net/event/backchannel-logout"

/* Texts are the claims'; NULL and 0 for what is absent or of another kind. */
struct tongxing_rp_token {
    atomic_uint holders;
    json_t *claims;
    char *text; /* the claims as they were sent */
    const char *iss;
    const char *client_id;
    const char *scope;
    const json_t *aud;
    unix_s exp;
    unix_s begins;      /* the later of iat and nbf; 0: one of the times is missing or no time */
    bool names_all;     /* what RFC 9068 wants named beside the times */
    bool may_lack_hash; /* at_hash: no digest goes with EdDSA by rule */
};

enum token_kind
token_kind_of(const char *typ)
{
    if (text_is_empty(typ) || text_eq_ignoring_case(typ, "JWT"))
        return TOKEN_ID;
    if (text_eq_ignoring_case(typ, "at+jwt") || text_eq_ignoring_case(typ, "application/at+jwt"))
        return TOKEN_ACCESS;
    if (text_eq_ignoring_case(typ, "logout+jwt") ||
        text_eq_ignoring_case(typ, "application/logout+jwt"))
        return TOKEN_LOGOUT;
    return TOKEN_OTHER;
}

static const char *
text_claim(const struct tongxing_rp_token *token, const char *name)
{
    const char *text = NULL;

    return member_text(token->claims, name, TEXT_MAX, &text) == OK ? text : NULL;
}

static unix_s
time_claim(const struct tongxing_rp_token *token, const char *name)
{
    unix_s at = 0;

    return member_time(token->claims, name, &at) == OK ? at : 0;
}

static bool
is_named(const struct tongxing_rp_token *token, const char *name)
{
    return !text_is_empty(text_claim(token, name));
}

/* From iat, and from nbf where there is one. */
static unix_s
beginning_of(const struct tongxing_rp_token *token)
{
    unix_s issued = time_claim(token, "iat");
    unix_s not_before = issued;

    if (member_time(token->claims, "nbf", &not_before) == ERR_INVALID || issued == 0)
        return 0;
    return not_before > issued ? not_before : issued;
}

/* Read once: a token that is remembered is asked many times. */
static void
claims_take(struct tongxing_rp_token *token)
{
    token->iss = text_claim(token, "iss");
    token->client_id = text_claim(token, "client_id");
    token->scope = text_claim(token, "scope");
    token->aud = json_object_get(token->claims, "aud");
    token->exp = time_claim(token, "exp");
    token->begins = beginning_of(token);
    token->names_all =
        is_named(token, "sub") && is_named(token, "client_id") && is_named(token, "jti");
}

struct tongxing_rp_token *
checked_token_new(struct arena *scratch, const struct jws *jws)
{
    json_t *claims = json_read(scratch, jws->payload);
    struct tongxing_rp_token *token;
    struct held held;

    if (!json_is_object(claims))
        return NULL;
    token = memory_new(sizeof(*token));
    hold_begin(&held, free, token);
    token->text = memory_new(jws->payload.size + 1);
    hold_end(&held);
    memcpy(token->text, jws->payload.at, jws->payload.size);
    atomic_init(&token->holders, 1);
    token->claims = json_incref(claims); /* outlives the arena that read it */
    claims_take(token);
    token->may_lack_hash = jws_alg_of(jws->alg) == JWS_EDDSA;
    return token;
}

void
checked_token_hold(struct tongxing_rp_token *token)
{
    atomic_fetch_add(&token->holders, 1);
}

void
checked_token_release(void *held)
{
    struct tongxing_rp_token *token = held;

    if (token == NULL || atomic_fetch_sub(&token->holders, 1) != 1)
        return;
    json_release(token->claims);
    secret_wipe(token->text, strlen(token->text));
    free(token->text);
    free(token);
}

unix_s
checked_token_end(const struct tongxing_rp_token *token)
{
    return token->exp;
}

/* ---- what all must say ---- */

static enum tongxing_rp_result
times_check(const struct tongxing_rp_config *config, unix_s now,
            const struct tongxing_rp_token *token)
{
    if (token->exp == 0 || token->begins == 0)
        return TONGXING_RP_CLAIM_MISSING;
    if (now >= token->exp + config->skew_s)
        return TONGXING_RP_EXPIRED;
    if (token->begins > now + config->skew_s)
        return TONGXING_RP_NOT_YET_VALID;
    return TONGXING_RP_OK;
}

/* A text, or an array of texts with it among them; `alone` if there may be none beside it. */
static bool
audience_is(const struct tongxing_rp_token *token, const char *wanted, bool alone)
{
    size_t count = json_array_size(token->aud);

    if (wanted == NULL)
        return false;
    if (json_is_string(token->aud))
        return text_eq(json_string_value(token->aud), wanted);
    if (alone && count != 1)
        return false;
    for (size_t i = 0; i < count; i++)
        if (text_eq(json_string_value(json_array_get(token->aud, i)), wanted))
            return true;
    return false;
}

static enum tongxing_rp_result
common_check(const struct tongxing_rp_config *config, unix_s now,
             const struct tongxing_rp_token *token, const char *audience, bool alone)
{
    if (!text_eq(token->iss, config->issuer))
        return TONGXING_RP_WRONG_ISSUER;
    if (!audience_is(token, audience, alone))
        return TONGXING_RP_WRONG_AUDIENCE;
    return times_check(config, now, token);
}

/* ---- ID token ---- */

/* Half of the digest (OpenID Connect Core 1.0, 3.1.3.6). */
static bool
hash_fits(const char *at_hash, const char *access_token)
{
    struct arena *arena = arena_new(1024);
    struct held held;
    struct digest digest;
    bool fits;

    hold_begin(&held, arena_release, arena);
    digest = digest_of_text(access_token);
    fits =
        text_eq(at_hash, base64url_encode(arena, bytes_of(digest.bytes, sizeof(digest.bytes) / 2)));
    hold_release(&held);
    return fits;
}

static bool
access_token_fits(const struct tongxing_rp_token *token, const char *access_token)
{
    if (access_token == NULL ||
        (token->may_lack_hash && !member_is_there(token->claims, "at_hash")))
        return true;
    return hash_fits(text_claim(token, "at_hash"), access_token);
}

static enum tongxing_rp_result
login_age_check(const struct tongxing_rp_config *config, unix_s now,
                const struct tongxing_rp_token *token, int64_t max_age_s)
{
    unix_s logged_in = time_claim(token, "auth_time");

    if (logged_in == 0)
        return TONGXING_RP_CLAIM_MISSING;
    return now - logged_in > max_age_s + config->skew_s ? TONGXING_RP_LOGIN_TOO_OLD
                                                        : TONGXING_RP_OK;
}

static enum tongxing_rp_result
login_check(const struct tongxing_rp_config *config, unix_s now,
            const struct tongxing_rp_token *token, const struct tongxing_rp_login *login)
{
    const char *acr = text_claim(token, "acr");

    if (!text_eq(text_claim(token, "nonce"), login->nonce) ||
        member_is_there(token->claims, "nonce") != (login->nonce != NULL))
        return TONGXING_RP_WRONG_NONCE;
    if (!access_token_fits(token, login->access_token))
        return TONGXING_RP_WRONG_ACCESS_TOKEN;
    if (login->levels != NULL && (text_is_empty(acr) || !text_list_has(login->levels, acr)))
        return TONGXING_RP_LEVEL_TOO_LOW;
    return login->has_max_age ? login_age_check(config, now, token, login->max_age_s)
                              : TONGXING_RP_OK;
}

enum tongxing_rp_result
id_claims_check(const struct tongxing_rp_config *config, unix_s now,
                const struct tongxing_rp_token *token, const struct tongxing_rp_login *login)
{
    enum tongxing_rp_result result = common_check(config, now, token, config->client_id, true);

    if (result != TONGXING_RP_OK)
        return result;
    if (!is_named(token, "sub"))
        return TONGXING_RP_CLAIM_MISSING;
    if (member_is_there(token->claims, "azp") &&
        !text_eq(text_claim(token, "azp"), config->client_id))
        return TONGXING_RP_WRONG_AUDIENCE;
    return login_check(config, now, token, login);
}

/* ---- access token ---- */

enum tongxing_rp_result
access_claims_check(const struct tongxing_rp_config *config, unix_s now,
                    const struct tongxing_rp_token *token, const struct tongxing_rp_access *access)
{
    enum tongxing_rp_result result = common_check(config, now, token, config->resource, false);

    if (result != TONGXING_RP_OK)
        return result;
    if (!token->names_all)
        return TONGXING_RP_CLAIM_MISSING;
    if (access->client_id != NULL && !text_eq(token->client_id, access->client_id))
        return TONGXING_RP_WRONG_CLIENT;
    if (access->scope != NULL &&
        (token->scope == NULL || !text_list_within(access->scope, token->scope)))
        return TONGXING_RP_SCOPE_MISSING;
    return TONGXING_RP_OK;
}

/* ---- logout token ---- */

enum tongxing_rp_result
logout_claims_check(const struct tongxing_rp_config *config, unix_s now,
                    const struct tongxing_rp_token *token)
{
    enum tongxing_rp_result result = common_check(config, now, token, config->client_id, true);
    const json_t *events = NULL;
    const json_t *event = NULL;

    if (result != TONGXING_RP_OK)
        return result;
    if (!is_named(token, "jti") || (!is_named(token, "sub") && !is_named(token, "sid")))
        return TONGXING_RP_CLAIM_MISSING;
    if (member_object(token->claims, "events", &events) != OK ||
        member_object(events, LOGOUT_EVENT, &event) != OK ||
        member_is_there(token->claims, "nonce"))
        return TONGXING_RP_NO_LOGOUT;
    return TONGXING_RP_OK;
}

/* ---- what callers read ---- */

const char *
tongxing_rp_text(const struct tongxing_rp_token *token, const char *claim)
{
    return json_string_value(json_object_get(token->claims, claim));
}

int64_t
tongxing_rp_number(const struct tongxing_rp_token *token, const char *claim, int64_t otherwise)
{
    int64_t number = otherwise;

    return member_int(token->claims, claim, &number) == OK ? number : otherwise;
}

bool
tongxing_rp_has_scope(const struct tongxing_rp_token *token, const char *word)
{
    return token->scope != NULL && text_list_has(token->scope, word);
}

const char *
tongxing_rp_claims(const struct tongxing_rp_token *token)
{
    return token->text;
}

void
tongxing_rp_release(struct tongxing_rp_token *token)
{
    checked_token_release(token);
}
