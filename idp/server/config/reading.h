/* SPDX-License-Identifier: Apache-2.0 */
/* A configuration while it is read: what stands where, and what is wrong with it so far. */
#ifndef IDP_SERVER_CONFIG_READING_H
#define IDP_SERVER_CONFIG_READING_H

#include "idp/server/config/config.h"
#include "idp/server/config/config_table.h"

struct config_reading {
    struct findings *found;
    struct arena *arena;
    const char *file;
    struct settings *out;
    int line;            /* that is being read */
    const char *section; /* "" before the first; NULL: one that there is not, told already */
    struct config_place places[CONFIG_TABLE_MAX];
    int secret_line; /* of the first secret that stands in the file itself; 0: none */
};

/* Of all settings their defaults, in `out`. */
struct config_reading reading_new(struct findings *found, const char *file, struct settings *out);

/* Keys of that section follow. */
void reading_open(struct config_reading *reading, const char *section);

/* "section.key", in the arena. */
const char *reading_name(const struct config_reading *reading, const struct setting *setting);

struct config_place *reading_place(struct config_reading *reading, const struct setting *setting);

/* Its value is empty, set so or by default. */
bool reading_is_empty(const struct config_reading *reading, size_t offset);

/* An error at that line, and what to do about it. */
void reading_fault(struct config_reading *reading, int line, const char *sentence,
                   const char *advice);

/* An error in the setting, at the line where it stands or at the heading below which it is missing.
 * What depends on its value is not looked at any more. */
void reading_fault_of(struct config_reading *reading, const struct setting *setting,
                      const char *sentence, const char *advice);

/* A warning about the setting, in the same place. */
void reading_warn_of(struct config_reading *reading, size_t offset, const char *sentence,
                     const char *advice);

#endif
