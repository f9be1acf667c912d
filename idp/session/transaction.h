/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A login under way. Nothing of it is stored: it travels sealed in the form and the URL, and opens
 * only in the browser that holds the cookie of this very transaction, so several tabs, the back
 * button and a restarted server all work.
 */
#ifndef IDP_SESSION_TRANSACTION_H
#define IDP_SESSION_TRANSACTION_H

#include "idp/context/ctx.h"

/*
 * Sealed, as text. It stands in links of ours, which the gate bounds (server/engine/gate.h), beside
 * a path and a language. A code is sealed of the same texts and stands in a link to the partner.
 */
#define TRANSACTION_MAX_BYTES 12000
#define CODE_MAX_BYTES TRANSACTION_MAX_BYTES

/* How far a registration or a recovery (recovery.h) has come. Each value says what has been proven;
 * transaction_has_come_to() reads it. */
enum enrolment_phase {
    ENROLMENT_NONE,
    ENROLMENT_CODE_SENT, /* to `phone` */
    ENROLMENT_PHONE_PROVEN,
    ENROLMENT_CONSENTED,  /* both consents are stored under `person_id` */
    ENROLMENT_REGISTERED, /* the person exists and may choose a password once */

    RECOVERY_CODE_SENT = 16, /* to `phone` */
    RECOVERY_PHONE_PROVEN,
    RECOVERY_PROVEN /* she is the person `person_id`, and may choose a password once */
};

/* How the pages ended. Whoever began the transaction reads it when it goes on. */
enum outcome {
    OUTCOME_NONE,
    OUTCOME_FINISHED,
    OUTCOME_REFUSED /* by the person: `refusal` says what */
};

/* Texts are "" when there is nothing to say. */
struct transaction {
    const char *id;     /* names the cookie */
    const char *binder; /* digest of the cookie's value */
    const char *language;
    unix_s created_at;
    unix_s until;  /* she may ask for more time; 0: of a version that did not know that */
    int64_t again; /* 1: begun anew in place of one that had expired */

    /* Of whoever began it: what the pages show, and what it needs again when it goes on. */
    const char *purpose;     /* protocols/flow/purpose.h */
    const char *partner_id;  /* for whom; "": the person came to our own pages */
    const char *returns_to;  /* the origin where the browser ends, for the pages' policy */
    const char *login_hint;  /* whom the partner believes to be there */
    int64_t asks_again;      /* 1: somebody is logged in, and is asked all the same */
    const char *scope;       /* what the consent page asks for; "": it is not needed yet */
    const char *asked;       /* the request as asked (protocols/http/params.h, params_pack) */
    const char *hint_sub;    /* who must be logged in, of the partner's id_token_hint */
    const char *seen_handle; /* of the session there was then: a login has another */

    /* Of the pages. */
    int64_t outcome; /* enum outcome */
    const char *refusal;
    const char *shown_to;   /* the person who logged in, or whom the consent page was shown to */
    const char *agreed_by;  /* the person who agreed in this very transaction */
    int64_t enrolment;      /* enum enrolment_phase, of one of the two */
    const char *phone;      /* E.164: the number a code was sent to, or that was proven */
    unix_s proven_at;       /* when `phone` was proven to be hers; 0: not yet */
    const char *person_id;  /* chosen when consent is given, before the person exists */
    const char *bank_phone; /* E.164: the number kept at the bank, proven to be hers too */
    unix_s known_at;        /* when she was proven to be `person_id`, who recovers; 0: not yet */
};

/* What is proven in a registration is nothing in a recovery, and the other way round. */
bool transaction_has_come_to(const struct transaction *tx, enum enrolment_phase phase);

/*
 * Gives `tx`, which says what it is for, an id, a binder, a language and its time. *cookie is the
 * value for the cookie named by its id. It begins with the time, so that of two cookies the older one
 * can be told: transaction_cookie_is_older().
 */
must_check enum err transaction_new(struct ctx *ctx, const char *language, struct transaction *tx,
                                    const char **cookie);
bool transaction_cookie_is_older(const char *cookie, const char *than);

/*
 * One that has expired begins anew, for as long as its cookie lives: `tx`, which says what it is for,
 * takes the id and the binder of `old`, and nothing that was proven or shown there.
 */
void transaction_renew(struct ctx *ctx, const struct transaction *old, struct transaction *tx);

/* How long after its end it still begins anew, and how long its cookie lives. */
#define TRANSACTION_HONOURED_S 86400
bool transaction_is_honoured(const struct ctx *ctx, const struct transaction *tx);
int64_t transaction_cookie_life_s(const struct ctx *ctx);

/*
 * When its pages end. More time may be asked for ten times over (WCAG 2.2, 2.2.1); false: no more
 * than it has.
 */
unix_s transaction_end(const struct ctx *ctx, const struct transaction *tx);
bool transaction_may_extend(const struct ctx *ctx, const struct transaction *tx);
void transaction_extend(const struct ctx *ctx, struct transaction *tx);

/*
 * Will every link of ours keep to TRANSACTION_MAX_BYTES, whatever `tx` still learns, when it has
 * `scope` to ask for?
 */
bool transaction_fits(const struct transaction *tx, const char *scope);

/* The length of what is sealed of `texts` bytes of text, ids and numbers beside them. */
size_t transaction_sealed_size(size_t texts);

/* As text for forms and URLs. */
must_check enum err transaction_seal(struct ctx *ctx, const struct transaction *tx,
                                     const char **out);

/*
 * The id inside, to find the cookie by; until transaction_is_bound() nothing else of it may be used
 * but whom it is for. ERR_FORGED; ERR_EXPIRED with `out` filled all the same.
 */
must_check enum err transaction_peek(struct ctx *ctx, const char *sealed, struct transaction *out);

/* True when the cookie's value (may be NULL) is this transaction's. */
bool transaction_is_bound(struct ctx *ctx, const struct transaction *tx, const char *cookie);

/*
 * The token that a form of this transaction must carry (RFC 9700, 4.7). `cookie` is the
 * transaction's cookie value, so a token of another tab, flow or browser differs.
 */
const char *transaction_csrf(struct ctx *ctx, const struct transaction *tx, const char *cookie);

#endif
