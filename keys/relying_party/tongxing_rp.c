/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/relying_party/tongxing_rp.h"

#include <stdlib.h>
#include <string.h>

#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "keys/relying_party/checked_token.h"
#include "keys/relying_party/key_cache.h"
#include "keys/relying_party/replay.h"
#include "keys/relying_party/token_cache.h"
#include "keys/secret.h"

#define SKEW_S 10
#define SKEW_MAX_S 60
#define RETRY_S 30
#define KEEP_S 86400
#define CACHED_TOKENS 4096
#define REMEMBERED_LOGOUTS 4096
/* What taking apart a token of JWS_MAX_BYTES needs. */
#define SCRATCH_BYTES (256 << 10)

struct tongxing_rp {
    struct arena *arena; /* texts of the config */
    struct tongxing_rp_config config;
    unsigned algs; /* bits of enum jws_alg */
    struct key_cache *keys;
    struct token_cache *tokens; /* NULL: none are remembered */
    struct replay *logouts;
};

/* ---- opening ---- */

/* NULL stays NULL. */
static const char *
kept(struct arena *arena, const char *text)
{
    return text != NULL ? arena_text(arena, text) : NULL;
}

static int64_t
or_default(int64_t value, int64_t otherwise)
{
    return value == 0 ? otherwise : value;
}

static int64_t
machine_clock(void *unused)
{
    (void)unused;
    return env_now(env_machine());
}

/* 0 when a word is none of those that a published key can have. */
static unsigned
algs_of(struct arena *arena, const char *words)
{
    unsigned algs = 0;
    const char *word;
    size_t size;

    while ((word = text_next_word(&words, &size)) != NULL) {
        enum jws_alg alg = jws_alg_of(arena_copy(arena, word, size));

        if (alg != JWS_ES256 && alg != JWS_RS256 && alg != JWS_EDDSA)
            return 0;
        algs |= 1U << alg;
    }
    return algs;
}

static void
config_copy(struct tongxing_rp *rp, const struct tongxing_rp_config *from)
{
    struct tongxing_rp_config *config = &rp->config;

    *config = *from;
    config->issuer = kept(rp->arena, from->issuer);
    config->jwks_url = kept(rp->arena, from->jwks_url);
    config->client_id = kept(rp->arena, from->client_id);
    config->resource = kept(rp->arena, from->resource);
    config->now = from->now != NULL ? from->now : machine_clock;
    config->skew_s = or_default(from->skew_s, SKEW_S);
    config->retry_s = or_default(from->retry_s, RETRY_S);
    config->keep_s = or_default(from->keep_s, KEEP_S);
    config->cached_tokens = from->cached_tokens == 0 ? CACHED_TOKENS : from->cached_tokens;
    config->remembered_logouts =
        from->remembered_logouts == 0 ? REMEMBERED_LOGOUTS : from->remembered_logouts;
    rp->algs = algs_of(rp->arena, from->algorithms);
}

static bool
config_is_sound(const struct tongxing_rp *rp)
{
    const struct tongxing_rp_config *config = &rp->config;

    return !text_is_empty(config->issuer) && !text_is_empty(config->jwks_url) &&
           config->fetch != NULL && rp->algs != 0 && config->skew_s > 0 &&
           config->skew_s <= SKEW_MAX_S && config->retry_s > 0 && config->keep_s > 0;
}

struct kit_opening {
    const struct tongxing_rp_config *config;
    struct tongxing_rp *rp;
    enum tongxing_rp_result result;
};

static void
open_all(void *state)
{
    struct kit_opening *opening = state;
    struct tongxing_rp *rp = memory_new(sizeof(*rp));

    opening->rp = rp;
    rp->arena = arena_new(SCRATCH_BYTES);
    config_copy(rp, opening->config);
    if (!config_is_sound(rp)) {
        opening->result = TONGXING_RP_BAD_CONFIG;
        return;
    }
    rp->keys = key_cache_new(&rp->config);
    rp->logouts = replay_new(rp->config.remembered_logouts);
    if (rp->config.cached_tokens != SIZE_MAX)
        rp->tokens = token_cache_new(rp->config.cached_tokens);
    if (rp->keys != NULL && rp->logouts != NULL &&
        (rp->tokens != NULL || rp->config.cached_tokens == SIZE_MAX))
        opening->result = TONGXING_RP_OK;
}

enum tongxing_rp_result
tongxing_rp_open(const struct tongxing_rp_config *config, struct tongxing_rp **out)
{
    struct kit_opening opening = { .config = config, .result = TONGXING_RP_NO_MEMORY };
    enum err err = unwind_run(open_all, &opening);

    if (err == OK && opening.result == TONGXING_RP_OK) {
        *out = opening.rp;
        return TONGXING_RP_OK;
    }
    tongxing_rp_close(opening.rp);
    return err == ERR_TOO_LARGE ? TONGXING_RP_BAD_CONFIG : opening.result;
}

void
tongxing_rp_close(struct tongxing_rp *rp)
{
    if (rp == NULL)
        return;
    key_cache_free(rp->keys);
    token_cache_free(rp->tokens);
    replay_free(rp->logouts);
    arena_free(rp->arena);
    free(rp);
}

/* ---- keys ---- */

/* What was signed by a key that is gone is not believed any longer. */
static void
keys_renew(struct tongxing_rp *rp, unix_s now, bool unknown)
{
    bool lost;

    key_cache_renew(rp->keys, now, unknown, &lost);
    if (lost && rp->tokens != NULL)
        token_cache_clear(rp->tokens);
}

enum tongxing_rp_result
tongxing_rp_renew(struct tongxing_rp *rp)
{
    unix_s now = rp->config.now(rp->config.user);
    struct issuer_keys *keys = NULL;
    enum tongxing_rp_result result;

    keys_renew(rp, now, false);
    result = key_cache_take(rp->keys, now, &keys);
    issuer_keys_release(keys);
    return result;
}

/* ---- signatures ---- */

static enum p256_verdict
table_verdict(const struct jws *jws, const struct issuer_key *key)
{
    struct digest digest;

    if (key->table == NULL)
        return P256_UNSURE;
    if (jws->signature.size != P256_RAW_SIZE)
        return P256_REFUSED;
    digest = digest_of(bytes_of(jws->signing_input, jws->signing_input_size));
    return p256_table_check(key->table, &digest, jws->signature.at);
}

static bool
signature_holds(const struct jws *jws, const struct issuer_key *key)
{
    switch (table_verdict(jws, key)) {
    case P256_HOLDS:
        return true;
    case P256_REFUSED:
        return false;
    case P256_UNSURE:
        return jws_check(jws, key->key, key->alg) == OK;
    }
    return false;
}

/* TONGXING_RP_UNKNOWN_KEY when the set does not have it. */
static enum tongxing_rp_result
check_by_known_key(struct tongxing_rp *rp, const struct jws *jws, unix_s now)
{
    struct issuer_keys *keys = NULL;
    enum tongxing_rp_result result = key_cache_take(rp->keys, now, &keys);
    const struct issuer_key *key;
    struct held held;

    if (result != TONGXING_RP_OK)
        return result;
    hold_begin(&held, issuer_keys_release, keys);
    key = issuer_keys_find(keys, jws->kid, jws_alg_of(jws->alg));
    if (key == NULL)
        result = TONGXING_RP_UNKNOWN_KEY;
    else if (!signature_holds(jws, key))
        result = TONGXING_RP_WRONG_SIGNATURE;
    hold_release(&held);
    return result;
}

static enum tongxing_rp_result
signature_check(struct tongxing_rp *rp, const struct jws *jws, unix_s now)
{
    enum tongxing_rp_result result = check_by_known_key(rp, jws, now);

    if (result != TONGXING_RP_UNKNOWN_KEY)
        return result;
    keys_renew(rp, now, true);
    return check_by_known_key(rp, jws, now);
}

/* ---- tokens ---- */

struct checking {
    struct tongxing_rp *rp;
    unix_s now;
    enum token_kind kind;
    const char *text;
    const struct tongxing_rp_login *login;
    const struct tongxing_rp_access *access;
    enum tongxing_rp_result result;
    struct tongxing_rp_token *token;
};

static enum tongxing_rp_result
token_read(struct checking *checking, struct arena *arena)
{
    struct jws jws;
    enum tongxing_rp_result result;

    if (jws_read(arena, checking->text, &jws) != OK)
        return TONGXING_RP_MALFORMED;
    if (token_kind_of(jws.typ) != checking->kind)
        return TONGXING_RP_WRONG_TYPE;
    if ((checking->rp->algs & 1U << jws_alg_of(jws.alg)) == 0)
        return TONGXING_RP_WRONG_ALGORITHM;
    result = signature_check(checking->rp, &jws, checking->now);
    if (result != TONGXING_RP_OK)
        return result;
    checking->token = checked_token_new(arena, &jws, &checking->rp->config);
    return checking->token != NULL ? TONGXING_RP_OK : TONGXING_RP_MALFORMED;
}

static enum tongxing_rp_result
token_take_apart(struct checking *checking)
{
    struct arena *arena = arena_new(SCRATCH_BYTES);
    enum tongxing_rp_result result;
    struct held held;

    hold_begin(&held, arena_release, arena);
    result = token_read(checking, arena);
    hold_release(&held);
    return result;
}

/* Found among those whose signature held, or read and put there. */
static enum tongxing_rp_result
access_token_take_apart(struct checking *checking)
{
    struct token_cache *tokens = checking->rp->tokens;
    enum tongxing_rp_result result;
    size_t size = strnlen(checking->text, JWS_MAX_BYTES + 1);
    struct digest digest;
    unsigned age;

    if (tokens == NULL || size > JWS_MAX_BYTES)
        return token_take_apart(checking);
    age = token_cache_age(tokens);
    digest = digest_of(bytes_of(checking->text, size));
    checking->token = token_cache_find(tokens, &digest);
    if (checking->token != NULL)
        return TONGXING_RP_OK;
    result = token_take_apart(checking);
    if (result == TONGXING_RP_OK && checked_token_end(checking->token) > checking->now)
        token_cache_put(tokens, &digest, age, checking->token);
    return result;
}

/* Spent last of all, so that a forged token cannot spend the number of a true one. */
static enum tongxing_rp_result
logout_check(struct checking *checking)
{
    struct tongxing_rp *rp = checking->rp;
    enum tongxing_rp_result result =
        logout_claims_check(&rp->config, checking->now, checking->token);
    struct digest digest;

    if (result != TONGXING_RP_OK)
        return result;
    digest = digest_of_text(tongxing_rp_text(checking->token, "jti"));
    if (replay_take(rp->logouts, &digest, checking->now,
                    checked_token_end(checking->token) + rp->config.skew_s))
        return TONGXING_RP_OK;
    return TONGXING_RP_REPLAYED;
}

static enum tongxing_rp_result
claims_check(struct checking *checking)
{
    const struct tongxing_rp_config *config = &checking->rp->config;

    if (checking->kind == TOKEN_ID)
        return id_claims_check(config, checking->now, checking->token, checking->login);
    if (checking->kind == TOKEN_ACCESS)
        return access_claims_check(config, checking->now, checking->token, checking->access);
    return logout_check(checking);
}

static void
check(void *state)
{
    struct checking *checking = state;

    keys_renew(checking->rp, checking->now, false);
    if (checking->kind == TOKEN_ACCESS)
        checking->result = access_token_take_apart(checking);
    else
        checking->result = token_take_apart(checking);
    if (checking->result == TONGXING_RP_OK)
        checking->result = claims_check(checking);
}

static enum tongxing_rp_result
run(struct checking *checking, struct tongxing_rp_token **out)
{
    enum err err;

    *out = NULL;
    if (checking->text == NULL)
        return TONGXING_RP_MALFORMED;
    checking->now = checking->rp->config.now(checking->rp->config.user);
    err = unwind_run(check, checking);
    if (err != OK)
        checking->result = err == ERR_TOO_LARGE ? TONGXING_RP_MALFORMED : TONGXING_RP_NO_MEMORY;
    if (checking->result == TONGXING_RP_OK)
        *out = checking->token;
    else
        checked_token_release(checking->token);
    return checking->result;
}

enum tongxing_rp_result
tongxing_rp_check_id(struct tongxing_rp *rp, const char *token,
                     const struct tongxing_rp_login *login, struct tongxing_rp_token **out)
{
    static const struct tongxing_rp_login any;
    struct checking checking = {
        .rp = rp, .text = token, .kind = TOKEN_ID, .login = login != NULL ? login : &any
    };

    return run(&checking, out);
}

enum tongxing_rp_result
tongxing_rp_check_access(struct tongxing_rp *rp, const char *token,
                         const struct tongxing_rp_access *access, struct tongxing_rp_token **out)
{
    static const struct tongxing_rp_access any;
    struct checking checking = {
        .rp = rp, .text = token, .kind = TOKEN_ACCESS, .access = access != NULL ? access : &any
    };

    return run(&checking, out);
}

enum tongxing_rp_result
tongxing_rp_check_logout(struct tongxing_rp *rp, const char *token, struct tongxing_rp_token **out)
{
    struct checking checking = { .rp = rp, .text = token, .kind = TOKEN_LOGOUT };

    return run(&checking, out);
}
