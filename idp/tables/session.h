/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions: one login of one subject in one place. */
#ifndef IDP_TABLES_SESSION_H
#define IDP_TABLES_SESSION_H

#include "idp/store/store.h"
#include "idp/tables/subject.h"

struct stored_session {
    const char *sid;
    struct digest handle; /* of the cookie's secret part: changes at every login, the sid stays */
    struct subject subject;
    const char *channel;
    const char *amr; /* space-separated */
    int64_t level;
    unix_s auth_time;
    unix_s seen_at;
    unix_s expires_at;       /* absolute end; the idle end follows from seen_at */
    unix_s ended_at;         /* 0: not ended */
    const char *partner_id;  /* it began at; "": at our own pages */
    const char *terminal_id; /* of the partner's terminals; "": none */
    const char *lent_by;     /* the session that it is of; "": she logged in */
    const char *device;      /* device_name() of idp/person/device.h at the login; "": none */
    const char *network;     /* network_prefix() of policies/network.h then; "": not known */
    const char *browser;     /* "Chrome Android" (policies/browser.h); "": not known */
};

/* So many sessions are listed at a time. */
#define SESSION_PAGE 50

struct sid_list {
    const char **at;
    size_t count;
};

/* ERR_CONFLICT when the id is taken. */
must_check enum err store_session_insert(struct store *st, const struct stored_session *session);

/* Ended and expired ones too, until they are swept. */
must_check enum err store_session_load(struct store *st, struct arena *arena, const char *sid,
                                       struct stored_session *out);

/*
 * A new login of the same person in the same place: all of `session` but its subject replaces the
 * live row with its sid. ERR_NOT_FOUND when it is ended or absent.
 */
must_check enum err store_session_renew(struct store *st, const struct stored_session *session);

/* ERR_NOT_FOUND when it is ended or absent. */
must_check enum err store_session_touch(struct store *st, const char *sid, unix_s seen_at);

/*
 * Exactly one caller ends a session; the others, and those who ask for one that is absent, get
 * ERR_NOT_FOUND. Its expiry is brought forward to the end.
 */
must_check enum err store_session_end(struct store *st, const char *sid, unix_s now);

/* All of a person's that go on and whose login had that method (a word of amr) are worth `level` from now
 * on, unless they are worth less. */
must_check enum err store_session_lower(struct store *st, const char *person_id, const char *method,
                                        int level);

/* A person's sessions neither ended nor past their absolute end. */
struct sessions_of {
    const char *person_id;
    const char *but; /* this one is left out; "": none is */
    unix_s before;   /* of a login before that second; TIME_NEVER: all */
    unix_s now;
    const char *after; /* behind that id; NULL: from the first */
};

/* By id, at most SESSION_PAGE: who ends what is listed asks again until nothing is. */
must_check enum err store_session_list(struct store *st, struct arena *arena,
                                       const struct sessions_of *which, struct sid_list *out);

/* A person's live sessions with all that is known of them, those used last first, SESSION_PAGE at
 * most. The idle end is the caller's matter. */
struct session_rows {
    struct stored_session *at;
    size_t count;
};
must_check enum err store_session_rows(struct store *st, struct arena *arena, const char *person_id,
                                       unix_s now, struct session_rows *out);

/* Those of hers that a session of hers has lent and that go on, by id, SESSION_PAGE at most. */
must_check enum err store_session_list_lent(struct store *st, struct arena *arena,
                                            const char *lent_by, unix_s now, struct sid_list *out);

/* How many have not come to their end, counted no further than `most`. */
must_check enum err store_session_count(struct store *st, unix_s now, int64_t most, int64_t *out);

/* How many there are of a person, and of all with a login before that second. */
must_check enum err store_session_count_of(struct store *st, const char *person_id, unix_s now,
                                           int64_t *out);
must_check enum err store_session_count_before(struct store *st, unix_s before, unix_s now,
                                               int64_t *out);

/* All with a login before that second, behind the id `after` ("": from the first), by id. */
struct sessions_before {
    const char *after;
    unix_s before;
    unix_s now;
};

struct listed_session {
    const char *sid;
    struct subject subject;
};

struct listed_session_list {
    struct listed_session *at;
    size_t count; /* at most SESSION_PAGE */
};

/* What is open at a terminal, but the session `but` ("": none is left out), at most SESSION_PAGE. */
must_check enum err store_session_list_at(struct store *st, struct arena *arena,
                                          const char *terminal_id, const char *but,
                                          struct listed_session_list *out);

/* What is open at any terminal and was not used after `idle_since`, or is past its absolute end. */
must_check enum err store_session_list_left(struct store *st, struct arena *arena,
                                            unix_s idle_since, unix_s now,
                                            struct listed_session_list *out);

/* The same of members of staff, at any counter. */
must_check enum err store_session_list_staff_left(struct store *st, struct arena *arena,
                                                  unix_s idle_since, unix_s now,
                                                  struct listed_session_list *out);

must_check enum err store_session_list_before(struct store *st, struct arena *arena,
                                              const struct sessions_before *which,
                                              struct listed_session_list *out);

#endif
