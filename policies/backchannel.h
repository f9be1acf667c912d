/* SPDX-License-Identifier: Apache-2.0 */
/* What a request over another line may say (OpenID Connect CIBA Core 1.0, 7.1). Pure. */
#ifndef POLICIES_BACKCHANNEL_H
#define POLICIES_BACKCHANNEL_H

#include <stdint.h>

#include "idp/base/problem.h"

#define BINDING_MESSAGE_MAX 64 /* characters */
#define NOTIFICATION_TOKEN_MAX 1024

/* How long a person is waited for: what is usual, and no longer than. */
#define BACKCHANNEL_LIFE_S 300
#define BACKCHANNEL_LIFE_MAX_S 600
/* Between two questions of the partner. */
#define BACKCHANNEL_INTERVAL_S 5

/* What a registration may say of these, as lists of words. Discovery tells the same. */
#define BACKCHANNEL_DELIVERY_MODES "poll ping"
/*
 * How the person is asked, beside the page where all waits for her: by nothing else, by a link in a
 * text message, by a number that she sends back.
 */
#define BACKCHANNEL_APPROVALS "page link reply"

/* problem_binding_message_invalid unless it shows as what it says: no controls, nothing that is not
 * seen, no marks of direction. NULL is none, and fine. */
const struct problem *binding_message_check(const char *message);

/* Digits; more than BACKCHANNEL_LIFE_MAX_S is that. NULL gives what is usual.
 * problem_requested_expiry_invalid. */
const struct problem *requested_expiry_read(const char *text, int64_t *life_s);

/* A bearer token (RFC 6750, 2.1) that nobody guesses. problem_notification_token_invalid, for NULL
 * too. */
const struct problem *notification_token_check(const char *token);

#endif
