/* SPDX-License-Identifier: Apache-2.0 */
/* A fixed-size memory of token digests (token.h, struct fresh). Lock-free;
 * forgets when two share a place. */
#ifndef IDP_SESSION_FRESH_H
#define IDP_SESSION_FRESH_H

#include <stdbool.h>

struct fresh;

void fresh_add(struct fresh *fresh, const char *token);
bool fresh_has(struct fresh *fresh, const char *token);

#endif
