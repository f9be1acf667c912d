/* SPDX-License-Identifier: Apache-2.0 */
/* The doors of partners: where a person goes in who comes from no partner, or has lost her way. Only
 * what the partner has registered. */
#ifndef PROTOCOLS_PAGES_DOORS_H
#define PROTOCOLS_PAGES_DOORS_H

#include "idp/partner/registry.h"
#include "protocols/pages/page.h"

/* A page lists no more. */
#define DOORS_MAX 24

/*
 * Where this partner begins a login: its initiate_login_uri with `iss` (OpenID Connect Core, 4), or its
 * client_uri (RFC 7591, 2). NULL: it has named neither.
 */
const char *door_of(struct request *rq, const struct partner *partner);

/* The same, or else the site of its first redirect URI; NULL: that is an application on a phone. */
const char *door_back(struct request *rq, const struct partner *partner);

/* The list "doors" of the page: all partners that have one, by name. */
void page_doors(struct request *rq, struct page *page);

#endif
