/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/server/kit.h"

#include <sys/un.h>

#include "idp/server/life/notify.h"

/* A service manager: a datagram socket whose address the environment names. */
struct manager {
    int fd;
    char folder[32];
    char path[64];
};

static void
manager_listen(struct manager *manager, const char *name)
{
    struct timeval patience = { .tv_sec = PATIENCE_S };
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    size_t size = strlen(name);

    memcpy(address.sun_path, name, size);
    if (*name == '@')
        address.sun_path[0] = '\0';
    manager->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    setsockopt(manager->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    assert_int_equal(bind(manager->fd, (struct sockaddr *)&address,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size)),
                     0);
    setenv("NOTIFY_SOCKET", name, 1);
}

static void
assert_told(const struct manager *manager, const char *state)
{
    char text[64] = "";

    assert_int_equal(recv(manager->fd, text, sizeof(text) - 1, 0), strlen(state));
    assert_string_equal(text, state);
}

static void
a_manager_at_a_path_is_told(void **state)
{
    struct manager manager = { .folder = "/tmp/tongxing-notify-XXXXXX" };

    (void)state;
    assert_non_null(mkdtemp(manager.folder));
    snprintf(manager.path, sizeof(manager.path), "%s/notify", manager.folder);
    manager_listen(&manager, manager.path);
    notify_service("READY=1");
    notify_service("STOPPING=1");
    assert_told(&manager, "READY=1");
    assert_told(&manager, "STOPPING=1");
    close(manager.fd);
    unlink(manager.path);
    rmdir(manager.folder);
}

static void
a_manager_at_an_abstract_address_is_told(void **state)
{
    struct manager manager = { .fd = -1 };

    (void)state;
    snprintf(manager.path, sizeof(manager.path), "@tongxing-notify-%d", (int)getpid());
    manager_listen(&manager, manager.path);
    notify_service("READY=1");
    assert_told(&manager, "READY=1");
    close(manager.fd);
}

static void
a_manager_that_is_none_does_no_harm(void **state)
{
    char too_long[256];

    (void)state;
    memset(too_long, 'x', sizeof(too_long) - 1);
    too_long[0] = '/';
    too_long[sizeof(too_long) - 1] = '\0';
    unsetenv("NOTIFY_SOCKET");
    notify_service("READY=1");
    setenv("NOTIFY_SOCKET", "", 1);
    notify_service("READY=1");
    setenv("NOTIFY_SOCKET", "/nowhere/at/all", 1);
    notify_service("READY=1");
    setenv("NOTIFY_SOCKET", too_long, 1);
    notify_service("READY=1");
    unsetenv("NOTIFY_SOCKET");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_manager_at_a_path_is_told),
        cmocka_unit_test(a_manager_at_an_abstract_address_is_told),
        cmocka_unit_test(a_manager_that_is_none_does_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
