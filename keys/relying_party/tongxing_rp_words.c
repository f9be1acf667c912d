/* SPDX-License-Identifier: Apache-2.0 */
/* The texts of tongxing_rp.h: sentences for a log, and the one header that a fetch reads. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "idp/base/text.h"
#include "keys/relying_party/tongxing_rp.h"

static const char *const sentences[] = {
    [TONGXING_RP_OK] = "The token is good.",
    [TONGXING_RP_NO_MEMORY] = "There is no memory left to check the token; try again later.",
    [TONGXING_RP_BAD_CONFIG] =
        "The configuration lacks issuer, jwks_url, fetch or algorithms (words of ES256 RS256 EdDSA), or a time in it is out of range.",
    [TONGXING_RP_KEYS_UNREACHABLE] =
        "The keys of the issuer cannot be had; see whether its jwks_uri is reachable from here, and answer 503 meanwhile.",
    [TONGXING_RP_MALFORMED] = "This is no signed token; refuse it.",
    [TONGXING_RP_WRONG_TYPE] =
        "This is a token of another kind; ID tokens, access tokens and logout tokens do not stand in for each other.",
    [TONGXING_RP_WRONG_ALGORITHM] =
        "The token is signed by an algorithm that is not listed; compare with id_token_signed_response_alg and access_token_signed_response_alg of the registration.",
    [TONGXING_RP_UNKNOWN_KEY] = "The issuer publishes no key of that name; refuse the token.",
    [TONGXING_RP_WRONG_SIGNATURE] = "The signature does not hold; refuse the token.",
    [TONGXING_RP_WRONG_ISSUER] =
        "The token is of another issuer; compare the configured issuer with that of the discovery document, byte for byte.",
    [TONGXING_RP_WRONG_AUDIENCE] =
        "The token is for somebody else; compare client_id or resource with the aud of the token.",
    [TONGXING_RP_EXPIRED] = "The token has expired; get a new one.",
    [TONGXING_RP_NOT_YET_VALID] = "The token is dated ahead; set the clock of this machine.",
    [TONGXING_RP_CLAIM_MISSING] =
        "A claim that the token must have is missing or of another kind; refuse it.",
    [TONGXING_RP_WRONG_NONCE] =
        "The token answers another request than this browser's; begin a new login.",
    [TONGXING_RP_WRONG_ACCESS_TOKEN] =
        "ID token and access token are not of one login; begin a new login.",
    [TONGXING_RP_LOGIN_TOO_OLD] =
        "The login is older than max_age; ask for a new one with prompt=login.",
    [TONGXING_RP_LEVEL_TOO_LOW] =
        "The login is not of the level that is needed; ask for it with acr_values.",
    [TONGXING_RP_WRONG_CLIENT] = "The access token was made for another application; refuse it.",
    [TONGXING_RP_SCOPE_MISSING] =
        "The access token does not allow this; answer 403 with insufficient_scope.",
    [TONGXING_RP_NO_LOGOUT] = "The token tells of no logout; refuse it.",
    [TONGXING_RP_REPLAYED] = "This logout was told before; answer 400 and do nothing.",
};

const char *
tongxing_rp_sentence(enum tongxing_rp_result result)
{
    size_t at = (size_t)result;

    return at < sizeof(sentences) / sizeof(sentences[0]) ? sentences[at]
                                                         : "This is no result of this library.";
}

/* The directive behind the commas and blanks at *at, moved behind it; NULL at the end. */
static const char *
next_directive(const char **at, size_t *size)
{
    const char *from = *at + strspn(*at, ", \t");

    *size = strcspn(from, ", \t");
    *at = from + *size;
    return *size > 0 ? from : NULL;
}

static bool
directive_is(const char *directive, size_t size, const char *name)
{
    return size == strlen(name) && strncasecmp(directive, name, size) == 0;
}

/* -1 when it is no number; what is too large is large. */
static int64_t
seconds_of(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    if (digits == 0)
        return -1;
    return digits > 9 ? INT32_MAX : strtoll(text, NULL, 10);
}

int64_t
tongxing_rp_max_age(const char *cache_control)
{
    static const char max_age[] = "max-age=";
    int64_t seconds = -1;
    const char *directive;
    size_t size;

    while (cache_control != NULL && (directive = next_directive(&cache_control, &size)) != NULL) {
        if (directive_is(directive, size, "no-store") || directive_is(directive, size, "no-cache"))
            return 0;
        if (size > strlen(max_age) && strncasecmp(directive, max_age, strlen(max_age)) == 0)
            seconds = seconds_of(directive + strlen(max_age));
    }
    return seconds;
}
