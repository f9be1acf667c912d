/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long it holds that a pensioner was seen alive (养老待遇资格认证): pensions are paid on to who was within a year, and
 * payments are made by the month, so it holds until the end of that month of the next year. Pure; docs/adr/0063.
 */
#ifndef POLICIES_SURVIVAL_H
#define POLICIES_SURVIVAL_H

#include "idp/base/env.h"

/* The first second, in Beijing, at which it no longer holds. */
unix_s survival_until(unix_s confirmed_at);

#endif
