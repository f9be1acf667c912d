/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many access tokens a second one core checks by the validation kit, beside libjwt, which only
 * checks the signature and reads the claims: relying_party [SECONDS of each figure]. One line of
 * JSON.
 */
#include <jwt.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "idp/base/buf.h"
#include "idp/base/env.h"
#include "keys/jws.h"
#include "keys/key_pair.h"
#include "keys/relying_party/tongxing_rp.h"

#define ISSUER "https://login.example.gov.cn"
#define API "https://api.example.gov.cn"
#define TOKENS 1000 /* different ones, as many people have */
#define CHUNK 100

static struct {
    const char *set;
    const char *pem;
    const char *tokens[TOKENS];
    const char *plain[TOKENS]; /* the same, but typed JWT: libjwt 1 takes no other */
} given;

static int
fetch_given(void *user, struct tongxing_rp_fetch *fetch)
{
    (void)user;
    fetch->size = strlen(given.set);
    memcpy(fetch->body, given.set, fetch->size);
    return 0;
}

static void
insist(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

static const char *
token_new(struct arena *arena, const struct signing_key *key, const char *typ, size_t number)
{
    struct buf out = buf_new(arena, 1024);
    long long now = env_now(env_machine());
    const char *claims = arena_printf(
        arena,
        "{\"iss\":\"" ISSUER "\",\"iat\":%lld,\"exp\":%lld,\"aud\":[\"" ISSUER "\",\"" API "\"],"
        "\"sub\":\"n9sg9kjGGumTt8YAFNAq8BcqJXdZVx8d-WAfXJrCEtU\",\"client_id\":\"hospital\",\"jti\":\"%022zu\","
        "\"scope\":\"openid realname phone\",\"gid\":\"g_UDZMO7dbkOgSGfulSVF-gQ\","
        "\"sid\":\"2VBr_vQ80oTxivjTQzmh3vxg33mrgEbMTpQ1bHW1PDA\",\"acr\":\"urn:hrss:acr:l2\",\"auth_time\":%lld}",
        now, now + 3600, number, now);

    insist(jws_sign(key, typ, bytes_of_text(claims), &out) == OK, "no token could be signed");
    return out.at;
}

static struct tongxing_rp *
kit_new(size_t cached)
{
    const struct tongxing_rp_config config = { .issuer = ISSUER,
                                               .jwks_url = ISSUER "/oauth2/jwks",
                                               .resource = API,
                                               .algorithms = "ES256",
                                               .fetch = fetch_given,
                                               .cached_tokens = cached };
    struct tongxing_rp *rp = NULL;

    insist(tongxing_rp_open(&config, &rp) == TONGXING_RP_OK, "the kit did not open");
    return rp;
}

static bool
kit_takes(void *rp, const char *text)
{
    const struct tongxing_rp_access access = { .scope = "realname" };
    struct tongxing_rp_token *token;
    bool good = tongxing_rp_check_access(rp, text, &access, &token) == TONGXING_RP_OK;

    tongxing_rp_release(token);
    return good;
}

static bool
libjwt_takes(void *unused, const char *text)
{
    jwt_t *jwt = NULL;
    bool good =
        jwt_decode(&jwt, text, (const unsigned char *)given.pem, (int)strlen(given.pem)) == 0 &&
        jwt_get_alg(jwt) == JWT_ALG_ES256;

    (void)unused;
    jwt_free(jwt);
    return good;
}

/* Of this thread's own time, whatever else the machine does. */
static int64_t
cpu_us(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static double
a_second(bool (*takes)(void *state, const char *text), void *state, const char *const *tokens,
         int64_t seconds)
{
    int64_t began = cpu_us();
    int64_t done = 0;

    while (cpu_us() - began < seconds * 1000000)
        for (int i = 0; i < CHUNK; i++)
            insist(takes(state, tokens[done++ % TOKENS]), "a good token was refused");
    return (double)done * 1e6 / (double)(cpu_us() - began);
}

int
main(int count, char **words)
{
    int64_t seconds = count > 1 ? strtol(words[1], NULL, 10) : 2;
    struct arena *arena = arena_new(64 << 20);
    struct signing_key key = { .alg = JWS_ES256, .serial = 1 };
    struct tongxing_rp *uncached = NULL;
    struct tongxing_rp *cached = NULL;

    insist(key_generate(JWS_ES256, &key.key) == OK &&
               jwk_public(arena, key.key, JWS_ES256, &key.jwk, &key.kid) == OK &&
               key_to_public_pem(arena, key.key, &given.pem) == OK,
           "no key could be made");
    given.set = arena_printf(arena, "{\"keys\":[%s]}", key.jwk);
    for (size_t i = 0; i < TOKENS; i++) {
        given.tokens[i] = token_new(arena, &key, "at+jwt", i);
        given.plain[i] = token_new(arena, &key, "JWT", i);
    }
    uncached = kit_new(SIZE_MAX);
    cached = kit_new(4 * TOKENS);
    for (size_t i = 0; i < TOKENS; i++)
        insist(kit_takes(cached, given.tokens[i]), "a good token was refused");
    printf("{\"bytes\":%zu,", strlen(given.tokens[0]));
    printf("\"uncached\":%.0f,", a_second(kit_takes, uncached, given.tokens, seconds));
    printf("\"cached\":%.0f,", a_second(kit_takes, cached, given.tokens, seconds));
    printf("\"libjwt\":%.0f}\n", a_second(libjwt_takes, NULL, given.plain, seconds));
    tongxing_rp_close(uncached);
    tongxing_rp_close(cached);
    EVP_PKEY_free(key.key);
    arena_free(arena);
    return 0;
}
