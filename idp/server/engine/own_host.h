/* SPDX-License-Identifier: Apache-2.0 */
/* By which names a listener may be asked (RFC 9110, 7.4). A page in an operator's browser whose
 * name suddenly means this machine asks by that name, and gets no answer. */
#ifndef IDP_SERVER_ENGINE_OWN_HOST_H
#define IDP_SERVER_ENGINE_OWN_HOST_H

#include <stdbool.h>

/* `host` is a Host header's value or NULL (HTTP/1.0: no browser), `own` a list separated by spaces
 * or NULL for any. Ports, on either side, do not matter, nor does case. */
bool own_host_matches(const char *own, const char *host);

#endif
