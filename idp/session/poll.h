/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When each waiting device asked last (RFC 8628, 3.5; CIBA Core 1.0, 11): of this process alone, of
 * fixed size and lock-free, so that waiting in peace costs no write. Who shares a place with another
 * is forgotten, never taken for the other.
 */
#ifndef IDP_SESSION_POLL_H
#define IDP_SESSION_POLL_H

#include <stdbool.h>

#include "idp/base/env.h"
#include "keys/secret.h"

/* So much earlier than it should is no haste: the way here is not always as long. */
#define POLL_TOLERANCE_S 1

struct polls;

struct polls *polls_new(void) __attribute__((returns_nonnull));
void polls_free(struct polls *polls);

/* It asks now. Is that less than `interval_s` after it asked last? */
bool poll_is_hasty(struct polls *polls, const struct digest *waiter, int64_t interval_s,
                   unix_s now);

#endif
