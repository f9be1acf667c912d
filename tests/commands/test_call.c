/* SPDX-License-Identifier: Apache-2.0 */
/* Commands while the service runs: through the operators' door. */
#include <sys/socket.h>
#include <sys/un.h>

#include "idp/server/life/control_wire.h"
#include "tests/commands/serving_kit.h"

static int
prepared(void **state)
{
    if (kit_open(state) != 0)
        return -1;
    assert_done("migrate --config c", "");
    assert_done("key init --config c", "");
    kit_sql("INSERT INTO person (person_id, state, name_sealed, identity_sealed, phone_sealed,"
            " birth_date, phone_verified_at, created_at, updated_at)"
            " VALUES ('p_1', 1, x'', x'', x'', 0, 0, 1, 1)");
    return 0;
}

static void
the_service_does_what_is_asked_through_its_door(void **state)
{
    (void)state;
    serve_begin();
    assert_done("key list --config c", "ES256");
    assert_done("person disable p_1 --config c", "p_1 is disabled: ");
    assert_done("partner list --config c", "partner id");
    kit_file("none", "{\"partners\":[]}");
    assert_done("partner apply none --plan --config c", "= nothing to do\n");
    serve_end();
    assert_done("key list --config c", "ES256"); /* and by itself when nobody serves */
}

static void
what_is_refused_there_is_told_here(void **state)
{
    (void)state;
    serve_begin();
    assert_failed("person disable p_2 --config c",
                  "tongxing: person disable: there is no person p_2");
    kit_file("wrong", "{\"partners\":[{\"client_id\":\"hall\"}]}");
    assert_failed("partner apply wrong --config c", "tongxing: partner apply: wrong is wrong");
    assert_non_null(strstr(kit_out, "! hall: "));
    serve_end();
}

static void
the_doctor_asks_the_service_what_it_cannot_see_itself(void **state)
{
    (void)state;
    serve_begin();
    assert_done("doctor --config c", "ok: c:4: The service is running, holds the store, and reads "
                                     "its keys from it.\n");
    serve_end();
    assert_done("doctor --config c", "ok: c:4: The store answers, and its schema fits.\n");
}

/* Commands that need the store for themselves. */
static void
what_the_service_cannot_do_is_refused_while_it_runs(void **state)
{
    (void)state;
    serve_begin();
    assert_failed("migrate --config c", "the store cannot be opened");
    serve_end();
}

/* --- The door itself --- */

static int
knock(void)
{
    char path[512];
    struct sockaddr_un address;
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(path, sizeof(path), "%s/store.db.socket", kit_home);
    assert_int_equal(control_address(path, &address), OK);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static void
nobody_else_can_open_the_door_and_it_goes_with_the_service(void **state)
{
    struct stat door;

    (void)state;
    serve_begin();
    assert_int_equal(stat("store.db.socket", &door), 0);
    assert_true(S_ISSOCK(door.st_mode));
    assert_int_equal(door.st_mode & 0777, 0600);
    serve_end();
    assert_int_not_equal(stat("store.db.socket", &door), 0);
}

/* The last frame of the answer to these bytes; FRAME_NONE when there is none. */
static enum frame_kind
answer_to(const void *bytes, size_t size, char why[256])
{
    struct arena *arena = arena_new(1U << 20);
    enum frame_kind kind = FRAME_NONE;
    enum frame_kind last = FRAME_NONE;
    struct bytes said;
    int fd = knock();

    assert_int_equal(send(fd, bytes, size, MSG_NOSIGNAL), size);
    shutdown(fd, SHUT_WR);
    while (frame_read(fd, arena, 1U << 16, &kind, &said) == OK) {
        last = kind;
        if (kind == FRAME_WHY)
            snprintf(why, 256, "%s", (const char *)said.at);
    }
    close(fd);
    arena_free(arena);
    return last;
}

static void
what_is_no_call_gets_no_answer_and_the_door_stays_open(void **state)
{
    static const char nonsense[][8] = {
        { 'q', 0, 0, 0, 0 },                     /* no such frame */
        { 'w', 0, 0, 0, 5, 'h' },                /* cut off */
        { 'w', '\x7f', '\x7f', '\x7f', '\x7f' }, /* too large */
    };
    char words[5 * 64] = { 0 };
    char why[256] = "";

    (void)state;
    serve_begin();
    for (size_t i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++)
        assert_int_equal(answer_to(nonsense[i], 6, why), FRAME_NONE);
    for (size_t i = 0; i < sizeof(words); i += 5) /* more words than a command line has */
        words[i] = 'w';
    assert_int_equal(answer_to(words, sizeof(words), why), FRAME_NONE);
    assert_done("key list --config c", "ES256");
    serve_end();
}

static void
the_door_takes_no_command_that_is_not_for_the_service(void **state)
{
    static const char serve[] = "w\0\0\0\5serve.\0\0\0\0";
    static const char unknown[] = "w\0\0\0\5dance.\0\0\0\0";
    char why[256] = "";

    (void)state;
    serve_begin();
    assert_int_equal(answer_to(serve, sizeof(serve) - 1, why), FRAME_STATUS);
    assert_string_equal(why, "that is not for the service to do.");
    assert_int_equal(answer_to(unknown, sizeof(unknown) - 1, why), FRAME_STATUS);
    assert_non_null(strstr(why, "there is no command \"dance\""));
    serve_end();
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_service_does_what_is_asked_through_its_door),
        cmocka_unit_test(what_is_refused_there_is_told_here),
        cmocka_unit_test(the_doctor_asks_the_service_what_it_cannot_see_itself),
        cmocka_unit_test(what_the_service_cannot_do_is_refused_while_it_runs),
        cmocka_unit_test(nobody_else_can_open_the_door_and_it_goes_with_the_service),
        cmocka_unit_test(what_is_no_call_gets_no_answer_and_the_door_stays_open),
        cmocka_unit_test(the_door_takes_no_command_that_is_not_for_the_service),
    };

    return cmocka_run_group_tests(tests, prepared, kit_close);
}
