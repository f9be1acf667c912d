/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A certificate with those that issued it (RFC 5280, in PEM: RFC 7468), perhaps with its private
 * key. It never changes once read; what the listener shows is replaced whole.
 */
#ifndef IDP_SERVER_ENGINE_CERTIFICATE_H
#define IDP_SERVER_ENGINE_CERTIFICATE_H

#include <stdbool.h>

#include "idp/base/bytes.h"
#include "idp/base/env.h"
#include "idp/base/err.h"

struct certificate;
struct gnutls_session_int;

/* `key_file` NULL: without a key, and then those in the file may be any, as authorities are.
 * ERR_INVALID with *why, a sentence of static storage that names
 * no file. */
must_check enum err certificate_open(const char *certificate_file, const char *key_file,
                                     struct certificate **out, const char **why);
/* Takes void, for snapshot_retire(). NULL is fine. */
void certificate_free(void *what);

/* What the first one says of itself, and how many stand in the file. */
struct certificate_facts {
    unix_s begins;
    unix_s ends; /* of a chain: when the first of them ends that does */
    size_t count;
    bool signs_itself;
};

struct certificate_facts certificate_facts(const struct certificate *certificate);

/* Is it for that host, a name or an address without brackets? */
bool certificate_is_for(const struct certificate *certificate, const char *host);

/* --- Shown by a listener --- */

struct certificate_shown {
    _Atomic(struct certificate *) now;
};

/* From the next handshake on. The one before is freed when none can need it any more. */
void certificate_show(struct certificate_shown *shown, struct certificate *certificate);

/* Before the handshake of each session. */
void certificate_offer(struct certificate_shown *shown, struct gnutls_session_int *session);

/* What libmicrohttpd is to call in the handshake: a gnutls_certificate_retrieve_function2. */
void *certificate_callback(void);

#endif
