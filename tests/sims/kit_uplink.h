/* SPDX-License-Identifier: Apache-2.0 */
/* The gateway's own call: it hands on what somebody has answered (idp/connect/sms_uplink.h). */
#ifndef TESTS_SIMS_KIT_UPLINK_H
#define TESTS_SIMS_KIT_UPLINK_H

#include "idp/base/arena.h"

struct kit_uplink {
    const char *url; /* "": nobody wants to be told */
    const char *secret;
};

/* The status of the answer; 0: there was none. */
int kit_uplink_send(const struct kit_uplink *uplink, struct arena *arena, const char *phone,
                    const char *content);

#endif
