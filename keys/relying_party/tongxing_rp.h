/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libtongxing-rp: what an application that logs people in here must check, so that it need not be
 * written again: ID tokens, access tokens and back-channel logout tokens, and the issuer's keys,
 * kept and renewed. It opens no connection and starts no thread; it needs libcrypto and jansson.
 *
 * All functions but open and close may be called by any number of threads at once with the same
 * `struct tongxing_rp`. A token that was handed out is never changed, so threads may share it, too.
 * Nothing that is not accepted is handed out, and no sentence repeats what a token says.
 */
#ifndef KEYS_RELYING_PARTY_TONGXING_RP_H
#define KEYS_RELYING_PARTY_TONGXING_RP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TONGXING_RP_API __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

/* Why something was refused; tongxing_rp_sentence() says it in words. Zero is the only success. */
enum tongxing_rp_result {
    TONGXING_RP_OK,
    TONGXING_RP_NO_MEMORY,          /* the machine has none left; the token may be good */
    TONGXING_RP_BAD_CONFIG,         /* tongxing_rp_open() was given too little, or nonsense */
    TONGXING_RP_KEYS_UNREACHABLE,   /* no keys, or only too old ones; the token may be good */
    TONGXING_RP_MALFORMED,          /* no signed token in compact form, or its claims are no JSON */
    TONGXING_RP_WRONG_TYPE,         /* a token of another kind: its header's typ says so */
    TONGXING_RP_WRONG_ALGORITHM,    /* signed by an algorithm that you did not list */
    TONGXING_RP_UNKNOWN_KEY,        /* the issuer publishes no such key (now) */
    TONGXING_RP_WRONG_SIGNATURE,    /* nobody knows who made this */
    TONGXING_RP_WRONG_ISSUER,       /* made by another issuer */
    TONGXING_RP_WRONG_AUDIENCE,     /* made for another application or API, or not for you alone */
    TONGXING_RP_EXPIRED,            /* it was good once */
    TONGXING_RP_NOT_YET_VALID,      /* dated ahead by more than the skew: look at your clock */
    TONGXING_RP_CLAIM_MISSING,      /* a claim that must be there is not, or is of another kind */
    TONGXING_RP_WRONG_NONCE,        /* not the answer to the request that this browser made */
    TONGXING_RP_WRONG_ACCESS_TOKEN, /* the access token beside it belongs to another login */
    TONGXING_RP_LOGIN_TOO_OLD,      /* the person logged in longer ago than you asked for */
    TONGXING_RP_LEVEL_TOO_LOW,      /* the login is of none of the levels that you asked for */
    TONGXING_RP_WRONG_CLIENT,       /* the access token was made for another application */
    TONGXING_RP_SCOPE_MISSING,      /* the access token is good, but not for this */
    TONGXING_RP_NO_LOGOUT,          /* it tells of no logout */
    TONGXING_RP_REPLAYED            /* this logout was told already */
};

/* One sentence for a log: what it is and what to do. Static; never NULL. */
TONGXING_RP_API const char *tongxing_rp_sentence(enum tongxing_rp_result result);

/* One fetch of the issuer's keys. */
struct tongxing_rp_fetch {
    const char *url;   /* where they are */
    char *body;        /* the answer goes here */
    size_t room;       /* at most so many bytes of it; what is longer has failed */
    size_t size;       /* yours to set: bytes of the answer */
    int64_t max_age_s; /* yours to set: tongxing_rp_max_age(); -1 as it comes */
};

/* The max-age of a Cache-Control header; 0 with no-store or no-cache, -1 without either. NULL is
 * fine. */
TONGXING_RP_API int64_t tongxing_rp_max_age(const char *cache_control);

/* Texts are copied. What is NULL or 0 has the value said here. */
struct tongxing_rp_config {
    const char *issuer;     /* as discovery says, byte for byte; needed */
    const char *jwks_url;   /* needed */
    const char *client_id;  /* whom ID and logout tokens are for; without it both are refused */
    const char *resource;   /* whom access tokens are for, your `resources`; without it refused */
    const char *algorithms; /* words of ES256 RS256 EdDSA; needed: a token does not choose */

    /*
     * Gets `fetch->url` over TLS with its certificate checked, within a time limit (5 s are plenty),
     * following no redirect. 0 when the answer was 200 and came whole. Called by one thread at a
     * time, from within a check or tongxing_rp_renew(); must not call this library but
     * tongxing_rp_max_age(). Needed.
     */
    int (*fetch)(void *user, struct tongxing_rp_fetch *fetch);
    int64_t (*now)(void *user); /* seconds since 1970; the machine's clock */
    void *user;                 /* given to both */

    /* How far clocks may differ: 10, at most 60. */
    int64_t skew_s;

    /* Keys are fetched no more often than this: 30. A stranger's token that names an unknown key costs
     * no more than that. */
    int64_t retry_s;

    /* How long keys serve when they cannot be fetched anew: 86400. */
    int64_t keep_s;

    /* Access tokens whose signature is remembered, about 4 KB each: 4096; SIZE_MAX for none. */
    size_t cached_tokens;

    /* So many logout tokens are told from repeats: 4096. Beyond it the one that ends first is
     * forgotten, for a logout must not be lost. */
    size_t remembered_logouts;
};

struct tongxing_rp;
struct tongxing_rp_token;

/* Fetches nothing yet. *out stays untouched when refused. */
TONGXING_RP_API enum tongxing_rp_result tongxing_rp_open(const struct tongxing_rp_config *config,
                                                         struct tongxing_rp **out);

/* When no other thread is inside. Tokens that you hold stay good. NULL is fine. */
TONGXING_RP_API void tongxing_rp_close(struct tongxing_rp *rp);

/*
 * Keys are fetched by the check that first needs them, and again when their max-age has passed; one
 * thread fetches while the others go on with the old keys, but for those whose token names a key that
 * is not among them. Call this when you start, and now and then from a thread of your own, if a check
 * shall wait for an unknown key alone.
 */
TONGXING_RP_API enum tongxing_rp_result tongxing_rp_renew(struct tongxing_rp *rp);

/* What you know of the login that an ID token must answer. */
struct tongxing_rp_login {
    const char *nonce;        /* NULL: you sent none, and then there must be none */
    const char *access_token; /* it came beside: at_hash must fit. NULL: not looked at */
    const char *levels;       /* acr must be one of these words. NULL: any */
    bool has_max_age;         /* you sent max_age */
    int64_t max_age_s;
};

/* OpenID Connect Core 1.0, 3.1.3.7. `login` NULL: all of it zero. */
TONGXING_RP_API enum tongxing_rp_result tongxing_rp_check_id(struct tongxing_rp *rp,
                                                             const char *token,
                                                             const struct tongxing_rp_login *login,
                                                             struct tongxing_rp_token **out);

/* What an API wants of an access token. */
struct tongxing_rp_access {
    const char *scope;     /* it must have all of these words. NULL: none is needed */
    const char *client_id; /* NULL: of whatever application */
};

/* RFC 9068, 4. A signature is checked once, then remembered until the token ends or its key is gone
 * from the issuer's set; times, client and scope are checked each time. `access` NULL: all of it zero. */
TONGXING_RP_API enum tongxing_rp_result
tongxing_rp_check_access(struct tongxing_rp *rp, const char *token,
                         const struct tongxing_rp_access *access, struct tongxing_rp_token **out);

/* OpenID Connect Back-Channel Logout 1.0, 2.6. It names a session (sid), a person (sub) or both:
 * end that session, else all sessions of that person. */
TONGXING_RP_API enum tongxing_rp_result
tongxing_rp_check_logout(struct tongxing_rp *rp, const char *token, struct tongxing_rp_token **out);

/* What a token says. Texts live until the token is released. */
TONGXING_RP_API const char *tongxing_rp_text(const struct tongxing_rp_token *token,
                                             const char *claim); /* NULL: none, or no text */
TONGXING_RP_API int64_t tongxing_rp_number(const struct tongxing_rp_token *token, const char *claim,
                                           int64_t otherwise);
TONGXING_RP_API bool tongxing_rp_has_scope(const struct tongxing_rp_token *token, const char *word);
TONGXING_RP_API const char *tongxing_rp_claims(const struct tongxing_rp_token *token); /* JSON */

/* Each token that was handed out, once. NULL is fine. */
TONGXING_RP_API void tongxing_rp_release(struct tongxing_rp_token *token);

#ifdef __cplusplus
}
#endif

#endif
