/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bank connector: real-name checks of name, identity number, card and phone through UnionPay
 * ACP 5.1.0.
 */
#ifndef IDP_CONNECT_BANK_UNIONPAY_H
#define IDP_CONNECT_BANK_UNIONPAY_H

#include <stdbool.h>
#include <stdint.h>

#include "idp/base/arena.h"
#include "idp/base/env.h"
#include "idp/base/settings.h"
#include "idp/connect/https.h"

struct bank;

/* One order. order_id: 8 to 40 letters and digits; with txn_time it names the order for ever. */
struct bank_check {
    const char *name;
    const char *identity_number;
    const char *card_no; /* 13 to 19 digits */
    const char *phone;   /* national, 11 digits */
    const char *order_id;
    unix_s txn_time;
    const char *traceparent; /* of this question; NULL: none */
};

/* Only MATCH proves, only MISMATCH counts as an attempt. */
enum bank_outcome {
    BANK_UNKNOWN, /* sent, and no answer that can be believed: query the same order */
    BANK_MATCH,
    BANK_MISMATCH,
    BANK_CARD_INVALID, /* no such card */
    BANK_CARD_STATE,   /* lost, frozen, expired, closed */
    BANK_UNSUPPORTED,  /* card or issuer cannot be checked this way: offer another */
    BANK_REFUSED,      /* issuer or risk control: no detail to the user */
    BANK_RATE_LIMITED, /* not again today */
    BANK_UNAVAILABLE,  /* the network says later, or no bank is configured */
    BANK_NOT_SENT,    /* the network never saw it: breaker, bulkhead, no connection, or it cannot be
                         encoded */
    BANK_FAULT,       /* the network calls it our mistake or our contract's */
    BANK_ORDER_ABSENT /* query only: the network does not know the order */
};

struct bank_answer {
    enum bank_outcome outcome;
    char code[8]; /* the network's code; "" when there is none to believe */
    bool alarm; /* a person should look: forged, replayed, or our fault (logged and counted already)
                 */
    int64_t took_ms;
};

/*
 * `settings` and `https` must outlive it. With an empty bank.url every check is BANK_UNAVAILABLE
 * and no file is read. ERR_NOT_FOUND: a PEM file cannot be read; ERR_INVALID: it does not hold what
 * it must.
 */
must_check enum err bank_new(const struct settings *settings, struct https *https,
                             struct bank **out);
void bank_free(struct bank *bank);

/* Ask once, within bank.deadline_s. `now` is the wall clock that certificates are judged by. */
void bank_check(struct bank *bank, struct arena *arena, const struct bank_check *check, unix_s now,
                struct bank_answer *out);

/*
 * What became of an order: uses order_id and txn_time only, and may be asked again and again.
 * UNKNOWN whenever the query itself came to nothing, for whatever reason.
 */
void bank_query(struct bank *bank, struct arena *arena, const struct bank_check *check, unix_s now,
                struct bank_answer *out);

/* A lower-case name for logs and audit, e.g. "card_state". Static storage. */
const char *bank_outcome_name(enum bank_outcome outcome);

#endif
