/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "idp/base/log.h"
#include "idp/server/doctor/doctor.h"

/* What is found about these settings: all sentences. */
static const char *
found_of(struct arena *arena, const char *listen, const char *urls, const char *groups_file)
{
    struct findings found = findings_new(arena);
    struct doctor *doctor = arena_alloc(arena, sizeof(*doctor));
    const char *all = "";

    *doctor = (struct doctor) { .found = &found, .arena = arena, .config = "c" };
    doctor->settings.staff.listen = listen;
    doctor->settings.staff.groups_file = groups_file;
    doctor->settings.directory.urls = urls;
    doctor_look_at_staff(doctor);
    for (const struct finding *at = found.first; at != NULL; at = at->next)
        all = arena_printf(arena, "%s%s: %s\n", all, finding_level_name(at->level), at->sentence);
    return all;
}

static void
assert_part(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("%s is not in %s", part, text);
}

static void
staff_need_a_directory_and_groups_that_stand_for_something(void **state)
{
    struct arena *arena = arena_new(32 << 20);
    const char *said = found_of(arena, "127.0.0.1:1", "", "");

    (void)state;
    log_set_level(LOG_ERROR + 1);
    assert_part(said, "warning: There is no directory of staff");
    assert_part(said, "warning: No group of the directory stands for a role");
    assert_string_equal(found_of(arena, "", "", ""), "");
    said = found_of(arena, "127.0.0.1:1", "ldaps://a", "/nowhere/groups.json");
    assert_part(said, "error: The groups of staff in /nowhere/groups.json cannot be used.");
    said = found_of(arena, "127.0.0.1:1", "ldaps://a", SOURCE_DIR "/tests/directory/groups.json");
    assert_part(said, "ok: The groups of staff in ");
    assert_null(strstr(said, "directory of staff"));
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(staff_need_a_directory_and_groups_that_stand_for_something),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
