/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TLS session tickets (RFC 5077; RFC 8446, 4.6.1), which libmicrohttpd 0.9.75 does not offer by
 * itself: a client that comes back is spared the whole handshake. The key is made at start and
 * lives in memory; GnuTLS derives from it those of the hour. Another node makes a whole handshake.
 */
#ifndef IDP_SERVER_ENGINE_TICKETS_H
#define IDP_SERVER_ENGINE_TICKETS_H

#include "idp/base/err.h"

struct tickets;
struct gnutls_session_int;

/* ERR_UNAVAILABLE without memory or chance. */
must_check enum err tickets_new(struct tickets **out);
/* NULL is fine. No session may use them any more. */
void tickets_free(struct tickets *tickets);

/* Before the handshake; a session that cannot have them does without. */
void tickets_offer(const struct tickets *tickets, struct gnutls_session_int *session);

#endif
