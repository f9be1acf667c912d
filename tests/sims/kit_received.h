/* SPDX-License-Identifier: Apache-2.0 */
/* What a partner was told about somebody, as its visit keeps it. */
#ifndef TESTS_SIMS_KIT_RECEIVED_H
#define TESTS_SIMS_KIT_RECEIVED_H

#include <jansson.h>

#include "idp/base/env.h"
#include "tests/sims/kit_visit.h"

/* "2026-01-01 08:00" in Beijing. */
const char *received_time(struct arena *arena, unix_s at);

/* All of userinfo, and of it how her identity was confirmed. */
void received_keep(struct arena *arena, const json_t *userinfo, struct visit *visit);

#endif
