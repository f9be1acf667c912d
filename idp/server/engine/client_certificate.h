/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates that clients show (mutual TLS; RFC 8446, 4.3.2): asked for, never demanded. One that
 * the listener's authorities have not issued for this, or that is over, ends the handshake, so that
 * whoever has got in has none or a good one.
 */
#ifndef IDP_SERVER_ENGINE_CLIENT_CERTIFICATE_H
#define IDP_SERVER_ENGINE_CLIENT_CERTIFICATE_H

#include <stdbool.h>

#include "idp/base/err.h"

struct gnutls_session_int;

/* SHA-256 in hexadecimal, and its end. */
#define CERTIFICATE_THUMBPRINT_SIZE 65

/* The authorities of a file, in PEM, as libmicrohttpd wants them; the caller frees *out. ERR_INVALID with *why, a
 * sentence of static storage that names no file. */
must_check enum err client_authorities_read(const char *file, char **out, const char **why);

/* Before the handshake of a session of a listener that has authorities. */
void client_certificate_judge(struct gnutls_session_int *session);

/* Behind the handshake: the thumbprint of the client's own certificate (RFC 8705, 3.1: of its DER).
 * False: it has shown none. */
bool client_certificate_thumbprint(struct gnutls_session_int *session,
                                   char out[CERTIFICATE_THUMBPRINT_SIZE]);

#endif
