/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How we talk with the card office (docs/adr/0043, 0050): POST {url}PATH, JSON in and out. Both bodies
 * are {"payload","signature"}: payload is base64url of a JSON object, signature the HMAC-SHA256, in
 * hexadecimal, of "request" or "answer", the app id and the payload, each on a line of its own, under
 * the shared secret. A question's object begins with app_id, question_id and time; an answer's has the
 * question_id too, so that none can be given to another question.
 */
#ifndef IDP_CONNECT_CARD_WIRE_H
#define IDP_CONNECT_CARD_WIRE_H

#include <stdbool.h>

#include "idp/base/buf.h"
#include "idp/base/env.h"
#include "idp/base/json.h"
#include "idp/base/settings.h"
#include "idp/connect/https.h"

#define CARD_QUESTION_ID_BYTES 16
#define CARD_MAC_BYTES 32

/* Whom we talk with; all three must outlive it. */
struct card_wire {
    const struct settings *settings;
    struct https *https;
    struct env *env;
};

/* One question under way. */
struct card_question {
    const struct card_wire *wire;
    struct arena *arena;
    const char *path;        /* "card/check" */
    const char *traceparent; /* NULL: none */
    size_t answer_max;       /* bytes of the whole answer, at most JSON_BYTES_MAX */
    const char *id;          /* drawn by card_question_begin() */
    struct buf json;         /* its members; what is particular to it is put there */
    bool alarm; /* a person should look: the answer was forged, or another question's */
};

/* Draws the id and writes the members that all questions have. ERR_UNAVAILABLE: no randomness. */
must_check enum err card_question_begin(struct card_question *question, unix_s now);

/*
 * Closes, signs and sends it, and reads the answer: the object that its payload holds. ERR_UNAVAILABLE:
 * nothing was sent; ERR_UNKNOWN: no whole answer in time, or not 200; ERR_INVALID: larger than
 * `answer_max`; ERR_FORGED: somebody else speaks, or about another question.
 */
must_check enum err card_question_ask(struct card_question *question, const json_t **out);

/* What the whole answer's bytes come to, in the same words; for those that ask, and the fuzzer. */
must_check enum err card_answer_open(struct card_question *question, struct bytes body,
                                     const json_t **out);

/* Logs and counts what a person should look at; `reason` is a word. */
void card_question_alarm(struct card_question *question, const char *reason);

/* HMAC-SHA256 of a text under the secret. */
void card_wire_mac(const struct card_wire *wire, const char *text,
                   unsigned char out[static CARD_MAC_BYTES]);

#endif
