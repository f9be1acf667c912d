/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold between settings, each of which is right by itself. */
#ifndef IDP_SERVER_CONFIG_CONFIG_CHECK_H
#define IDP_SERVER_CONFIG_CONFIG_CHECK_H

#include "idp/server/config/reading.h"

/* Tells all that contradicts each other, all that has no effect, and what is right and yet seldom
 * meant. */
void config_check(struct config_reading *reading);

#endif
