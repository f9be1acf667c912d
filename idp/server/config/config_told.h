/* SPDX-License-Identifier: Apache-2.0 */
/* All settings for people to look at, none of their secrets. */
#ifndef IDP_SERVER_CONFIG_CONFIG_TOLD_H
#define IDP_SERVER_CONFIG_CONFIG_TOLD_H

#include "idp/context/told_setting.h"

struct told_settings config_told(struct arena *arena, const struct settings *settings);

#endif
