/* SPDX-License-Identifier: Apache-2.0 */
/* Who is asking, and from where. */
#ifndef IDP_SERVER_ENGINE_CLIENT_ADDRESS_H
#define IDP_SERVER_ENGINE_CLIENT_ADDRESS_H

#include "policies/network.h"

/*
 * The peer itself; when the peer is one of the trusted proxies, the last hop of `forwarded_for` (may be NULL) that is not one. A hop that is no address makes it the peer:
 * a header that cannot be read is not believed at all. Every address is brought to one spelling
 * (policies/network.h) before it is compared or shown.
 */
const char *client_address(struct arena *arena, const char *peer, const struct networks *trusted,
                           const char *forwarded_for);

#endif
