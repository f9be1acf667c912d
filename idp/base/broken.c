/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/broken.h"

#include <stdio.h>
#include <stdlib.h>

void
broken(const char *invariant)
{
    fprintf(stderr, "invariant broken: %s\n", invariant);
    abort();
}
