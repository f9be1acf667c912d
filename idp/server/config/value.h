/* SPDX-License-Identifier: Apache-2.0 */
/* One value of the configuration, checked by the kind of its setting. */
#ifndef IDP_SERVER_CONFIG_VALUE_H
#define IDP_SERVER_CONFIG_VALUE_H

#include "idp/server/config/reading.h"

/* What it may be, "1 to 64" or "absolute path", and its default as it would stand in the file. */
const char *value_words(struct arena *arena, const struct setting *setting);
const char *value_default(struct arena *arena, const struct setting *setting);

/* Puts it into the settings, or tells all that is wrong with it. */
void value_take(struct config_reading *reading, const struct setting *setting, const char *value);

/* Would its text be a secret? A URL may hold a password. */
bool value_is_secret(const struct setting *setting, const char *value);

#endif
