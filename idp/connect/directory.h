/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The connector to the agency's directory (LDAP, RFC 4511): who is this staff member, and is this the
 * password? The service's own account finds the one entry, and its owner binds on another connection. TLS
 * always, referrals never; docs/adr/0057 says the rest.
 */
#ifndef IDP_CONNECT_DIRECTORY_H
#define IDP_CONNECT_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "idp/base/arena.h"
#include "idp/base/env.h"
#include "idp/base/err.h"
#include "idp/base/settings.h"

struct directory;

#define DIRECTORY_LOOK_MAX 100     /* names in one look */
#define DIRECTORY_PASSWORD_MAX 256 /* bytes */

/* Only OK proves. WRONG, LOCKED and EXPIRED are answers to a password; none of the others counts as a try. */
enum directory_outcome {
    DIRECTORY_UNAVAILABLE, /* no server gave an answer that can be believed, or none is configured */
    DIRECTORY_OK,
    DIRECTORY_EMPTY,     /* no password, or a blank one: nobody was asked */
    DIRECTORY_WRONG,     /* no such name, or another password: told alike */
    DIRECTORY_AMBIGUOUS, /* two entries, or one with two names */
    DIRECTORY_LOCKED,    /* by the directory, after too many tries */
    DIRECTORY_EXPIRED,   /* the password, and it may not even be changed with it */
    DIRECTORY_MUST_CHANGE, /* right, but good for a change only: reset by somebody, or its time is over */
    DIRECTORY_DISABLED, /* the account, or its time is over */
    DIRECTORY_FAULT, /* our account, our base or a referral: a person should look; told as unavailable */
    DIRECTORY_WEAK,   /* a new password: too short, too long, too simple */
    DIRECTORY_REUSED, /* a new password that was an old one */
    DIRECTORY_KEPT,   /* no new password: too soon after the last, or not hers to change */
    DIRECTORY_OUTCOMES
};

/* Texts live in the arena of the call. */
struct directory_person {
    const char *staff_id;        /* policies/staff_id.h, of the directory's own value */
    const char *display_name;    /* "": not told */
    const char *identity_number; /* as it stands there; "": not told */
    const char *const *groups;   /* distinguished names, as they stand there */
    size_t group_count;
};

struct directory_answer {
    enum directory_outcome outcome;
    struct directory_person person; /* with OK and MUST_CHANGE; else all of it is empty */
    int64_t grace_left;   /* logins left with a password whose time is over; -1: not told */
    int64_t expires_in_s; /* the password; -1: not told */
};

/* One of a look: OK, WRONG (no such name, or no longer in the filter), AMBIGUOUS or DISABLED. */
struct directory_entry {
    enum directory_outcome outcome;
    struct directory_person person; /* with OK only */
};

/* Both must outlive it. With empty directory.urls every question is DIRECTORY_UNAVAILABLE. To be made while the
 * process has one thread: it keeps libldap from reading files and the environment. */
must_check enum err directory_new(const struct settings *settings, struct env *env,
                                  struct directory **out);
void directory_free(struct directory *directory);

bool directory_is_configured(const struct directory *directory);

/* `name` as it was typed. The password is copied nowhere here and is in no log. Ends within three times
 * directory.deadline_s. */
void directory_sign_in(struct directory *directory, struct arena *arena, const char *name,
                       const char *password, struct directory_answer *out);

/*
 * What the directory says now of each of the names (canonical ids, DIRECTORY_LOOK_MAX at most), in their order.
 * ERR_UNAVAILABLE: no whole answer; nothing is then said of anybody, and `entries` stays untouched.
 */
must_check enum err directory_look(struct directory *directory, struct arena *arena,
                                   const char *const *names, size_t count,
                                   struct directory_entry *entries);

/* RFC 3062, on the connection that she has bound with her old password: OK, what sign-in says of the old
 * one, or WEAK, REUSED, KEPT. */
enum directory_outcome directory_change_password(struct directory *directory, struct arena *arena,
                                                 const char *name, const char *old_password,
                                                 const char *new_password);

/* For a job: tries those servers that have failed, as nobody else does while another answers. */
void directory_heal(struct directory *directory);

/* A lower-case name for logs and audit, e.g. "must_change". Static storage. */
const char *directory_outcome_name(enum directory_outcome outcome);

#endif
