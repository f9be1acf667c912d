/* SPDX-License-Identifier: Apache-2.0 */
/* What the demo's terminal shows: large, calm, in Chinese with English below. */
#ifndef TESTS_SIMS_KIT_KIOSK_PAGE_H
#define TESTS_SIMS_KIT_KIOSK_PAGE_H

#include "tests/sims/kit_kiosk.h"

/* Without script: what changes by itself is on a page that is asked for again. */
void kiosk_page(const struct kiosk_machine *kiosk, struct buf *out);

#endif
