/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small world for endpoint tests: a fresh store, a stopped clock, counted random numbers,
 * registered partners, people, and requests that go through dispatch without a socket. Each test
 * has one of its own:
 *
 *     static void
 *     a_code_is_redeemed_once(void **state)
 *     {
 *         struct world *w = *state;
 *         const char *code = world_code(w, "webhall");
 *         …
 *     }
 *     int
 *     main(void)
 *     {
 *         const struct CMUnitTest tests[] = { world_test(a_code_is_redeemed_once) };
 *
 *         return world_run(tests);
 *     }
 *
 * Partners (world_partners.json has them all): webhall, hospital, bank (confidential); spa (public);
 * app (native); legacy (no PKCE needed, form_post); untrusted (errors are not redirected); tv (public) and
 * selfservice (a terminal's), which have no pages.
 */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/audit/audit.h"
#include "idp/base/problem.h"
#include "idp/session/session.h"
#include "protocols/http/request.h"
#include "protocols/routes.h"

#define WORLD_NOW ((unix_s)1767225600) /* 2026-01-01 08:00 in Beijing */
#define WORLD_RUN 1                    /* of the audit trail */
#define WORLD_ISSUER "https://id.example"
#define WORLD_VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" /* RFC 7636, appendix B */
#define WORLD_CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define WORLD_PASSWORD "a password nobody guesses"
#define WORLD_COOKIES 32

struct world_answer {
    int status;
    const char *body;
    struct header headers[RESPONSE_MAX_HEADERS];
    size_t header_count;
    const char *content_type;      /* of a prepared document too */
    const struct problem *problem; /* what the log will say; NULL: none */
    const char *partner_id;
    const char *request_id;
};

/* The least that libsodium takes, so that a suite is not spent hashing. */
extern const struct password_cost world_password_cost;

struct world {
    struct arena *arena; /* of the test */
    struct settings settings;
    struct services services;
    struct env env;
    struct store *store;
    _Atomic(int64_t) now;
    _Atomic(uint64_t) drawn; /* random numbers so far */
    bool random_fails;
    const char *address;
    struct {
        const char *name;
        const char *value;
    } jar[WORLD_COOKIES]; /* the browser's cookies */
    size_t cookies;
    struct world_answer answer; /* to the last request */
};

/* One request. Members not named are absent. */
struct world_call {
    const char *method; /* "GET" when NULL and there is no form, else "POST" */
    const char *target; /* "/path?query" */
    const char *form;
    const char *authorization;
    const char *dpop;
    const char *origin;
    const char *asks_for;     /* of a preflight: Access-Control-Request-Method */
    const char *content_type; /* of the form; NULL: the usual one */
    const char *language;     /* Accept-Language; NULL: zh-CN */
    bool without_cookies;
    const struct route
        *routes; /* of which listener; NULL: the staff's for /staff, else the public one's */
    const char *certificate; /* thumbprint of the client certificate of the connection */
};

int world_setup(void **state);
/* The same; `adjust` (may be NULL) changes the settings before the services are made. */
int world_setup_adjusted(void **state, void (*adjust)(struct world *w));
int world_teardown(void **state);
int world_group_setup(void **state);
int world_group_teardown(void **state);

#define world_test(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
#define world_run(tests) cmocka_run_group_tests(tests, world_group_setup, world_group_teardown)

/* What must not happen in a test's preparation ends the program with a message. */
void world_die(const char *what) __attribute__((noreturn));
void world_must(enum err err, const char *what);

/* --- Asking. The answer is in w->answer; cookies are kept in w->jar. --- */

void world_send(struct world *w, const struct world_call *call);
void world_get(struct world *w, const char *target);
/* The same, and on to where a flow of our own begins. */
void world_open(struct world *w, const char *page);
/* GET of where the last answer leads. */
void world_follow(struct world *w);
/* As every browser does, where the last answer leads to the form that is shown again. */
void world_follow_mistake(struct world *w);
/* The same where a form did nothing (protocols/flow/stopped.h). */
void world_follow_stop(struct world *w);
/* POST of a form, and that page if there is one. */
void world_form_post(struct world *w, const char *target, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* POST of a form with the partner's own credentials. */
void world_partner_post(struct world *w, const char *partner_id, const char *target,
                        const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same for many threads at once: no cookies, a store and an arena of the caller's;
 * touches nothing of the world. */
void world_perform(struct world *w, struct store *store, struct arena *arena,
                   const struct world_call *call, struct world_answer *out);

/* "Basic …" for the partner. */
const char *world_basic(struct world *w, const char *partner_id);
/* Percent-encoded. */
const char *world_url(struct world *w, const char *text);

/* --- Reading the answer --- */

const char *world_header(const struct world *w, const char *name); /* NULL when absent */
/* The parameter of the redirect's query, decoded; NULL when absent or no redirect. */
const char *world_location_param(struct world *w, const char *name);
/* A text member of a JSON answer; NULL when absent. */
const char *world_json(struct world *w, const char *name);
/* The value of a hidden input ("tx", "csrf") of a page. */
const char *world_hidden(struct world *w, const char *name);
const char *world_cookie(const struct world *w, const char *name);
void world_cookie_put(struct world *w, const char *name, const char *value);

/* --- Having things ready --- */

/* A ctx on the world's store with the clock read now. */
struct ctx world_ctx(struct world *w);
void world_advance(struct world *w, int64_t seconds);

/* Replace the partners: the text of a partners file. */
void world_partners(struct world *w, const char *json);

/* Person number n (0…9): phone +861380013800n, password WORLD_PASSWORD, level l2.
 * Returns the person's id. */
const char *world_person(struct world *w, int n);
const char *world_phone(int n); /* national */

/* What the card office says of her physical card, from now on (enum physical_state). */
void world_physical_card(struct world *w, int n, int64_t physical);
#define WORLD_REGION "440100"
/* As if the card bureau's feed had been pulled so many seconds ago, to its end: cards are offered, and good while that
 * is not longer ago than 30 s. The two above leave it at 0. */
void world_feed(struct world *w, int64_t age_s);
/* Her electronic card of level 1, of a physical one in order, valid until 2035. Returns its id. */
const char *world_card(struct world *w, int n);

#define WORLD_STAFF_URL "https://staff.example"
#define WORLD_STAFF_SECRET "JBSWY3DPEHPK3PXP" /* of her TOTP factor, base32 */

/* A counter of region WORLD_REGION, enrolled, at which the world's browser stands from now on. "k_…": its id. */
/* For world_setup_adjusted(): the directory is the sample tree of TONGXING_TEST_DIRECTORY (tests/ci/slapd.sh), and its groups
 * stand for what tests/directory/groups.json says. */
void world_directory(struct world *w);
const char *world_counter(struct world *w, int n);
/* A member of staff with those roles, of region WORLD_REGION; her own identity number is nobody's of world_person(). */
void world_staff(struct world *w, const char *staff_id, const char *roles);
/* She has signed in at that counter, in the world's browser; both are made if they do not exist yet. Returns the sid. */
const char *world_sit(struct world *w, const char *staff_id, const char *roles, int n);

/* She is logged in, in the world's browser. Made if she does not exist yet. */
void world_log_in(struct world *w, int n);
/* The same at a partner, and so on its channel. */
void world_log_in_at(struct world *w, int n, const char *partner_id);
void world_consent(struct world *w, int n, const char *partner_id, const char *scope);

/* GET /oauth2/authorize with sound defaults for the partner; `more` ("&prompt=none")
 * is put behind, may be "". */
void world_authorize(struct world *w, const char *partner_id, const char *more);
/* A code for person 0, who is logged in and has agreed: scope "openid profile", nonce "n-1". */
const char *world_code(struct world *w, const char *partner_id);
/* Redeem it as the partner should. */
void world_redeem(struct world *w, const char *partner_id, const char *code);

struct world_tokens {
    const char *access;
    const char *refresh;
    const char *id;
};

/* Of a whole login of person 0 at the partner. */
struct world_tokens world_login_tokens(struct world *w, const char *partner_id);
/* Of an answer of the token endpoint. */
struct world_tokens world_tokens_of(struct world *w);

/* --- Judging --- */

/* The last answer tells this problem, in whichever form the route speaks: page, JSON, bearer or
 * text. That of a form of ours leads to the page that tells it; it is the answer then. */
void assert_refused(struct world *w, const struct problem *problem);
/* The last answer is a page, or leads to one of ours by a redirect; it is the answer then. */
void assert_arrived(struct world *w);
/* The last answer is a 303 to the partner's redirect URI with this problem, state and iss. */
void assert_refused_by_redirect(struct world *w, const char *partner_id,
                                const struct problem *problem);

/* Exactly one audit record of this event since the last call of world_audit_mark(), with
 * that reason (NULL: any). */
void assert_audited(struct world *w, enum audit_event event, const char *reason);
void world_audit_mark(struct world *w);
/* From now on refusals are sampled, as the server does it (idp/audit/sampler.h);
 * before, each is a record. */
void world_sampling(struct world *w);
int64_t world_audit_count(struct world *w, enum audit_event event);

/* Is the access token good at userinfo? And active at introspection for its partner? */
bool world_token_works(struct world *w, const char *access_token);

/* Rows of all tables but audit and attempt, counted: nothing was changed in between. */
int64_t world_rows(struct world *w);
int64_t world_rows_of(struct world *w, const char *table);

#endif
