/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The configuration file: `[section]`, `key = value`, `#` comments. Strict: what is not known,
 * stands twice or is out of bounds is an error with file, line and a sentence. Nothing is read from
 * the environment.
 */
#ifndef IDP_SERVER_CONFIG_CONFIG_H
#define IDP_SERVER_CONFIG_CONFIG_H

#include "idp/base/buf.h"
#include "idp/base/settings.h"

/* Defaults for all that `text` does not set. ERR_INVALID with *why, a
 * sentence. All lives in the arena. */
must_check enum err config_parse(struct arena *arena, const char *file_name, struct bytes text,
                                 struct settings *out, const char **why);

/* The file of that name: parsed, then checked by config_check(). */
must_check enum err config_read(struct arena *arena, const char *path, struct settings *out,
                                const char **why);

/* What a setting must be besides its bounds, and what must hold between settings: issuer, proxies,
 * listeners, TLS, who may speak plain http. ERR_INVALID with *why. */
must_check enum err config_check(struct arena *arena, const struct settings *settings,
                                 const char **why);

/* NULL, or a sentence about a setting that is right and yet seldom meant. */
const char *config_advice(const struct settings *settings);

/* docs/configuration.md, from the same table that reads the file. */
void config_write_reference(struct buf *out);

#endif
