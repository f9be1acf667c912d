/* SPDX-License-Identifier: Apache-2.0 */
/* application/x-www-form-urlencoded, read strictly: queries and form bodies. */
#ifndef PROTOCOLS_HTTP_PARAMS_H
#define PROTOCOLS_HTTP_PARAMS_H

#include <stdbool.h>
#include <stddef.h>

#include "idp/base/arena.h"
#include "idp/base/err.h"

#define PARAMS_MAX 64

struct params {
    size_t count;
    const char **names; /* decoded, NUL-terminated */
    const char **values;
};

/*
 * The value of a pair whose bytes are no UTF-8, itself "": told by its address. Who reads that pair
 * refuses it; a stranger's pair (a link from a page in GBK, say) harms nobody.
 */
extern const char param_unreadable[];

/*
 * ERR_INVALID: a bad or cut percent escape, an encoded NUL, more than PARAMS_MAX pairs. A pair
 * without '=' has the value "". An empty text, and empty pairs ("a=1&&b=2"), are fine. A pair whose
 * name is no UTF-8 is left out: nobody has a name for it.
 */
must_check enum err params_parse(struct arena *arena, const char *text, size_t size,
                                 struct params *out);

/*
 * The first writes all pairs as one text, for a request that travels on sealed; the second reads
 * that text. Each value has its length before it, so nothing in it needs escaping. ERR_INVALID: not
 * what params_pack() makes.
 */
const char *params_pack(struct arena *arena, const struct params *params);
must_check enum err params_unpack(struct arena *arena, const char *text, struct params *out);

/* The first value of that name, or NULL. */
const char *params_find(const struct params *params, const char *name);

/* True when some name stands more than once. */
bool params_have_repeats(const struct params *params);

#endif
