/* SPDX-License-Identifier: Apache-2.0 */
/* The last logins at a partner, with what came with them decoded, for whoever watches the demo. */
#ifndef TESTS_SIMS_KIT_LOGINS_H
#define TESTS_SIMS_KIT_LOGINS_H

#include <jansson.h>

#include "tests/sims/kit.h"
#include "tests/sims/kit_partner.h"

/* `tokens`: the token endpoint's answer, whose ID token has been checked. Safe from any thread. */
void logins_note(struct arena *arena, const struct partner_site *partner, const json_t *tokens,
                 const json_t *userinfo);

/* GET /_logins: an array, newest first; for this machine only. */
void logins_answer(const struct kit_request *request, struct kit_answer *out);

#endif
