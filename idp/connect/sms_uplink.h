/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the gateway hands on to us: messages that people have sent, in the form of Aliyun's SmsUp, a
 * JSON array. Each call is signed with a key that we share with it:
 *
 *     Authorization: SMS-UPLINK-HMAC-SHA256 Timestamp=1767225600,Nonce=…,Signature=…
 *
 * where the signature is the HMAC-SHA256, in hex, of "SMS-UPLINK-HMAC-SHA256\n<Timestamp>\n<Nonce>\n"
 * and the SHA-256 of the body in hex.
 */
#ifndef IDP_CONNECT_SMS_UPLINK_H
#define IDP_CONNECT_SMS_UPLINK_H

#include "idp/base/arena.h"
#include "idp/base/bytes.h"
#include "idp/base/env.h"
#include "idp/base/err.h"

/* So far may its clock be from ours, and so long is a nonce remembered on either side of now. */
#define UPLINK_WINDOW_S 300

/* What the header says, and what it should say: to be compared as digests are. */
struct uplink_signature {
    unix_s at;
    const char *nonce; /* 16 to 64 of A-Z a-z 0-9 - _ */
    struct digest given;
    struct digest expected;
};

/* `authorization` may be NULL. ERR_INVALID: it has not that form. */
must_check enum err uplink_signature_read(struct arena *arena, const char *authorization,
                                          const char *secret, struct bytes body,
                                          struct uplink_signature *out);

/* One message of somebody's. */
struct uplink_message {
    const char *phone_number; /* as the gateway writes it */
    const char *content;
};

#define UPLINK_MESSAGES_MAX 100

struct uplink_list {
    struct uplink_message *at;
    size_t count;
};

/* ERR_INVALID: no array, more than UPLINK_MESSAGES_MAX, or something in it without the two. */
must_check enum err uplink_read(struct arena *arena, struct bytes body, struct uplink_list *out);

#endif
