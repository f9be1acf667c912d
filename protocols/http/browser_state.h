/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is logged in in this browser, as a word that says only whether it is still the same (OpenID
 * Connect Session Management 1.0): in a cookie that our frame's script reads, and within the
 * session_state that partners hold and ask the frame about.
 */
#ifndef PROTOCOLS_HTTP_BROWSER_STATE_H
#define PROTOCOLS_HTTP_BROWSER_STATE_H

#include "protocols/http/request.h"

/* The cookie says that this session goes on, or that none does. */
void browser_state_keep(struct request *rq, const char *sid);
void browser_state_leave(struct request *rq);

/*
 * session_state for a page of the partner's at the registered address `uri`: a digest of partner, the
 * page's origin, the browser's state and a salt, and the salt. NULL: `uri` has no page that a browser
 * would tell the origin of.
 */
#define SESSION_STATE_BYTES 66 /* of the longest */
must_check enum err session_state_for(struct request *rq, const char *partner_id, const char *uri,
                                      const char *sid, const char **out);

/* The name of the cookie, for the script. */
const char *browser_state_cookie(struct request *rq);

#endif
