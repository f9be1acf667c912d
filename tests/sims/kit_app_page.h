/* SPDX-License-Identifier: Apache-2.0 */
/* What the demo's telephone shows: one column, in Chinese with English below. */
#ifndef TESTS_SIMS_KIT_APP_PAGE_H
#define TESTS_SIMS_KIT_APP_PAGE_H

#include "tests/sims/kit_app.h"

/* Without script. */
void phone_page(const struct handset *phone, struct buf *out);

#endif
