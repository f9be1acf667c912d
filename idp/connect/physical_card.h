/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The connector to the card office (社保卡管理机构): is this physical card good, and is this its PIN?
 *
 * The wire is ours (idp/connect/card_wire.h), for no public one exists: POST {url}card/check. The
 * question has what the reader said, and pin_sealed: AES-256-GCM (nonce, then ciphertext, then tag,
 * base64url) under HMAC-SHA256(secret, "pin"), with the question_id as additional data. The answer has
 * code and check_id.
 */
#ifndef IDP_CONNECT_PHYSICAL_CARD_H
#define IDP_CONNECT_PHYSICAL_CARD_H

#include <stdbool.h>

#include "idp/base/arena.h"
#include "idp/base/env.h"
#include "idp/base/settings.h"
#include "idp/connect/https.h"
#include "policies/card_reading.h"

struct card_bureau;

/* Only MATCH proves, only PIN_WRONG counts as an attempt. */
enum card_outcome {
    CARD_UNKNOWN, /* sent, and no answer that can be believed */
    CARD_MATCH,
    CARD_PIN_WRONG,
    CARD_PIN_LOCKED,
    CARD_STOPPED,     /* lost, not enabled, void, cancelled */
    CARD_EXPIRED,     /* says the office, whatever is printed on it */
    CARD_ABSENT,      /* no such card, or the data on it are another's */
    CARD_UNAVAILABLE, /* the office says later, or none is configured */
    CARD_NOT_SENT,    /* it never saw the question: breaker, bulkhead, no connection */
    CARD_FAULT        /* it calls it our mistake */
};

struct card_check {
    struct card_reading reading;
    const char *terminal_id;
    const char *pin;
    const char *traceparent; /* NULL: none */
};

struct card_answer {
    enum card_outcome outcome;
    char check_id[33]; /* names the check at the office; "" unless it answered */
    bool alarm;        /* a person should look: forged, replayed, or our fault */
};

/* All three must outlive it. With an empty card_bureau.url every check is CARD_UNAVAILABLE. */
must_check enum err card_bureau_new(const struct settings *settings, struct https *https,
                                    struct env *env, struct card_bureau **out);
void card_bureau_free(struct card_bureau *bureau);

bool card_bureau_is_configured(const struct card_bureau *bureau);

/* For its other questions (card_feed.h, card_loss.h); it lives as long as the bureau. */
struct card_wire;
const struct card_wire *card_bureau_wire(const struct card_bureau *bureau);

/* Asks once, within card_bureau.deadline_s. The PIN is in no log and leaves this process sealed. */
void card_bureau_check(struct card_bureau *bureau, struct arena *arena,
                       const struct card_check *check, unix_s now, struct card_answer *out);

/* A lower-case name for logs and audit, e.g. "pin_wrong". Static storage. */
const char *card_outcome_name(enum card_outcome outcome);

#endif
