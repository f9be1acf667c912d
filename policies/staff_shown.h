/* SPDX-License-Identifier: Apache-2.0 */
/* How a member of staff is named to the citizen whom she served. Pure. */
#ifndef POLICIES_STAFF_SHOWN_H
#define POLICIES_STAFF_SHOWN_H

#include "idp/base/arena.h"

/*
 * "李** (***01)": of her name the first character; of her id the last two, and
 * nothing of one that is shorter than five. Stars do not say how long they are.
 */
const char *staff_shown(struct arena *arena, const char *name, const char *staff_id);

#endif
