/* SPDX-License-Identifier: Apache-2.0 */
/* What UnionPay's response codes mean for a real-name check. */
#ifndef IDP_CONNECT_BANK_CODE_H
#define IDP_CONNECT_BANK_CODE_H

#include <stdbool.h>

#include "idp/connect/bank_unionpay.h"

struct bank_verdict {
    const char *code;
    enum bank_outcome outcome;
    bool alarm;
};

/* Never NULL. A code that is new to us, or NULL, is UNKNOWN without alarm. */
const struct bank_verdict *bank_verdict_of(const char *code);

#endif
