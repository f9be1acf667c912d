/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Card codes: what a person shows on her telephone, good once and for a minute (docs/adr/0051). A
 * compact JWS under 300 bytes, of which nothing is stored. Whose it is nobody can tell who has no
 * key of ours, nor that two of them are one card's.
 */
#ifndef IDP_CARD_CODE_H
#define IDP_CARD_CODE_H

#include "idp/context/ctx.h"
#include "policies/card_purpose.h"
#include "policies/code_clock.h"

#define CARD_CODE_TYP "card"
#define CARD_CODE_MAX_BYTES 299
/* A longer text is none, and is not looked at. */
#define CARD_CODE_READ_MAX_BYTES 400

struct card_code_order {
    const char *card_id; /* "c_…" */
    const char *sid;     /* of the session that shows it: hers, or of who may show it for her */
    enum card_purpose purpose;
};

struct card_code {
    const char *jti;
    unix_s issued_at;
    unix_s expires_at;
    enum card_purpose purpose;
    bool in_app;
    const char *card_id;
    const char *sid;
};

/* Signs one; whether it may be shown is the caller's matter (idp/card/show.h). ERR_EXPIRED: this
 * machine's clock is behind, so that it would be born dead. ERR_UNAVAILABLE: no key or no randomness.
 * Outside a transaction. */
must_check enum err card_code_issue(struct ctx *ctx, const struct card_code_order *order,
                                    const char **out);

/* The same on the telephone that the card is opened on (idp/card/link.h): the code says so, and is dead
 * once it is opened on another. */
must_check enum err card_code_issue_in_app(struct ctx *ctx, const struct card_code_order *order,
                                           const char **out);

/*
 * Form, signature and time; cheap, and no row is read but the clock's. ERR_INVALID: it is no code.
 * ERR_FORGED: none of ours. ERR_EXPIRED: its time is over, or has not come, or is before a restore.
 * Outside a transaction.
 */
must_check enum err card_code_open(struct ctx *ctx, const char *text, struct card_code *out);

/* The same whatever the time, for what was scanned off line: code_clock_judge() with its expires_at
 * is the caller's. */
must_check enum err card_code_read(struct ctx *ctx, const char *text, struct card_code *out);

/* What it is spent by (idp/tables/spent.h). */
struct digest card_code_spent_id(const struct ctx *ctx, const struct card_code *code);

#endif
