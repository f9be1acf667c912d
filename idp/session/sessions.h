/* SPDX-License-Identifier: Apache-2.0 */
/* All sessions of a person, on every channel, as she may look at them and end them. */
#ifndef IDP_SESSION_SESSIONS_H
#define IDP_SESSION_SESSIONS_H

#include "idp/session/session.h"

/* Those that have not come to their end, used last first, SESSION_PAGE at most. One that lay unused
 * is there too, for its partners go on with what they were given. */
must_check enum err sessions_list(struct ctx *ctx, const char *person_id, struct session_rows *out);

/* What names the session on a page of hers; nobody can tell the session by it. */
const char *session_label(struct ctx *ctx, const char *sid);

/* Does `session` end when that one does: is it that one, or lent by it, or by what it has lent? */
bool session_hangs_on(const struct session_rows *rows, const char *session, const char *sid);

/* The session of that label, if it is hers and goes on; OK also when there is none. */
must_check enum err sessions_end_labelled(struct ctx *ctx, const char *person_id, const char *label,
                                          const char *reason);

/* All of hers but `but` and what that one hangs on: their partners are told, their grants end. */
must_check enum err sessions_end_others(struct ctx *ctx, const struct stored_session *but,
                                        const char *reason);

#endif
