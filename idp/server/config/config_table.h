/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the configuration: one for each member of struct settings. */
#ifndef IDP_SERVER_CONFIG_CONFIG_TABLE_H
#define IDP_SERVER_CONFIG_CONFIG_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum setting_kind {
    SETTING_TEXT,
    SETTING_SECRET,
    SETTING_NUMBER,
    SETTING_SECONDS,
    SETTING_SWITCH
};

struct setting {
    const char *section;
    const char *key;
    enum setting_kind kind;
    size_t offset;    /* in struct settings */
    int64_t min, max; /* of numbers and seconds */
    const char *text; /* default of texts; NULL: required */
    int64_t number;   /* default of the others */
    const char *help; /* one English sentence */
};

#define CONFIG_TABLE_MAX 128

extern const struct setting config_table[];
extern const size_t config_table_count;

#endif
