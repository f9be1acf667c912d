/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scanning a card code (docs/adr/0052): what is shown is good once, while the session that shows it,
 * the card, and the right to show it all stand. That is read anew in the transaction that spends the
 * code, so whatever was acknowledged before it (a loss, a logout) is never followed by a scan that is
 * accepted.
 */
#ifndef IDP_CARD_SCAN_H
#define IDP_CARD_SCAN_H

#include "idp/base/problem.h"
#include "idp/card/code.h"
#include "idp/partner/registry.h"
#include "idp/person/card.h"
#include "idp/tables/session.h"

/* A terminal may hand a scan in so late. For so long a code is remembered behind its own time. */
#define CARD_OFFLINE_S 86400
/* Two partners within this time: one of the two may have scanned a picture. */
#define CARD_ELSEWHERE_S 120

/* What a scanner presents: the partner, the terminal of ctx in its name, or the counter of ctx in ours. */
struct card_scan_order {
    const char *code; /* as scanned */
    const struct partner
        *partner; /* NULL: a counter of ours, whose regions the caller judges by the card held */
    enum card_purpose
        purpose; /* it must be shown for that; CARD_PURPOSE_NONE: for any that the partner scans */
    unix_s scanned_at; /* of a scan off line, by the terminal's word; 0: it is scanned now */
};

struct card_scan {
    struct card_scan_order order;
    struct card_code code;
    struct stored_session session; /* that shows it */
    const char *holder_id;         /* whose card it is; NULL: not looked for yet */
    struct card card;
    unix_s at;
    bool elsewhere;      /* another partner scanned the card a moment ago */
    bool repeated;       /* off line: this very scan was handed in before, and accepted */
    const char *refused; /* why, for the audit trail; NULL: it is not */
    const struct problem *problem;
};

/*
 * Form, signature, time and purpose. NULL: so far it is good. What is none of ours counts against the
 * scanner; after 20 it is not listened to (problem_card_scanner_blocked). Outside a transaction, like
 * card_scan_look() and card_scan_end().
 */
const struct problem *card_scan_begin(struct ctx *ctx, const struct card_scan_order *order,
                                      struct card_scan *out);

/* Session and holder, for who needs to know before the change; it is all judged again there. */
const struct problem *card_scan_look(struct ctx *ctx, struct card_scan *scan);

/*
 * In the caller's change, before all else: judges, spends the code, and writes use and audit record.
 * ERR_CONFLICT: it was used before; ERR_REFUSED: it is not good (scan->refused). Its state is a struct
 * card_scan.
 */
must_check enum err card_scan_take(struct ctx *ctx, void *scan);

/* Behind that change, with what it gave: counts, and records a refusal. NULL: it is accepted. */
const struct problem *card_scan_end(struct ctx *ctx, struct card_scan *scan, enum err err);

/* All of it, in a change of its own. */
const struct problem *card_scan(struct ctx *ctx, const struct card_scan_order *order,
                                struct card_scan *out);

#endif
