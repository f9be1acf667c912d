/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "tests/world.h"

#define PAGE "/staff/settings"

/* ST-17 */
static void
settings_are_shown_and_no_secret(void **state)
{
    struct world *w = *state;

    w->settings.sms.access_key_secret = "S3CRET-of-the-gateway";
    w->settings.store.url = "postgresql://tongxing:S3CRET@db.internal/tongxing";
    world_sit(w, "xi", "system_admin", 1);
    world_audit_mark(w);
    world_open(w, PAGE);
    assert_int_equal(w->answer.status, 200);
    assert_audited(w, AUDIT_SETTINGS_SEEN, NULL);
    assert_non_null(strstr(w->answer.body, "id=\"setting-sms-access_key_secret\""));
    assert_non_null(strstr(w->answer.body, "postgresql://tongxing:********@db.internal/tongxing"));
    assert_null(strstr(w->answer.body, "S3CRET"));
}

/* DJ-7 */
static void
only_a_system_administrator_sees_them(void **state)
{
    static const char *const roles[] = { "security_admin", "audit_admin", "supervisor", "counter",
                                         "telephone" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        w->now += 1;
        world_sit(w, "li", roles[i], 1);
        world_audit_mark(w);
        world_get(w, PAGE);
        assert_refused(w, &problem_staff_denied);
        assert_audited(w, AUDIT_STAFF_DENIED, "see_settings");
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(settings_are_shown_and_no_secret),
        world_test(only_a_system_administrator_sees_them),
    };

    return world_run(tests);
}
