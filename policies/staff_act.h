/* SPDX-License-Identifier: Apache-2.0 */
/* What a member of staff may do or see of a person that she is told of: staff_act.def. */
#ifndef POLICIES_STAFF_ACT_H
#define POLICIES_STAFF_ACT_H

enum staff_act_kind {
    STAFF_ACT_NONE,
#define STAFF_ACT(symbol) STAFF_ACT_##symbol,
#include "policies/staff_act.def"
#undef STAFF_ACT
    STAFF_ACT_KINDS
};

#endif
