/* SPDX-License-Identifier: Apache-2.0 */
/* cmocka wants these before it, in this order. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "idp/server/life/control_wire.h"

struct wired {
    int fds[2];
    struct arena *arena;
};

static int
wire_open(void **state)
{
    static struct wired wire;

    wire.arena = arena_new(1U << 20);
    *state = &wire;
    return socketpair(AF_UNIX, SOCK_STREAM, 0, wire.fds);
}

static int
wire_close(void **state)
{
    struct wired *wire = *state;

    close(wire->fds[0]);
    close(wire->fds[1]);
    arena_free(wire->arena);
    return 0;
}

static enum err
take(struct wired *wire, size_t limit, enum frame_kind *kind, struct bytes *out)
{
    return frame_read(wire->fds[1], wire->arena, limit, kind, out);
}

static void
a_frame_comes_as_it_went(void **state)
{
    struct wired *wire = *state;
    enum frame_kind kind;
    struct bytes bytes;

    assert_int_equal(frame_write(wire->fds[0], FRAME_WORD, bytes_of_text("key")), OK);
    assert_int_equal(frame_write(wire->fds[0], FRAME_END, bytes_of_text("")), OK);
    assert_int_equal(take(wire, 3, &kind, &bytes), OK);
    assert_int_equal(kind, FRAME_WORD);
    assert_int_equal(bytes.size, 3);
    assert_string_equal((const char *)bytes.at, "key");
    assert_int_equal(take(wire, 3, &kind, &bytes), OK);
    assert_int_equal(kind, FRAME_END);
    assert_int_equal(bytes.size, 0);
}

static void
more_than_the_limit_is_not_read(void **state)
{
    struct wired *wire = *state;
    enum frame_kind kind;
    struct bytes bytes;

    assert_int_equal(frame_write(wire->fds[0], FRAME_WORD, bytes_of_text("keys")), OK);
    assert_int_equal(take(wire, 3, &kind, &bytes), ERR_TOO_LARGE);
}

static void
who_has_gone_is_neither_heard_nor_told(void **state)
{
    struct wired *wire = *state;
    enum frame_kind kind;
    struct bytes bytes;

    assert_int_equal(send(wire->fds[0], "w\0\0\0\3ke", 7, 0), 7);
    shutdown(wire->fds[0], SHUT_RDWR);
    assert_int_equal(take(wire, 3, &kind, &bytes), ERR_UNAVAILABLE);
    assert_int_equal(frame_write(wire->fds[1], FRAME_WORD, bytes_of_text("key")), ERR_UNAVAILABLE);
}

static void
a_path_must_fit_the_systems_address(void **state)
{
    struct sockaddr_un address;
    char path[sizeof(address.sun_path) + 1];

    (void)state;
    memset(path, 'a', sizeof(path));
    path[sizeof(address.sun_path) - 1] = '\0';
    assert_int_equal(control_address(path, &address), OK);
    assert_string_equal(address.sun_path, path);
    path[sizeof(address.sun_path) - 1] = 'a';
    path[sizeof(address.sun_path)] = '\0';
    assert_int_equal(control_address(path, &address), ERR_INVALID);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_frame_comes_as_it_went, wire_open, wire_close),
        cmocka_unit_test_setup_teardown(more_than_the_limit_is_not_read, wire_open, wire_close),
        cmocka_unit_test_setup_teardown(who_has_gone_is_neither_heard_nor_told, wire_open,
                                        wire_close),
        cmocka_unit_test(a_path_must_fit_the_systems_address),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
