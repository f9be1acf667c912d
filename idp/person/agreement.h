/* SPDX-License-Identifier: Apache-2.0 */
/* A person's word, kept once for each purpose and partner: given again it changes nothing, given
 * for more or to another text it takes the place of the old one. */
#ifndef IDP_PERSON_AGREEMENT_H
#define IDP_PERSON_AGREEMENT_H

#include <stdbool.h>

#include "idp/context/ctx.h"
#include "idp/tables/consent.h"

struct agreement {
    struct consent_subject subject;
    const char *scope;  /* words; "": the purpose says all, and the text counts */
    struct digest text; /* of the notice shown */
    unix_s since;       /* what was given before is no longer worth anything; 0: all is */
};

/* Is it given, for every word of its scope? Reads one row. */
must_check enum err agreement_holds(struct ctx *ctx, const struct agreement *agreement, bool *out);

/*
 * Those of `agreements` that are not given yet, each with its audit record, in one change. Of two
 * callers with one agreement one gives it, and the other finds it given. `form` (NULL: none) is the
 * form they were given with and is spent by it: once more it is OK and gives nothing (form.h).
 * ERR_FULL when the person has CONSENTS_MAX.
 */
must_check enum err agreements_give(struct ctx *ctx, const struct agreement *agreements,
                                    size_t count, const struct digest *form);

#endif
