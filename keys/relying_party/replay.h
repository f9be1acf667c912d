/* SPDX-License-Identifier: Apache-2.0 */
/* What must be taken once only, remembered until it has ended. Bounded; shared by threads. */
#ifndef KEYS_RELYING_PARTY_REPLAY_H
#define KEYS_RELYING_PARTY_REPLAY_H

#include "idp/base/bytes.h"
#include "idp/base/env.h"

struct replay;

/* Room for `count`. NULL without memory. */
struct replay *replay_new(size_t count);
void replay_free(struct replay *replay);

/* True for exactly one caller with this digest until `until`. Without room what ends first is
 * forgotten. */
bool replay_take(struct replay *replay, const struct digest *digest, unix_s now, unix_s until);

#endif
