/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/bank_code.h"

#include <stddef.h>

#include "idp/base/text.h"

/* A code that does not stand here is UNKNOWN: a new one must never turn into a mismatch. */
static const struct bank_verdict verdicts[] = {
    { "00", BANK_MATCH, false },
    { "66", BANK_MISMATCH, false },     /* name, identity number or phone */
    { "65", BANK_MISMATCH, false },     /* PIN, expiry or CVN2 */
    { "71", BANK_MISMATCH, false },     /* short-message code */
    { "91", BANK_MISMATCH, false },     /* authentication failed */
    { "44", BANK_CARD_INVALID, false }, /* wrong number, or service not open */
    { "61", BANK_CARD_INVALID, false },
    { "63", BANK_CARD_STATE, false },
    { "73", BANK_CARD_STATE, false }, /* expired */
    { "62", BANK_UNSUPPORTED, false },
    { "68", BANK_UNSUPPORTED, false },
    { "72", BANK_UNSUPPORTED, false },
    { "76", BANK_UNSUPPORTED, false },
    { "77", BANK_UNSUPPORTED, false },
    { "78", BANK_UNSUPPORTED, false },
    { "79", BANK_UNSUPPORTED, false },
    { "30", BANK_REFUSED, false }, /* issuer: use another card */
    { "60", BANK_REFUSED, false }, /* issuer declines */
    { "38", BANK_REFUSED, false }, /* risk control */
    { "37", BANK_RATE_LIMITED, false },
    { "67", BANK_RATE_LIMITED, false },
    { "81", BANK_RATE_LIMITED, false },
    { "02", BANK_UNAVAILABLE, false },
    { "06", BANK_UNAVAILABLE, false },
    { "39", BANK_UNAVAILABLE, false },
    { "83", BANK_UNAVAILABLE, false },
    { "12", BANK_UNKNOWN, true }, /* order was sent before: the answer to that one decides */
    { "10", BANK_FAULT, true },   /* message form */
    { "11", BANK_FAULT, true },   /* our signature */
    { "13", BANK_FAULT, true },   /* missing element */
    { "34", BANK_FAULT, true },   /* no such order */
    { "35", BANK_FAULT, true },
    { "36", BANK_FAULT, true },
    { "31", BANK_FAULT, true }, /* merchant: state, rights, limits */
    { "32", BANK_FAULT, true },
    { "33", BANK_FAULT, true },
    { "40", BANK_FAULT, true },
    { "43", BANK_FAULT, true },
};

const struct bank_verdict *
bank_verdict_of(const char *code)
{
    static const struct bank_verdict unheard_of = { "", BANK_UNKNOWN, false };

    for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
        if (text_eq(verdicts[i].code, code))
            return &verdicts[i];
    }
    return &unheard_of;
}
