/* SPDX-License-Identifier: Apache-2.0 */
/* Where a directory server is: ldaps://HOST[:PORT], or ldap://HOST[:PORT], which means StartTLS. */
#ifndef POLICIES_DIRECTORY_URL_H
#define POLICIES_DIRECTORY_URL_H

#include <stdbool.h>

#include "idp/base/arena.h"

#define DIRECTORY_SERVERS_MAX 4

/* Neither user, path, query nor anything else of RFC 4516 behind host and port. */
bool directory_url_is_right(const char *url);

/* A filter (RFC 4515) as far as its brackets: it begins and ends with one, and all are closed. */
bool directory_filter_is_right(const char *filter);

#endif
