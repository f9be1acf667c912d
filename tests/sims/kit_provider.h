/* SPDX-License-Identifier: Apache-2.0 */
/* What a partner of the demo asks its identity provider, and how it proves who asks. */
#ifndef TESTS_SIMS_KIT_PROVIDER_H
#define TESTS_SIMS_KIT_PROVIDER_H

#include "tests/sims/kit_call.h"
#include "tests/sims/kit_partner.h"

/* Discovery, asked for anew each time: a demo sees few logins, and then nothing is ever
 * stale. NULL: not to be had. */
json_t *provider_load(struct arena *arena, const struct partner_site *partner);
/* Its keys. */
json_t *provider_keys(struct arena *arena, const json_t *provider);

/* Puts the partner's own proof into a call whose form is being written: by its key, or by its secret. */
void partner_proves(struct arena *arena, const struct partner_site *partner, struct buf *form,
                    struct sim_call *call);

#endif
