/* SPDX-License-Identifier: Apache-2.0 */
/* Which of the names there are was probably meant by one that there is not. */
#ifndef IDP_BASE_NEAR_H
#define IDP_BASE_NEAR_H

#include <stddef.h>

struct near {
    const char *word;
    const char *best; /* of those tried; NULL: none is near */
    size_t distance;  /* of the best */
};

struct near near_to(const char *word);

/* Of two that are equally near the first stays. Names longer than 63 bytes are never near. */
void near_try(struct near *near, const char *name);

#endif
