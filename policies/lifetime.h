/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bounds on every configured duration, so that no sum of times can wrap and no mistake opens a door
 * for years.
 */
#ifndef POLICIES_LIFETIME_H
#define POLICIES_LIFETIME_H

#include "idp/base/settings.h"

/*
 * The name of the first duration out of its bounds ("life.code_s"), NULL when all are fine. Static
 * storage.
 */
const char *lifetime_check(const struct settings *settings);

#endif
