/* SPDX-License-Identifier: Apache-2.0 */
/* A service beside the commands, in the same process, by the configuration of kit.h. */
#ifndef TESTS_COMMANDS_SERVING_KIT_H
#define TESTS_COMMANDS_SERVING_KIT_H

#include "tests/commands/kit.h"

#include "idp/server/config/config.h"
#include "idp/server/life/server.h"

static struct {
    struct arena *arena;
    struct settings settings;
    struct server *server;
} serving;

static inline void
serve_begin(void)
{
    const char *why = NULL;

    serving.arena = arena_new(16U << 20);
    assert_int_equal(config_read(serving.arena, "c", &serving.settings, &why), OK);
    serving.settings.server.listen = "127.0.0.1:0";
    serving.settings.server.admin_listen = "";
    assert_int_equal(server_start(&serving.settings, call_answer, &serving.server), OK);
}

static inline void
serve_end(void)
{
    server_stop(serving.server, NULL);
    arena_free(serving.arena);
}

#endif
