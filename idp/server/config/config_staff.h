/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold between the settings of the staff listener and the others (docs/adr/0059). */
#ifndef IDP_SERVER_CONFIG_CONFIG_STAFF_H
#define IDP_SERVER_CONFIG_CONFIG_STAFF_H

#include "idp/server/config/reading.h"

void config_staff_check(struct config_reading *reading);

#endif
