/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/directory_question.h"

#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/log.h"
#include "idp/base/unwind.h"

#define FILTER_ROOM 256
#define SECOND_US 1000000LL
#define STEPS_AT_MOST 3 /* deadlines that a whole call may take */

/* --- One server after another --- */

static void
server_release(void *server)
{
    directory_server_leave(server, false);
}

static bool
is_answered_by(struct directory_question *question, struct directory_server *server)
{
    struct held held;
    bool answered;

    if (mono_us() >= question->until_us || directory_server_enter(server) != OK)
        return false;
    hold_begin(&held, server_release, server);
    answered = question->ask(question, server);
    hold_end(&held);
    directory_server_leave(server, answered);
    return answered;
}

/* In their order, but those that have failed lately behind the others. */
bool
directory_question_is_answered(struct directory_question *question)
{
    struct directory *directory = question->directory;
    struct directory_server *aside[DIRECTORY_SERVERS_MAX];
    size_t count = 0;

    for (size_t i = 0; i < directory->count; i++) {
        struct directory_server *server = &directory->servers[i];

        if (directory_server_is_aside(server))
            aside[count++] = server;
        else if (is_answered_by(question, server))
            return true;
    }
    for (size_t i = 0; i < count; i++)
        if (is_answered_by(question, aside[i]))
            return true;
    return false;
}

struct directory_question
directory_question_new(struct directory *directory, struct arena *arena)
{
    return (struct directory_question) {
        .directory = directory,
        .arena = arena,
        .until_us =
            mono_us() + STEPS_AT_MOST * directory->settings->directory.deadline_s * SECOND_US,
        .answer = { .grace_left = -1, .expires_in_s = -1 },
    };
}

int64_t
directory_question_until(const struct directory_question *question)
{
    int64_t until_us = mono_us() + question->directory->settings->directory.deadline_s * SECOND_US;

    return until_us < question->until_us ? until_us : question->until_us;
}

/* --- Searching by our own account --- */

static void
filter_put(struct buf *out, const struct settings *settings, const char *name)
{
    struct berval value = { .bv_val = (char *)(uintptr_t)name, .bv_len = strlen(name) };
    struct berval escaped = { .bv_len = 0 };

    if (ldap_bv2escaped_filter_value(&value, &escaped) != 0)
        unwind(ERR_UNAVAILABLE);
    buf_text(out, "(");
    buf_text(out, settings->directory.login_attribute);
    buf_text(out, "=");
    buf_bytes(out, escaped.bv_val, escaped.bv_len);
    buf_text(out, ")");
    ldap_memfree(escaped.bv_val);
}

struct directory_search
directory_question_search(struct directory_question *question, const char *const *names,
                          size_t count)
{
    const struct settings *settings = question->directory->settings;
    struct buf filter = buf_new(question->arena, FILTER_ROOM);

    buf_text(&filter, "(&");
    buf_text(&filter, settings->directory.filter);
    buf_text(&filter, "(|");
    for (size_t i = 0; i < count; i++)
        filter_put(&filter, settings, names[i]);
    buf_text(&filter, "))");
    return (struct directory_search) {
        .base = settings->directory.base,
        .filter = filter.at,
        .attributes = question->directory->attributes,
        .limit = 2 * (int)count,
    };
}

/* An idle connection may have died a moment ago: once more then, on a fresh one. */
bool
directory_link_is_worth_another(const struct directory_link *link, enum err err)
{
    return err != OK && link->reused && !link->late;
}

static enum err
searched_once(struct directory_question *question, struct directory_server *server,
              const struct directory_search *search, bool fresh, bool *again, int *code)
{
    struct directory_link *link = directory_server_link(
        server, DIRECTORY_SERVICE, fresh, directory_question_until(question), &question->refused);
    struct directory_found found;
    struct held held;
    enum err err;

    *again = false;
    if (link == NULL)
        return ERR_UNAVAILABLE;
    hold_begin(&held, directory_link_release, link);
    err = directory_link_search(link, question->arena, search, directory_question_until(question),
                                &found);
    if (err == OK) {
        question->take(question, link->ld, &found);
        *code = found.code;
    }
    hold_end(&held);
    *again = directory_link_is_worth_another(link, err);
    directory_server_keep(server, DIRECTORY_SERVICE, link);
    return err;
}

enum err
directory_question_searched(struct directory_question *question, struct directory_server *server,
                            const struct directory_search *search, int *code)
{
    bool again;
    enum err err = searched_once(question, server, search, false, &again, code);

    return again ? searched_once(question, server, search, true, &again, code) : err;
}

/* The server cannot answer now; another may. */
bool
directory_code_is_of_trouble(int code)
{
    return code == LDAP_BUSY || code == LDAP_UNAVAILABLE || code == LDAP_TIMELIMIT_EXCEEDED ||
           code == LDAP_ADMINLIMIT_EXCEEDED || code == LDAP_OPERATIONS_ERROR || code == LDAP_OTHER;
}

void
directory_code_tell(const struct directory_server *server, const char *step, int code)
{
    log_line(LOG_WARN, "directory.unexpected", log_text("server", server->url),
             log_text("step", step), log_int("code", code));
}
