/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an electronic social-security card is worth: a verdict over its own state, what was reported lost, the
 * physical card it is of, and the dates. Pure; docs/adr/0049.
 */
#ifndef POLICIES_CARD_STATE_H
#define POLICIES_CARD_STATE_H

#include <stdbool.h>

#include "idp/base/env.h"

/* Of the physical card, as its office says. Stored. */
enum physical_state {
    PHYSICAL_NOT_ENABLED = 0,
    PHYSICAL_NORMAL = 1,
    PHYSICAL_LOST = 2,
    PHYSICAL_VOID = 7,
    PHYSICAL_PROVISIONAL = 8, /* reported lost by telephone: it lapses */
    PHYSICAL_CANCELLED = 9,
    PHYSICAL_LOCKED = 10 /* L on the wire */
};

/* Of the electronic card itself. Stored. */
enum ecard_own {
    ECARD_NONE,
    ECARD_L1, /* shows who she is */
    ECARD_L2, /* and pays, by the card's bank account */
    ECARD_CLOSED
};

/* What was reported to us. Stored. */
enum card_loss {
    CARD_NOT_LOST,
    CARD_LOSS_PROVISIONAL, /* lapses at loss_lapses_at */
    CARD_LOSS_FORMAL       /* the end of this card: another one has to be issued */
};

enum card_effective {
    CARD_ACTIVE,
    CARD_SUSPENDED, /* reversible */
    CARD_REVOKED,   /* final */
    CARD_INACTIVE,  /* the physical card is not enabled */
    CARD_LAPSED,    /* past its last day, which a renewal moves */
    CARD_CLOSED,
    CARD_EFFECTIVES
};

struct card_facts {
    int64_t own;           /* enum ecard_own */
    int64_t loss;          /* enum card_loss */
    unix_s loss_lapses_at; /* of a provisional one: first second in which it is over; 0: never */
    int64_t physical;      /* enum physical_state */
    unix_s physical_lapses_at; /* the same of PHYSICAL_PROVISIONAL */
    int64_t valid_to;          /* last day, yyyymmdd, of the electronic card; 0: none */
    int64_t physical_valid_to; /* and of the physical one */
};

/* The gravest of all that holds: closed, revoked, suspended, inactive, lapsed. A state that is not known (of a
 * newer version) suspends. */
enum card_effective card_effective(const struct card_facts *facts, unix_s now);

/* Lower-case, for programs: "active". Static storage. */
const char *card_effective_name(enum card_effective state);

/* From the office's letter: "0" "1" "2" "7" "8" "9" "L". False for any other text. */
bool physical_state_read(const char *text, int64_t *out);
/* That letter; "?" for a state that is not known. Static storage. */
const char *physical_state_letter(int64_t state);

/* What a login by a card says among its factors (amr): by the chip of the physical one, or by a code of the electronic
 * one. */
#define CARD_CHIP_METHOD "sc"
#define CARD_CODE_METHOD "card"

/* Is it one of the two? Then it stands and falls with the card. */
bool card_is_in_amr(const char *amr);

#define CARD_RENEW_DAYS 60

/* Is it so near to its last day, or past it, that it may be renewed? */
bool card_may_be_renewed(int64_t valid_to, unix_s now);

#endif
