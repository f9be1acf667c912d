/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a service would stand on, looked at before it starts: the files that its configuration
 * names, the keys, the store, the machine and the names of others. Nothing is made or changed;
 * nobody is called but name servers and the database, and they for a few seconds at most.
 */
#ifndef IDP_SERVER_DOCTOR_DOCTOR_H
#define IDP_SERVER_DOCTOR_DOCTOR_H

#include "idp/base/env.h"
#include "idp/base/settings.h"
#include "idp/server/config/config.h"
#include "idp/server/config/config_table.h"

struct doctor {
    struct findings *found;
    struct arena *arena;
    const char *config; /* the file's name */
    struct settings settings;
    struct config_place places[CONFIG_TABLE_MAX];
    unix_s now;

    /*
     * Asks the service that runs under these settings to read its store, through its door. NULL:
     * there is none that answers; else what it said is wrong, "" when all is well.
     */
    const char *(*ask_service)(void *state, const struct settings *settings);
    void *state;
    const char *service; /* its answer; NULL: none is there */
};

/*
 * The whole: the file by config_examine(), then all that its right settings name. `out` is filled
 * in but for what is read; what is found lies in the arena of *found.
 */
void doctor_examine(struct doctor *doctor);

/* --- The parts --- */

void doctor_look_at_certificates(struct doctor *doctor);
void doctor_look_at_store(struct doctor *doctor);
void doctor_look_at_machine(struct doctor *doctor);
void doctor_look_at_network(struct doctor *doctor);
void doctor_look_at_staff(struct doctor *doctor);

/* Is the setting right by itself? What is not has been told, and is not looked at. */
bool doctor_may_use(const struct doctor *doctor, size_t setting);

/* A finding about a setting, where it stands. */
void doctor_say(struct doctor *doctor, enum finding_level level, size_t setting,
                const char *sentence, const char *advice);

/* The same with a sentence that is put together; `advice` first. */
#define doctor_tell(doctor, level, setting, advice, ...)                                           \
    doctor_say(doctor, level, setting, arena_printf((doctor)->arena, __VA_ARGS__), advice)

/* The host in an address, without brackets and port. */
const char *doctor_host_of(struct doctor *doctor, const char *url);

#endif
