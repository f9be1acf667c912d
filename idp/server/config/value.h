/* SPDX-License-Identifier: Apache-2.0 */
/* One value of the configuration, checked by the kind of its setting. */
#ifndef IDP_SERVER_CONFIG_VALUE_H
#define IDP_SERVER_CONFIG_VALUE_H

#include "idp/server/config/reading.h"

/* How the reference names what a setting of that kind may be, without bounds. */
const char *value_words(enum setting_kind kind);

/* Puts it into the settings, or tells all that is wrong with it. */
void value_take(struct config_reading *reading, const struct setting *setting, const char *value);

/* Would its text be a secret? A URL may hold a password. */
bool value_is_secret(const struct setting *setting, const char *value);

#endif
