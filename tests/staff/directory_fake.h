/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A directory without a server, for tests of what stands on its answers: whoever includes this has these functions in place
 * of those of idp/connect/directory.c. What a real one answers is tests/connect/test_directory.c's.
 */
#ifndef TESTS_STAFF_DIRECTORY_FAKE_H
#define TESTS_STAFF_DIRECTORY_FAKE_H

#include <stdio.h>
#include <string.h>

#include "idp/base/text.h"
#include "idp/connect/directory.h"

/* One entry, or an outcome for all of them. */
struct directory_account {
    const char *staff_id;
    const char *password;
    const char *identity_number;
    const char *role;               /* by a group of tests/directory/groups.json; NULL: by none */
    enum directory_outcome outcome; /* to the right password; 0: OK */
};

struct fake_directory {
    struct directory_account at[8];
    size_t count;
    enum directory_outcome answers;   /* whoever asks; 0: as the entry says */
    enum directory_outcome to_change; /* the same for a new password */
    size_t asked;                     /* of any kind, so far */
    char chosen[64];                  /* the last new password */
};

static struct fake_directory the_directory;

static inline struct directory_account *
directory_account(const char *staff_id)
{
    for (size_t i = 0; i < the_directory.count; i++)
        if (text_eq(the_directory.at[i].staff_id, staff_id))
            return &the_directory.at[i];
    return NULL;
}

static inline struct directory_account *
directory_add(const char *staff_id, const char *password, const char *role)
{
    struct directory_account *account = &the_directory.at[the_directory.count++];

    *account = (struct directory_account) {
        .staff_id = staff_id, .password = password, .identity_number = "", .role = role
    };
    return account;
}

static inline const char *
group_of_role(const char *role)
{
    if (role == NULL)
        return "";
    if (text_eq(role, "counter"))
        return "cn=windows,ou=groups,dc=hrss,dc=example";
    if (text_eq(role, "supervisor"))
        return "cn=supervisors,ou=groups,dc=hrss,dc=example";
    return "cn=security-administrators,ou=groups,dc=hrss,dc=example";
}

/* The linker finds these first, and takes no other. */
enum err fake_new(const struct settings *settings, struct env *env,
                  struct directory **out) __asm__("directory_new");
void fake_free(struct directory *directory) __asm__("directory_free");
bool fake_is_configured(const struct directory *directory) __asm__("directory_is_configured");
void fake_sign_in(struct directory *directory, struct arena *arena, const char *name,
                  const char *password, struct directory_answer *out) __asm__("directory_sign_in");
enum err fake_look(struct directory *directory, struct arena *arena, const char *const *names,
                   size_t count, struct directory_entry *entries) __asm__("directory_look");
enum directory_outcome
fake_change_password(struct directory *directory, struct arena *arena, const char *name,
                     const char *old_password,
                     const char *new_password) __asm__("directory_change_password");
const char *fake_outcome_name(enum directory_outcome outcome) __asm__("directory_outcome_name");

enum err
fake_new(const struct settings *settings, struct env *env, struct directory **out)
{
    (void)settings;
    (void)env;
    *out = (struct directory *)&the_directory;
    return OK;
}

void
fake_free(struct directory *directory)
{
    (void)directory;
}

bool
fake_is_configured(const struct directory *directory)
{
    return directory != NULL;
}

static inline enum directory_outcome
directory_judge(const char *name, const char *password)
{
    const struct directory_account *account = directory_account(name);

    the_directory.asked++;
    if (the_directory.answers != DIRECTORY_UNAVAILABLE)
        return the_directory.answers;
    if (account == NULL || !text_eq(account->password, password))
        return DIRECTORY_WRONG;
    return account->outcome != DIRECTORY_UNAVAILABLE ? account->outcome : DIRECTORY_OK;
}

void
fake_sign_in(struct directory *directory, struct arena *arena, const char *name,
             const char *password, struct directory_answer *out)
{
    const struct directory_account *account = directory_account(name);
    const char **groups = arena_alloc(arena, 2 * sizeof(*groups));

    (void)directory;
    *out = (struct directory_answer) { .outcome = directory_judge(name, password) };
    if (account == NULL || (out->outcome != DIRECTORY_OK && out->outcome != DIRECTORY_MUST_CHANGE))
        return;
    groups[0] = "cn=tianhe,ou=groups,dc=hrss,dc=example";
    groups[1] = group_of_role(account->role);
    out->person = (struct directory_person) {
        .staff_id = account->staff_id,
        .display_name = "李明",
        .identity_number = account->identity_number,
        .groups = groups,
        .group_count = account->role != NULL ? 2 : 1,
    };
}

enum err
fake_look(struct directory *directory, struct arena *arena, const char *const *names, size_t count,
          struct directory_entry *entries)
{
    (void)directory;
    (void)arena;
    (void)names;
    (void)count;
    (void)entries;
    return ERR_UNAVAILABLE;
}

enum directory_outcome
fake_change_password(struct directory *directory, struct arena *arena, const char *name,
                     const char *old_password, const char *new_password)
{
    struct directory_account *account = directory_account(name);
    enum directory_outcome outcome = directory_judge(name, old_password);

    (void)directory;
    (void)arena;
    if (outcome != DIRECTORY_OK && outcome != DIRECTORY_MUST_CHANGE)
        return outcome;
    if (the_directory.to_change != DIRECTORY_UNAVAILABLE)
        return the_directory.to_change;
    snprintf(the_directory.chosen, sizeof(the_directory.chosen), "%s", new_password);
    account->password = the_directory.chosen;
    account->outcome = DIRECTORY_OK;
    return DIRECTORY_OK;
}

const char *
fake_outcome_name(enum directory_outcome outcome)
{
    static const char *const names[] = { "unavailable", "ok",     "empty",   "wrong",
                                         "ambiguous",   "locked", "expired", "must_change",
                                         "disabled",    "fault",  "weak",    "reused",
                                         "kept" };

    return names[outcome];
}

#endif
