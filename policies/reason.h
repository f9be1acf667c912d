/* SPDX-License-Identifier: Apache-2.0 */
/* Why somebody looks at or does something of a person, in his own words, which records keep: they may hold no personal data. Pure. */
#ifndef POLICIES_REASON_H
#define POLICIES_REASON_H

#include "idp/base/arena.h"

enum reason_fault {
    REASON_GOOD,
    REASON_CHARACTERS, /* it holds what is no letter, digit or sign */
    REASON_LENGTH,
    REASON_NUMBER, /* it holds digits as of a phone or identity number */
    REASON_NAME    /* it says her name */
};

#define REASON_MIN 4 /* characters that are not blank */

/* `most`: characters. `name`: of the person; "": none is known. */
enum reason_fault reason_judge(struct arena *arena, const char *reason, size_t most,
                               const char *name);

#endif
