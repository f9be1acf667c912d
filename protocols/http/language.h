/* SPDX-License-Identifier: Apache-2.0 */
/* Which language an answer is in. */
#ifndef PROTOCOLS_HTTP_LANGUAGE_H
#define PROTOCOLS_HTTP_LANGUAGE_H

#include "protocols/http/request.h"

/*
 * The first of these that names a language of ours decides: ui_locales (OpenID Connect Core,
 * 3.1.2.1), the cookie `lang`, Accept-Language (RFC 9110, 12.5.4; the first 16 ranges). Else it is
 * LANGUAGE_ZH_CN. Needs query, form and headers.
 */
enum language language_choose(struct request *rq);

/* For a redirect that leads on within the house: "&ui_locales=TAG" when this request chose its
 * language itself, so that the page behind it keeps the choice; else "". */
const char *language_carried(struct request *rq);

#endif
