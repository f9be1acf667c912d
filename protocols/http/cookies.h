/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cookies (RFC 6265): `__Host-`, Secure, HttpOnly, SameSite=Lax, Path=/ on https; on loopback
 * http `tongxing-` and without Secure, for cookies know no ports and a partner on the same host has a
 * `session` of its own. Under an issuer with a path: Path= that, so that other applications of
 * the host are not sent them, and `__Secure-tongxing-`, for `__Host-` would not be taken.
 */
#ifndef PROTOCOLS_HTTP_COOKIES_H
#define PROTOCOLS_HTTP_COOKIES_H

#include "protocols/http/request.h"

/* The value of our cookie `name` (without prefix). NULL when the browser sent none, or two. */
const char *cookie_find(struct request *rq, const char *name);

/* `max_age_s` 0: until the browser closes. Values are base64url or
 * empty; anything else is a bug. */
void cookie_set(struct request *rq, const char *name, const char *value, int64_t max_age_s);
/* For the one that a script of ours reads in a frame of another site's page: without HttpOnly, and on
 * https SameSite=None. Nothing that is secret. */
void cookie_set_readable(struct request *rq, const char *name, const char *value);
/* As browsers and scripts know it, with its prefix. */
const char *cookie_full_name(struct request *rq, const char *name);
void cookie_clear(struct request *rq, const char *name);

/* Our cookies whose name starts with `prefix`: the rest of each name, up to `max`, into
 * `out`. Returns how many. */
size_t cookie_names(struct request *rq, const char *prefix, const char **out, size_t max);

#endif
