/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often something may be tried. All channels and nodes share one ledger that counts; the
 * settings ([limits]) hold the numbers; this header says which line of the ledger counts what. No
 * stranger can shut a person out: docs/adr/0012.
 */
#ifndef POLICIES_LOCKOUT_H
#define POLICIES_LOCKOUT_H

#include <stdint.h>

#include "idp/base/settings.h"

/*
 * Whoever counts in several lines at once does so in this order, so that no two wait for each
 * other. A requester is the browser when the person logged in with it before, else the network
 * unit.
 */
enum attempt_kind {
    ATTEMPT_NONE = 0,
    ATTEMPT_PASSWORD,         /* per phone number and requester */
    ATTEMPT_PASSWORD_PHONE,   /* per phone number, all strangers together */
    ATTEMPT_PASSWORD_ADDRESS, /* per network unit */
    ATTEMPT_SMS_MINUTE,       /* the next three: per phone number and requester */
    ATTEMPT_SMS_HOUR,
    ATTEMPT_SMS_DAY,
    ATTEMPT_SMS_STRANGERS,  /* per phone number, all strangers together */
    ATTEMPT_SMS_PHONE,      /* per phone number, whoever asks */
    ATTEMPT_SMS_ADDRESS,    /* per network unit */
    ATTEMPT_SMS_PREFIX,     /* per network prefix */
    ATTEMPT_SMS_ALL_MINUTE, /* the whole province, in lanes */
    ATTEMPT_SMS_ALL_DAY,
    ATTEMPT_BANK_PERSON_DAY,   /* per identity number */
    ATTEMPT_BANK_CARD_DAY,     /* per card number */
    ATTEMPT_CLIENT_SECRET,     /* per partner */
    ATTEMPT_CLIENT_UNKNOWN,    /* per network unit: no such partner */
    ATTEMPT_PROMPT,            /* per person who is asked to allow something */
    ATTEMPT_PROMPT_TOLD,       /* the same: that she is asked too often */
    ATTEMPT_TERMINAL_CODE,     /* per network unit: codes that enrol a terminal */
    ATTEMPT_CARD_PIN,          /* per social-security card */
    ATTEMPT_CARD_TERMINAL,     /* per terminal */
    ATTEMPT_DEVICE_ADDRESS,    /* per partner and network unit: devices that wait */
    ATTEMPT_DEVICE_PARTNER,    /* per partner */
    ATTEMPT_USER_CODE_SESSION, /* per session: codes that name no device */
    ATTEMPT_USER_CODE_ADDRESS, /* per network unit */
    ATTEMPT_REPLY,             /* per phone number: answers to a message that fit nothing */
    ATTEMPT_QR_GUESS,          /* per person: codes of browsers that are none of ours */
    ATTEMPT_FAMILY,            /* per person who asks to show the cards of others */
    ATTEMPT_FAMILY_PAIR,       /* the same and the identity number that she asks for */
    ATTEMPT_CARD_PASSWORD,     /* per person: of her electronic card, in all channels */
    ATTEMPT_CARD_CODE,         /* per terminal, or partner: card codes that are none of ours */
    ATTEMPT_COUNTER_CODE,      /* per network unit: codes that enrol a counter */
    ATTEMPT_STAFF_READ,        /* per member of staff: persons found, and data unmasked */
    ATTEMPT_STAFF_MISS,        /* the same: persons looked for in vain */
    ATTEMPT_STAFF,             /* per name of a member of staff */
    ATTEMPT_STAFF_SOURCE,      /* the same per counter, or network unit */
    ATTEMPT_KIND_COUNT
};

/* The count of the whole province is spread over so many lines: else all would wait for one row. */
#define ATTEMPT_LANES 8

/* Up to `cap` attempts are free. After them the line refuses, or (wait_s > 0) makes people wait. */
struct attempt_rule {
    const char *name; /* stable: for the ledger, logs and metrics */
    int64_t window_s; /* from the first attempt counted */
    int64_t cap;
    int64_t wait_s;      /* after the attempt that filled the cap; doubles with each one more */
    int64_t wait_most_s; /* where doubling ends */
    int64_t most;        /* attempts in all, waiting or not; 0: no such bound */
};

/* The rule of a real kind, 0 < kind < ATTEMPT_KIND_COUNT. Each lane of a kind in lanes has it. */
struct attempt_rule attempt_rule(const struct settings *settings, enum attempt_kind kind);

/*
 * How long somebody must wait for one more attempt after `count` of them, the last `since_s` ago,
 * in a window that ends in `left_s`; 0: not at all. Never more than left_s. A clock that went back
 * (since_s < 0) costs one whole wait.
 */
int64_t attempt_wait_s(const struct attempt_rule *rule, int64_t count, int64_t since_s,
                       int64_t left_s);

#endif
