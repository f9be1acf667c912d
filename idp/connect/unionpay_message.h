/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text form of UnionPay ACP 5.1.0 messages: fields, the string that is signed, request bodies
 * and replies.
 */
#ifndef IDP_CONNECT_UNIONPAY_MESSAGE_H
#define IDP_CONNECT_UNIONPAY_MESSAGE_H

#include <stddef.h>

#include "idp/base/arena.h"
#include "idp/base/bytes.h"
#include "idp/base/err.h"

/* Longer names cannot be asked about; they are never cut. */
#define UNIONPAY_NAME_MAX_CHARS 32

#define UNIONPAY_FIELDS_MAX 64
#define UNIONPAY_REPLY_MAX_BYTES 65536

struct unionpay_field {
    const char *name;
    const char *value;
};

struct unionpay_message {
    size_t count;
    struct unionpay_field fields[UNIONPAY_FIELDS_MAX];
};

/* The elements of a real-name check; all are compulsory. */
struct unionpay_customer {
    const char *name;            /* UTF-8, at most UNIONPAY_NAME_MAX_CHARS */
    const char *identity_number; /* of a resident identity card */
    const char *phone;           /* national, 11 digits */
};

/*
 * Set a field; the texts must outlive the message. A blank value is left out, since the network
 * drops blanks before it signs. Room is the caller's concern.
 */
void unionpay_put(struct unionpay_message *message, const char *name, const char *value);

/* NULL when absent. */
const char *unionpay_find(const struct unionpay_message *message, const char *name);

/*
 * The field customerInfo. The format escapes nothing, so an element with a separator or control
 * character, or one too long for its field, is ERR_INVALID: it is never cut or changed.
 */
must_check enum err unionpay_customer_info(struct arena *arena,
                                           const struct unionpay_customer *customer,
                                           const char **out);

/* All fields but `signature`, in ASCII order of names, raw values, joined by '&'. */
const char *unionpay_string_to_sign(struct arena *arena, const struct unionpay_message *message);

/* Its SHA-256 in lower-case hex: the 64 bytes that RSA signs (signMethod 01). */
const char *unionpay_digest(struct arena *arena, const struct unionpay_message *message);

/* The form body: fields in order of names, values percent-encoded. */
struct bytes unionpay_body(struct arena *arena, const struct unionpay_message *message);

/*
 * A reply: pairs split at '&' outside of {} and [], and at their first '='; not percent-decoded.
 * ERR_INVALID for a name twice, unbalanced brackets, bad UTF-8, or more than the limits above.
 */
must_check enum err unionpay_parse(struct arena *arena, struct bytes reply,
                                   struct unionpay_message *out);

#endif
