/* SPDX-License-Identifier: Apache-2.0 */
/* A setting as people may be shown it: a secret is told as set or not set, and no more. */
#ifndef IDP_CONTEXT_TOLD_SETTING_H
#define IDP_CONTEXT_TOLD_SETTING_H

#include <stdbool.h>
#include <stddef.h>

#include "idp/base/arena.h"
#include "idp/base/settings.h"

struct told_setting {
    const char *section;
    const char *key;
    const char *value; /* "" for none; a secret that is set is SETTING_HIDDEN */
    const char *help;
    bool is_hidden;  /* wholly or in part */
    bool is_default; /* what it would be if the file did not name it */
    bool is_live;    /* SIGHUP reads it anew */
};

#define SETTING_HIDDEN "********"

struct told_settings {
    const struct told_setting *at; /* in the order of docs/configuration.md */
    size_t count;
};

#endif
