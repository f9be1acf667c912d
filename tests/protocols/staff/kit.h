/* SPDX-License-Identifier: Apache-2.0 */
/* A counter, a directory, and a member of staff who has a second factor: what tests of signing in begin with. */
#ifndef TESTS_PROTOCOLS_STAFF_KIT_H
#define TESTS_PROTOCOLS_STAFF_KIT_H

#include "idp/staff/factor.h"
#include "idp/staff/groups.h"
#include "keys/secret.h"
#include "tests/protocols/account/kit.h"
#include "tests/staff/directory_fake.h"

#ifndef SOURCE_DIR /* a header that is compiled alone */
#define SOURCE_DIR "."
#endif

#define STAFF_PASSWORD "Window-No.1-opens"
#define STAFF_PASSWORD_URL "Window-No.1-opens"
#define COUNTER_GROUP "counter"

/* Of everybody here, so that a test can make codes. */
static inline struct totp_secret
staff_secret(void)
{
    struct totp_secret secret;

    memcpy(secret.bytes, "12345678901234567890", sizeof(secret.bytes));
    return secret;
}

/* The code of this moment, and of `steps` behind it. */
static inline const char *
staff_code_in(struct world *w, int64_t steps)
{
    const struct totp_secret secret = staff_secret();
    char *code = arena_alloc(w->arena, TOTP_DIGITS + 1);

    totp_code(&secret, w->now / TOTP_STEP_S + steps, code);
    return code;
}

static inline const char *
staff_code_now(struct world *w)
{
    return staff_code_in(w, 0);
}

/* In the directory, and known here with a factor. */
static inline void
staff_add(struct world *w, const char *staff_id, const char *role)
{
    struct ctx ctx = world_ctx(w);
    struct totp_secret secret = staff_secret();
    struct stored_staff staff;

    directory_add(staff_id, STAFF_PASSWORD, role);
    world_staff(w, staff_id, role);
    world_must(store_staff_load(w->store, w->arena, staff_id, &staff), "no staff");
    world_must(staff_totp_seal(&ctx, staff_id, &secret, &staff.totp_sealed), "no seal");
    world_must(store_begin(w->store), "no transaction");
    world_must(store_staff_put(w->store, &staff), "no staff");
    world_must(store_commit(w->store), "no commit");
}

/* A counter and an empty directory. */
static inline int
staff_setup_empty(void **state)
{
    struct world *w;
    const char *why;

    the_directory = (struct fake_directory) { .count = 0 };
    if (world_setup(state) != 0)
        return -1;
    w = *state;
    w->services.directory = (struct directory *)&the_directory;
    world_must(staff_groups_open(w->arena, SOURCE_DIR "/tests/directory/groups.json",
                                 &w->services.staff_groups, &why),
               "no groups");
    world_counter(w, 1);
    return 0;
}

static inline int
staff_setup(void **state)
{
    if (staff_setup_empty(state) != 0)
        return -1;
    staff_add(*state, "li", COUNTER_GROUP);
    return 0;
}

#define staff_test(name) cmocka_unit_test_setup_teardown(name, staff_setup, world_teardown)

static inline struct journey
staff_begin(struct world *w)
{
    struct journey j = { .w = w };

    world_get(w, "/staff/sign-in");
    journey_arrive(&j);
    assert_int_equal(w->answer.status, 200);
    return j;
}

static inline void
staff_type(struct journey *j, const char *name, const char *password)
{
    journey_post(j, "/staff/sign-in",
                 arena_printf(j->w->arena, "staff_name=%s&password=%s", world_url(j->w, name),
                              world_url(j->w, password)));
}

static inline void
staff_type_code(struct journey *j, const char *code)
{
    journey_post(j, "/staff/factor", arena_printf(j->w->arena, "code=%s", code));
}

/* To the page of the second factor. */
static inline struct journey
staff_with_password(struct world *w, const char *name)
{
    struct journey j = staff_begin(w);

    staff_type(&j, name, STAFF_PASSWORD);
    assert_non_null(strstr(w->answer.body, "id=\"staff-factor-form\""));
    return j;
}

/* She sits there. */
static inline void
staff_sign_in(struct world *w, const char *name)
{
    struct journey j = staff_with_password(w, name);

    staff_type_code(&j, staff_code_now(w));
    world_open(w, "/staff");
    assert_int_equal(w->answer.status, 200);
    assert_non_null(world_cookie(w, "__Host-staff"));
}

static inline bool
somebody_sits(struct world *w)
{
    world_get(w, "/staff");
    return w->answer.status == 303 && !text_starts(world_header(w, "Location"), "/staff/sign-in");
}

#endif
