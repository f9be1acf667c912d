/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One connection to a directory server: TLS first, then one question at a time, each with a deadline. Nothing
 * is followed, nothing is tried again, and what went wrong ends the connection.
 */
#ifndef IDP_CONNECT_DIRECTORY_WIRE_H
#define IDP_CONNECT_DIRECTORY_WIRE_H

#include <ldap.h>
#include <stdbool.h>
#include <stdint.h>

#include "idp/base/arena.h"
#include "idp/base/err.h"

struct directory_link {
    LDAP *ld;
    bool reused;        /* it was idle before: it may have died since */
    bool broken;        /* no answer, or none that could be read: to be closed */
    bool late;          /* and that because the time was over */
    int64_t idle_at_us; /* since when it is idle */
    int64_t until_us;   /* of the step under way: no read or write waits longer */
    struct ldap_conncb callbacks;
};

/* Keeps libldap from files and the environment, and has it wipe what it frees; once in a process, before its first
 * connection. */
void directory_wire_prepare(void);

/*
 * ldaps://, or ldap:// with StartTLS, which must succeed. The certificate must come from `ca_file` and be for the host
 * in the address. NULL: no such connection before `until_us` (mono_us()); *step says how far it came.
 */
struct directory_link *directory_link_open(const char *url, const char *ca_file, int64_t until_us,
                                           const char **step);
void directory_link_close(struct directory_link *link);
/* directory_link_close(), for hold_begin(). */
void directory_link_release(void *link);

/* Has the server closed it, or said something unasked, while it was idle? */
bool directory_link_is_stale(const struct directory_link *link);

/* What a server said to a bind or a change, with the password policy's control
 * (draft-behera-ldap-password-policy). */
struct directory_said {
    int code; /* RFC 4511, appendix A */
    LDAPPasswordPolicyError policy;
    int grace_left;   /* -1: not told */
    int expires_in_s; /* -1: not told */
};

/* ERR_UNAVAILABLE: no answer. An empty password is not sent: ERR_INVALID. */
must_check enum err directory_link_bind(struct directory_link *link, const char *dn,
                                        const char *password, int64_t until_us,
                                        struct directory_said *out);

/* RFC 3062, of whoever has bound the connection. */
must_check enum err directory_link_change(struct directory_link *link, const char *old_password,
                                          const char *new_password, int64_t until_us,
                                          struct directory_said *out);

struct directory_search {
    const char *base;
    const char *filter;
    char *const *attributes; /* ended by NULL */
    int limit;               /* of entries */
};

struct directory_found {
    LDAPMessage **entries; /* the arena's */
    size_t count;          /* never more than the limit */
    int code;
    bool referred; /* it named other servers, which nobody asks */
};

/* The whole subtree. ERR_UNAVAILABLE: no whole answer. */
must_check enum err directory_link_search(struct directory_link *link, struct arena *arena,
                                          const struct directory_search *search, int64_t until_us,
                                          struct directory_found *out);

#endif
