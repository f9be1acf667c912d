/* SPDX-License-Identifier: Apache-2.0 */
/* One question to the directory: asked of one server after another, until one answers or the time is over. */
#ifndef IDP_CONNECT_DIRECTORY_QUESTION_H
#define IDP_CONNECT_DIRECTORY_QUESTION_H

#include "idp/connect/directory.h"
#include "idp/connect/directory_entry.h"
#include "idp/connect/directory_server.h"
#include "policies/directory_url.h"

struct directory {
    const struct settings *settings;
    struct env *env;
    struct directory_server servers[DIRECTORY_SERVERS_MAX];
    size_t count;
    char *attributes[DIRECTORY_ATTRIBUTES];
};

/* One call, at one server after another until one answers. */
struct directory_question {
    struct directory *directory;
    struct arena *arena;
    int64_t until_us;
    bool refused; /* our own account was, somewhere */
    /* True: the server answered, whatever it said. */
    bool (*ask)(struct directory_question *question, struct directory_server *server);
    /* What a search has found, while its connection is held. */
    void (*take)(struct directory_question *question, LDAP *ld,
                 const struct directory_found *found);

    /* Of sign-in and change. */
    const char *staff_id;
    const char *password;
    const char *new_password; /* NULL: none */
    const char *dn;
    struct directory_answer answer;

    /* Of a look. */
    const char *const *names;
    size_t name_count;
    struct directory_entry *entries;
    bool whole;
};

/* `ask` and what it needs are the caller's to put in. */
struct directory_question directory_question_new(struct directory *directory, struct arena *arena);

/* In the servers' order, but those that have failed lately behind the others. */
bool directory_question_is_answered(struct directory_question *question);

/* When the next step must be over. */
int64_t directory_question_until(const struct directory_question *question);

/* For those who have one of the names, and are in the filter. */
struct directory_search directory_question_search(struct directory_question *question,
                                                  const char *const *names, size_t count);

/* By our own account: `take` is told what was found, and *code what the server said. ERR_UNAVAILABLE:
 * nothing. */
must_check enum err directory_question_searched(struct directory_question *question,
                                                struct directory_server *server,
                                                const struct directory_search *search, int *code);

/* An idle connection may have died a moment ago: once more then, on a fresh one. */
bool directory_link_is_worth_another(const struct directory_link *link, enum err err);

/* The server cannot answer now; another may. */
bool directory_code_is_of_trouble(int code);
void directory_code_tell(const struct directory_server *server, const char *step, int code);

#endif
