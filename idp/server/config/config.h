/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The configuration file: `[section]`, `key = value`, `#` comments. Strict: what is not known,
 * stands twice, is out of bounds or has no effect is an error with file, line and advice, and all are
 * told at once. Nothing is read from the environment.
 */
#ifndef IDP_SERVER_CONFIG_CONFIG_H
#define IDP_SERVER_CONFIG_CONFIG_H

#include <stdbool.h>

#include "idp/base/buf.h"
#include "idp/base/settings.h"
#include "idp/server/config/findings.h"

/* In the file. */
struct config_place {
    int line;    /* 0: not set */
    int heading; /* of the first of its section; 0: none */
    bool wrong;
};

/*
 * Looks at the whole file of that name, each setting, what must hold between them, and who may read
 * the secrets in it: all errors and warnings are added to *found. `out` is complete also when there
 * are errors; whatever is wrong has its default or what stands there. All lives in the arena of
 * *found. Where each setting stands, in the order of the table, is told to `places` (NULL: nobody
 * asks), which has CONFIG_TABLE_MAX of them. False: the file cannot be read.
 */
bool config_examine(struct findings *found, const char *path, struct settings *out,
                    struct config_place *places);

/* The same for text, of a file of that name; whoever could read the file is not asked. */
void config_examine_text(struct findings *found, const char *file_name, struct bytes text,
                         struct settings *out);

/* config_examine(). ERR_INVALID with *why, all errors, a line each, in the arena. */
must_check enum err config_read(struct arena *arena, const char *path, struct settings *out,
                                const char **why);

/* Defaults for all that `text` does not set; what must hold between settings is not looked at.
 * ERR_INVALID with *why, as above. */
must_check enum err config_parse(struct arena *arena, const char *file_name, struct bytes text,
                                 struct settings *out, const char **why);

/* docs/configuration.md, from the same table that reads the file. */
void config_write_reference(struct buf *out);

/* A file to begin with: each setting with its help, its default commented out. */
void config_write_template(struct buf *out);

#endif
