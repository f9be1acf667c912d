/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Digests of tokens that this node has made or whose signature it has checked lately: seeing one
 * again costs no signature check. Of fixed size and lock-free; forgets when two share a place.
 */
#ifndef IDP_SESSION_FRESH_H
#define IDP_SESSION_FRESH_H

#include <stdbool.h>

struct fresh;

struct fresh *fresh_new(void) __attribute__((returns_nonnull));
void fresh_free(struct fresh *fresh);

void fresh_add(struct fresh *fresh, const char *token);
bool fresh_has(struct fresh *fresh, const char *token);

#endif
