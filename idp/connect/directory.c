/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/directory.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/connect/directory_bind.h"
#include "policies/staff_id.h"

enum directory_call {
    CALL_SIGN_IN,
    CALL_LOOK,
    CALL_CHANGE,
    CALLS
};

/* --- What outcomes are called and counted as --- */

static const char *const names_of_outcomes[DIRECTORY_OUTCOMES] = {
    [DIRECTORY_UNAVAILABLE] = "unavailable",
    [DIRECTORY_OK] = "ok",
    [DIRECTORY_EMPTY] = "empty",
    [DIRECTORY_WRONG] = "wrong",
    [DIRECTORY_AMBIGUOUS] = "ambiguous",
    [DIRECTORY_LOCKED] = "locked",
    [DIRECTORY_EXPIRED] = "expired",
    [DIRECTORY_MUST_CHANGE] = "must_change",
    [DIRECTORY_DISABLED] = "disabled",
    [DIRECTORY_FAULT] = "fault",
    [DIRECTORY_WEAK] = "weak",
    [DIRECTORY_REUSED] = "reused",
    [DIRECTORY_KEPT] = "kept",
};

const char *
directory_outcome_name(enum directory_outcome outcome)
{
    return names_of_outcomes[outcome];
}

static unsigned series[CALLS][DIRECTORY_OUTCOMES];

static void
series_name(void)
{
    static const char *const calls[CALLS] = { "sign_in", "look", "change" };

    for (size_t call = 0; call < CALLS; call++)
        for (size_t i = 0; i < DIRECTORY_OUTCOMES; i++) {
            char labels[64];

            snprintf(labels, sizeof(labels), "call=\"%s\",outcome=\"%s\"", calls[call],
                     names_of_outcomes[i]);
            series[call][i] = metric_series(METRIC_DIRECTORY_CALLS, labels);
        }
}

static void
call_count(enum directory_call call, enum directory_outcome outcome, int64_t started_us)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, series_name);
    metric_series_add(series[call][outcome], 1);
    metric_seconds(METRIC_DIRECTORY_SECONDS, mono_us() - started_us);
}

/* --- Life --- */

static enum err
servers_init(struct directory *directory)
{
    const struct settings *settings = directory->settings;
    const char *cursor = settings->directory.urls;
    const char *word;
    size_t size;

    while (directory->count < DIRECTORY_SERVERS_MAX &&
           (word = text_next_word(&cursor, &size)) != NULL) {
        enum err err = directory_server_init(&directory->servers[directory->count], settings, word,
                                             size, (unsigned)directory->count + 1);

        if (err != OK)
            return err;
        directory->count++;
    }
    return OK;
}

enum err
directory_new(const struct settings *settings, struct env *env, struct directory **out)
{
    struct directory *directory = calloc(1, sizeof(*directory));
    enum err err;

    if (directory == NULL)
        return ERR_INTERNAL;
    directory->settings = settings;
    directory->env = env;
    directory_entry_attributes(settings, directory->attributes);
    if (!text_is_empty(settings->directory.urls))
        directory_wire_prepare();
    err = servers_init(directory);
    if (err != OK) {
        directory_free(directory);
        return err;
    }
    *out = directory;
    return OK;
}

void
directory_free(struct directory *directory)
{
    if (directory == NULL)
        return;
    for (size_t i = 0; i < directory->count; i++)
        directory_server_end(&directory->servers[i]);
    free(directory);
}

bool
directory_is_configured(const struct directory *directory)
{
    return directory->count > 0;
}

/* --- Signing in --- */

static void
person_take(struct directory_question *question, LDAP *ld, const struct directory_found *found)
{
    struct directory_answer *answer = &question->answer;
    char *dn;

    answer->outcome = found->count > 1 ? DIRECTORY_AMBIGUOUS : DIRECTORY_WRONG;
    if (found->count != 1)
        return;
    answer->outcome =
        directory_entry_read(ld, found->entries[0], question->directory->settings, question->arena,
                             env_now(question->directory->env), &answer->person);
    if (answer->outcome != DIRECTORY_OK)
        return;
    /* Names that only the directory takes for one are two. */
    if (!text_eq(answer->person.staff_id, question->staff_id))
        answer->outcome = DIRECTORY_WRONG;
    dn = ldap_get_dn(ld, found->entries[0]);
    question->dn = dn != NULL ? arena_text(question->arena, dn) : "";
    ldap_memfree(dn);
}

/* True: it has found what there is, at most as much as was asked for. */
static bool
code_is_of_search(const struct directory_server *server, int code)
{
    if (code == LDAP_SUCCESS || code == LDAP_SIZELIMIT_EXCEEDED)
        return true;
    directory_code_tell(server, "search", code);
    return false;
}

static bool
is_found(struct directory_question *question, struct directory_server *server)
{
    const struct directory_search search =
        directory_question_search(question, &question->staff_id, 1);
    int code = LDAP_OTHER;

    if (directory_question_searched(question, server, &search, &code) != OK ||
        directory_code_is_of_trouble(code))
        return false;
    if (!code_is_of_search(server, code))
        question->answer.outcome = DIRECTORY_FAULT;
    return true;
}

static bool
person_ask(struct directory_question *question, struct directory_server *server)
{
    enum err err;

    if (!is_found(question, server)) {
        question->answer.outcome = DIRECTORY_UNAVAILABLE;
        return false;
    }
    if (question->answer.outcome != DIRECTORY_OK)
        return true;
    question->answer.outcome = DIRECTORY_UNAVAILABLE;
    err = directory_bind(question, server);
    return err == OK || err == ERR_UNKNOWN;
}

static bool
is_blank(const char *password)
{
    return password[strspn(password, " \t\r\n\v\f")] == '\0';
}

static bool
is_password(const char *text)
{
    return !is_blank(text) && strlen(text) <= DIRECTORY_PASSWORD_MAX;
}

static void
person_asked(struct directory_question *question, const char *name)
{
    question->ask = person_ask;
    question->take = person_take;
    question->staff_id = staff_id_canonical(question->arena, name);
    if (is_blank(question->password))
        question->answer.outcome = DIRECTORY_EMPTY;
    else if (question->staff_id == NULL || !is_password(question->password))
        question->answer.outcome = DIRECTORY_WRONG;
    else if (!directory_question_is_answered(question))
        question->answer.outcome = question->refused ? DIRECTORY_FAULT : DIRECTORY_UNAVAILABLE;
    if (question->answer.outcome != DIRECTORY_OK &&
        question->answer.outcome != DIRECTORY_MUST_CHANGE)
        question->answer.person = (struct directory_person) { .group_count = 0 };
}

void
directory_sign_in(struct directory *directory, struct arena *arena, const char *name,
                  const char *password, struct directory_answer *out)
{
    struct directory_question question = directory_question_new(directory, arena);
    int64_t started_us = mono_us();

    question.password = password;
    person_asked(&question, name);
    *out = question.answer;
    call_count(CALL_SIGN_IN, out->outcome, started_us);
}

enum directory_outcome
directory_change_password(struct directory *directory, struct arena *arena, const char *name,
                          const char *old_password, const char *new_password)
{
    struct directory_question question = directory_question_new(directory, arena);
    int64_t started_us = mono_us();

    question.password = old_password;
    question.new_password = new_password;
    if (is_password(new_password)) /* the server would think of one itself where there is none */
        person_asked(&question, name);
    else
        question.answer.outcome = DIRECTORY_WEAK;
    call_count(CALL_CHANGE, question.answer.outcome, started_us);
    return question.answer.outcome;
}

/* --- Looking --- */

static void
entry_take(struct directory_question *question, enum directory_outcome outcome,
           const struct directory_person *person)
{
    for (size_t i = 0; i < question->name_count; i++) {
        struct directory_entry *entry = &question->entries[i];

        if (!text_eq(question->names[i], person->staff_id))
            continue;
        if (entry->outcome != DIRECTORY_WRONG)
            *entry = (struct directory_entry) { .outcome = DIRECTORY_AMBIGUOUS };
        else
            entry->outcome = outcome;
        if (entry->outcome == DIRECTORY_OK)
            entry->person = *person;
    }
}

static void
entries_take(struct directory_question *question, LDAP *ld, const struct directory_found *found)
{
    for (size_t i = 0; i < question->name_count; i++)
        question->entries[i] = (struct directory_entry) { .outcome = DIRECTORY_WRONG };
    for (size_t i = 0; i < found->count; i++) {
        struct directory_person person = { .group_count = 0 };
        enum directory_outcome outcome =
            directory_entry_read(ld, found->entries[i], question->directory->settings,
                                 question->arena, env_now(question->directory->env), &person);

        if (person.staff_id != NULL)
            entry_take(question, outcome, &person);
    }
}

static bool
entries_ask(struct directory_question *question, struct directory_server *server)
{
    const struct directory_search search =
        directory_question_search(question, question->names, question->name_count);
    int code = LDAP_OTHER;

    if (directory_question_searched(question, server, &search, &code) != OK ||
        directory_code_is_of_trouble(code))
        return false;
    question->whole = code == LDAP_SUCCESS;
    if (!question->whole)
        directory_code_tell(server, "look", code);
    return true;
}

enum err
directory_look(struct directory *directory, struct arena *arena, const char *const *names,
               size_t count, struct directory_entry *entries)
{
    struct directory_question question = directory_question_new(directory, arena);
    int64_t started_us = mono_us();
    bool whole;

    if (count == 0)
        return OK;
    question.ask = entries_ask;
    question.take = entries_take;
    question.names = names;
    question.name_count = count < DIRECTORY_LOOK_MAX ? count : DIRECTORY_LOOK_MAX;
    question.entries = arena_alloc(arena, count * sizeof(*entries));
    whole =
        count <= DIRECTORY_LOOK_MAX && directory_question_is_answered(&question) && question.whole;
    call_count(CALL_LOOK, whole ? DIRECTORY_OK : DIRECTORY_UNAVAILABLE, started_us);
    if (!whole)
        return ERR_UNAVAILABLE;
    memcpy(entries, question.entries, count * sizeof(*entries));
    return OK;
}

/* --- Healing --- */

static bool
is_healed(struct directory *directory, struct directory_server *server)
{
    int64_t until_us = mono_us() + directory->settings->directory.deadline_s * 1000000;
    bool refused = false;
    struct directory_link *link =
        directory_server_link(server, DIRECTORY_SERVICE, true, until_us, &refused);

    if (link != NULL)
        directory_server_keep(server, DIRECTORY_SERVICE, link);
    return link != NULL;
}

void
directory_heal(struct directory *directory)
{
    for (size_t i = 0; i < directory->count; i++) {
        struct directory_server *server = &directory->servers[i];

        if (directory_server_is_due(server) && directory_server_enter(server) == OK)
            directory_server_leave(server, is_healed(directory, server));
    }
}
