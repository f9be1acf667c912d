/* SPDX-License-Identifier: Apache-2.0 */
/* The table of what may be sent, and that nobody reads beside it.
 * test_field_walk.c tries every row. */
#include "protocols/fields.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "idp/base/text.h"
#include "protocols/routes.h"
#include "tests/world.h"

#define LARGE_BYTES 60000

static const struct route *const tables[] = { public_routes, admin_routes, staff_routes };

static void
every_route_says_what_it_reads_and_no_name_twice(void **state)
{
    (void)state;
    for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
        for (const struct route *route = tables[t]; route->method != NULL; route++) {
            assert_non_null(route->fields);
            for (const struct field *a = route->fields; a->name != NULL; a++) {
                assert_in_range(a->max, 1, text_eq(a->name, "scans") ? 62500 : 12000);
                for (const struct field *b = a + 1; b->name != NULL; b++)
                    assert_string_not_equal(a->name, b->name);
            }
        }
}

/* Where a bound stands and no guard looks at it, the endpoint must: only authorize does. */
static void
every_route_that_reads_has_its_bounds_checked(void **state)
{
    (void)state;
    for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
        for (const struct route *route = tables[t]; route->method != NULL; route++)
            if (route->fields->name != NULL && !text_eq(route->path, "/oauth2/authorize"))
                assert_true((route->guards & GUARD_PARAMETERS) != 0);
}

static bool
is_read(const struct route *route, const char *name)
{
    for (const struct field *field = route->fields; field->name != NULL; field++)
        if (text_eq(field->name, name))
            return true;
    return false;
}

/* All that a page or form may be asked for comes from one that we made: its language is another. */
static void
every_page_reads_the_language_and_the_type(void **state)
{
    (void)state;
    for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
        for (const struct route *route = tables[t]; route->method != NULL; route++) {
            if (route->refuse != REFUSE_PAGE || tables[t] == admin_routes)
                continue;
            assert_true(is_read(route, "ui_locales"));
            assert_true(is_read(route, "type_size"));
        }
}

#ifdef TONGXING_DEBUG
/* The signal that ends a process which reads `name` on a route that declares phone alone. */
static int
signal_of_reading(const char *name)
{
    static const struct field fields[] = { { "phone", 64, NULL }, { NULL, 0, NULL } };
    struct request rq = { .method = "POST", .path = "/x", .fields = fields };
    pid_t child = fork();
    int status;

    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        fclose(stderr);
        param(&rq, name);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void
a_debug_build_ends_where_something_is_read_that_the_route_does_not_declare(void **state)
{
    (void)state;
    assert_int_equal(signal_of_reading("phone"), 0);
    assert_int_equal(signal_of_reading("password"), SIGABRT);
}
#endif

static const char *
quotes(struct world *w, size_t count)
{
    char *text = arena_alloc(w->arena, count + 1);

    memset(text, '"', count);
    return text;
}

/* Its inputs were raw, and on each page that shows again what was typed. */
static void
z1_a_page_of_quotes_is_refused_before_it_is_shown_again(void **state)
{
    static const struct {
        const char *path;
        const char *field;
        const struct problem *problem;
    } cases[] = {
        { "/login", "phone", &problem_login_name_invalid },
        { "/login/sms", "phone", &problem_phone_invalid },
        { "/register", "phone", &problem_phone_invalid },
        { "/register/identity", "name", &problem_name_invalid },
        { "/register/identity", "identity_number", &problem_identity_number_invalid },
        { "/register/identity", "bank_card", &problem_bank_card_invalid },
        { "/register/identity", "bank_phone", &problem_phone_invalid },
    };
    struct world *w = *state;
    const char *tx;
    const char *csrf;

    world_open(w, "/login");
    tx = world_hidden(w, "tx");
    csrf = world_hidden(w, "csrf");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        static const size_t sizes[] = { 257, 42000, 43500, LARGE_BYTES };

        for (size_t n = 0; n < sizeof(sizes) / sizeof(sizes[0]); n++) {
            world_form_post(w, cases[i].path, "tx=%s&csrf=%s&%s=%s", tx, csrf, cases[i].field,
                            quotes(w, sizes[n]));
            assert_refused(w, cases[i].problem);
            assert_null(strstr(w->answer.body, "&quot;&quot;"));
        }
    }
}

/* What nobody reads may be as long as a body: it is not there (RFC 6749, 3.1). */
static void
what_is_not_declared_has_no_bound_and_no_effect(void **state)
{
    struct world *w = *state;

    world_open(w, "/login");
    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=1&password=x&other=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), quotes(w, LARGE_BYTES));
    assert_int_equal(w->answer.status, 400);
    assert_non_null(strstr(w->answer.body, "id=\"login-form\""));
}

/* A slip gets the sentence for it, beside its field; only what nobody types gets a page. */
static void
an_honest_mistake_is_told_beside_its_field(void **state)
{
    static const char *const phones[] = { "１３８００１３８０００１", "138 0013 8000 (home)", "1" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(phones) / sizeof(phones[0]); i++) {
        world_open(w, "/login");
        world_form_post(w, "/login", "tx=%s&csrf=%s&phone=%s&password=x", world_hidden(w, "tx"),
                        world_hidden(w, "csrf"), world_url(w, phones[i]));
        assert_int_equal(w->answer.status, 400);
        assert_non_null(strstr(w->answer.body, "id=\"phone-problem\""));
    }
}

static void
a_partner_is_told_which_rule_a_long_parameter_breaks(void **state)
{
    struct world *w = *state;

    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=refresh_token&refresh_token=%s",
                       quotes(w, LARGE_BYTES));
    assert_refused(w, &problem_refresh_token_invalid);
    world_partner_post(w, "webhall", "/oauth2/introspect", "token=%s", quotes(w, LARGE_BYTES));
    assert_refused(w, &problem_field_too_long);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_says_what_it_reads_and_no_name_twice),
        cmocka_unit_test(every_route_that_reads_has_its_bounds_checked),
        cmocka_unit_test(every_page_reads_the_language_and_the_type),
#ifdef TONGXING_DEBUG
        cmocka_unit_test(
            a_debug_build_ends_where_something_is_read_that_the_route_does_not_declare),
#endif
        world_test(z1_a_page_of_quotes_is_refused_before_it_is_shown_again),
        world_test(what_is_not_declared_has_no_bound_and_no_effect),
        world_test(an_honest_mistake_is_told_beside_its_field),
        world_test(a_partner_is_told_which_rule_a_long_parameter_breaks),
    };

    return world_run(tests);
}
