/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the configuration: one for each member of struct settings. */
#ifndef IDP_SERVER_CONFIG_CONFIG_TABLE_H
#define IDP_SERVER_CONFIG_CONFIG_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "idp/base/settings.h"

enum setting_kind {
    SETTING_TEXT,
    SETTING_SECRET,
    SETTING_NUMBER,
    SETTING_SECONDS,
    SETTING_SWITCH,
    SETTING_PATH,      /* of a file, from / on */
    SETTING_ISSUER,    /* issuer.h */
    SETTING_ORIGIN,    /* the same without a path */
    SETTING_LISTEN,    /* idp/server/engine/listen.h */
    SETTING_NETWORKS,  /* policies/network.h */
    SETTING_HOSTS,     /* names and addresses, perhaps with ports */
    SETTING_STORE,     /* idp/store/store.h */
    SETTING_GATEWAY,   /* http:// or https://, host, perhaps a path */
    SETTING_PAGE,      /* an https address for people */
    SETTING_NAME,      /* letters, digits, - and _ */
    SETTING_DIRECTORY, /* policies/directory_url.h */
    SETTING_FILTER,    /* the same */
    SETTING_FAMILY,    /* policies/family.h */
    SETTING_CODE_ALG,  /* ALGS_OF_CODES of policies/signing_alg.h */
    SETTING_LEVEL      /* of the log */
};

struct setting {
    const char *section;
    const char *key;
    enum setting_kind kind;
    bool live;        /* SIGHUP reads it anew; the others take effect with a restart */
    size_t offset;    /* in struct settings */
    int64_t min, max; /* of numbers and seconds */
    const char *text; /* default of texts; NULL: required */
    int64_t number;   /* default of the others */
    const char *help; /* one English sentence */
};

#define CONFIG_TABLE_MAX 160

extern const struct setting config_table[];
extern const size_t config_table_count;

/* NULL when there is none. */
const struct setting *config_setting(const char *section, const char *key);

/* The row of a member, given as SETTING_AT(limits.codes_day). */
#define SETTING_AT(member) offsetof(struct settings, member)
const struct setting *config_setting_at(size_t offset);

bool config_has_section(const char *section);

/* Neither a number nor a switch. */
bool setting_is_text(const struct setting *setting);

/* What it is in `settings`. */
const char *setting_text(const struct settings *settings, const struct setting *setting);
int64_t setting_number(const struct settings *settings, const struct setting *setting);

void setting_put_text(struct settings *settings, const struct setting *setting, const char *text);
void setting_put_number(struct settings *settings, const struct setting *setting, int64_t number);

#endif
