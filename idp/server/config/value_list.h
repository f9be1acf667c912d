/* SPDX-License-Identifier: Apache-2.0 */
/* Values that are lists: each word is read where the list is read, and each wrong one is told. */
#ifndef IDP_SERVER_CONFIG_VALUE_LIST_H
#define IDP_SERVER_CONFIG_VALUE_LIST_H

#include "idp/server/config/reading.h"

/* A text that stands in the file for a setting. */
struct config_value {
    struct config_reading *reading;
    const struct setting *setting;
    const char *text;
    const char *name; /* "section.key" */
};

void value_list_listen(const struct config_value *value);
void value_list_networks(const struct config_value *value);
void value_list_hosts(const struct config_value *value);
void value_list_directory(const struct config_value *value);
void value_list_family(const struct config_value *value);

#endif
