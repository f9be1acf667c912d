/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/world.h"

#include "protocols/flow/purpose.h"
#include "protocols/routes.h"

static const struct route *
routes_of(const char *path)
{
    return text_starts(path, "/staff") ? staff_routes : public_routes;
}

static void
every_purpose_goes_on_at_a_route_of_ours(void **state)
{
    static const char *const names[] = { PURPOSE_OWN,    PURPOSE_PASSWORD, PURPOSE_AUTHORIZE,
                                         PURPOSE_DEVICE, PURPOSE_STAFF,    PURPOSE_COUNTER };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct purpose *purpose = purpose_find(names[i]);
        const char *allow;

        assert_non_null(purpose);
        assert_non_null(
            route_find(routes_of(purpose->resume), w->arena, "GET", purpose->resume, &allow));
    }
}

static void
a_purpose_of_another_version_is_not_known(void **state)
{
    (void)state;
    assert_null(purpose_find("of another version"));
    assert_null(purpose_find(""));
    assert_null(purpose_find(NULL));
}

static void
a_flow_of_our_own_begins_at_the_first_of_its_pages(void **state)
{
    static const char *const pages[][2] = {
        { "/login", "/login" },
        { "/login/cancel", "/login" },
        { "/login/sms", "/login/sms" },
        { "/login/sms/code", "/login/sms" },
        { "/login/smsx", "/login" },
        { "/register", "/register" },
        { "/register/password", "/register" },
        { "/recover/identity", "/recover" },
        { "/account/password", "/account/password" },
        { "/device", "/device" },
        { "/device/confirm", "/device" },
        { "/staff", "/staff" },
        { "/staff/counter", "/staff/counter" },
        { "/staff/lock", "/staff" },
        { "/consent", "/login" },
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        const char *begins = purpose_own_page(pages[i][0]);
        const char *allow;

        assert_string_equal(begins, pages[i][1]);
        assert_non_null(route_find(routes_of(begins), w->arena, "GET", begins, &allow));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(every_purpose_goes_on_at_a_route_of_ours),
        world_test(a_flow_of_our_own_begins_at_the_first_of_its_pages),
        world_test(a_purpose_of_another_version_is_not_known),
    };

    return world_run(tests);
}
