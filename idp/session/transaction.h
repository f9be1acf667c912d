/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A login under way. Nothing of it is stored: it travels sealed in the form and the URL, and opens
 * only in the browser that holds the cookie of this very transaction, so several tabs, the back
 * button and a restarted server all work.
 */
#ifndef IDP_SESSION_TRANSACTION_H
#define IDP_SESSION_TRANSACTION_H

#include "idp/work/ctx.h"

/*
 * Sealed, as text. It stands in links of ours, which the gate bounds (server/engine/gate.h), beside
 * a path and a language. A code is sealed of the same texts and stands in a link to the partner.
 */
#define TRANSACTION_MAX_BYTES 12000
#define CODE_MAX_BYTES TRANSACTION_MAX_BYTES

/* A checked authorization request (OpenID Connect Core, 3.1.2.1). Texts are "" when not sent. */
struct authz {
    const char *partner_id; /* "": no partner, the person came to our own pages */
    const char *redirect_uri;
    const char *response_mode; /* "query" or "form_post" */
    const char *scope;
    const char *state;
    const char *nonce;
    const char *code_challenge;
    const char *prompt;
    const char *acr_values;
    const char *claims; /* JSON as sent */
    const char *login_hint;
    const char *hint_sub; /* of the id_token_hint: who must be logged in */
    const char
        *seen_handle; /* of the session there was when the request came: a login has another */
    int64_t max_age;  /* seconds; -1: not asked */
};

/* How far a registration has come. Each value says what has been proven. */
enum enrolment_phase {
    ENROLMENT_NONE,
    ENROLMENT_CODE_SENT, /* to `phone` */
    ENROLMENT_PHONE_PROVEN,
    ENROLMENT_CONSENTED, /* both consents are stored under `person_id` */
    ENROLMENT_REGISTERED /* the person exists and may choose a password once */
};

struct transaction {
    const char *id;     /* names the cookie */
    const char *binder; /* digest of the cookie's value */
    const char *language;
    unix_s created_at;
    struct authz authz;
    const char *shown_to;   /* the person who logged in, or whom the consent page was shown to */
    const char *agreed_by;  /* the person who agreed in this very transaction (prompt=consent) */
    int64_t enrolment;      /* enum enrolment_phase */
    const char *phone;      /* E.164: the number a code was sent to, or that was proven */
    const char *person_id;  /* chosen when consent is given, before the person exists */
    const char *bank_phone; /* E.164: the number kept at the bank, proven to be hers too */
};

/* A new transaction around `authz` (NULL: our own pages). *cookie is the value for
 * the cookie named by its id. */
must_check enum err transaction_new(struct ctx *ctx, const struct authz *authz,
                                    const char *language, struct transaction *out,
                                    const char **cookie);

/*
 * Will every link that comes of the request keep to TRANSACTION_MAX_BYTES: those of ours, whatever
 * the transaction still learns, and the one back to the partner with code, state and issuer?
 */
bool authz_fits(const struct authz *authz, const char *issuer);

/* As text for forms and URLs. */
must_check enum err transaction_seal(struct ctx *ctx, const struct transaction *tx,
                                     const char **out);

/* The id inside, to find the cookie by; nothing else of it may be used. ERR_FORGED, ERR_EXPIRED. */
must_check enum err transaction_peek(struct ctx *ctx, const char *sealed, struct transaction *out);

/* True when the cookie's value (may be NULL) is this transaction's. */
bool transaction_is_bound(struct ctx *ctx, const struct transaction *tx, const char *cookie);

/*
 * The token that a form of this transaction must carry (RFC 9700, 4.7). `cookie` is the
 * transaction's cookie value, so a token of another tab, flow or browser differs.
 */
const char *transaction_csrf(struct ctx *ctx, const struct transaction *tx, const char *cookie);

#endif
