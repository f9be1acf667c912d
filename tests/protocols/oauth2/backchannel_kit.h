/* SPDX-License-Identifier: Apache-2.0 */
/* A partner asks over another line, and a person answers on her page. */
#ifndef TESTS_PROTOCOLS_OAUTH2_BACKCHANNEL_KIT_H
#define TESTS_PROTOCOLS_OAUTH2_BACKCHANNEL_KIT_H

#include <string.h>

#include "tests/world.h"

#define CIBA "urn:openid:params:grant-type:ciba"

/* The auth_req_id; NULL: it was refused. `more` is "&…", may be "". */
static inline const char *
bc_ask(struct world *w, const char *partner_id, const char *hint, const char *more)
{
    world_partner_post(w, partner_id, "/oauth2/bc-authorize", "scope=openid+profile&%s%s", hint,
                       more);
    return w->answer.status == 200 ? world_json(w, "auth_req_id") : NULL;
}

/* Person 0, by her phone, at the hotline. */
static inline const char *
bc_ask_her(struct world *w)
{
    const char *auth_req_id;

    world_person(w, 0);
    auth_req_id = bc_ask(w, "hotline", "login_hint=13800138000", "&binding_message=4711");
    assert_non_null(auth_req_id);
    return auth_req_id;
}

static inline void
bc_poll(struct world *w, const char *partner_id, const char *auth_req_id)
{
    world_partner_post(w, partner_id, "/oauth2/token", "grant_type=" CIBA "&auth_req_id=%s",
                       auth_req_id);
}

struct bc_form {
    const char *which;
    const char *csrf;
};

/* She opens her page, logged in. */
static inline struct bc_form
bc_open(struct world *w, int n)
{
    world_log_in(w, n);
    world_get(w, "/approvals");
    assert_int_equal(w->answer.status, 200);
    return (struct bc_form) { world_hidden(w, "which"), world_hidden(w, "csrf") };
}

static inline void
bc_press(struct world *w, struct bc_form form, const char *decision)
{
    world_form_post(w, "/approvals", "which=%s&csrf=%s&decision=%s", form.which, form.csrf,
                    decision);
}

static inline void
bc_answer(struct world *w, int n, const char *decision)
{
    bc_press(w, bc_open(w, n), decision);
    assert_int_equal(w->answer.status, 303);
}

#endif
