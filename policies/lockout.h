/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often what may be tried. The ledger that counts is shared by all channels and nodes; the
 * limits stand here.
 */
#ifndef POLICIES_LOCKOUT_H
#define POLICIES_LOCKOUT_H

#include <stdint.h>

enum attempt_kind {
    ATTEMPT_NONE = 0,
    ATTEMPT_PASSWORD,         /* per person or login name */
    ATTEMPT_PASSWORD_ADDRESS, /* per network address */
    ATTEMPT_SMS_SEND_MINUTE,  /* the next three: per phone number */
    ATTEMPT_SMS_SEND_HOUR,
    ATTEMPT_SMS_SEND_DAY,
    ATTEMPT_SMS_ADDRESS,     /* per network address */
    ATTEMPT_BANK_PERSON_DAY, /* per identity number */
    ATTEMPT_BANK_CARD_DAY,   /* per card number */
    ATTEMPT_CLIENT_SECRET,   /* per partner */
    ATTEMPT_KIND_COUNT
};

struct attempt_rule {
    int64_t window_s; /* from the first attempt counted */
    int64_t cap;      /* attempts allowed in it */
    const char *name; /* stable: for the ledger, logs and metrics */
};

/* The rule of a real kind, 0 < kind < ATTEMPT_KIND_COUNT. Static storage. */
const struct attempt_rule *attempt_rule(enum attempt_kind kind);

#endif
