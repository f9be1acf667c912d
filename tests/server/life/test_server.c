/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/store/migrate.h"
#include "keys/kek.h"
#include "tests/server/kit.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "idp/base/log.h"
#include "idp/base/problem.h"
#include "idp/server/config/config.h"
#include "idp/server/life/notify.h"
#include "idp/server/life/server.h"
#include "idp/server/life/services.h"
#include "keys/turning/keys.h"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n\r\n"

#define STAFF "[staff]\nlisten = 127.0.0.1:0\nurl = http://localhost:9082\n"

static char home[] = "/tmp/tongxing-server-XXXXXX";

static struct settings
settings_of(struct arena *arena, const char *more)
{
    const char *text =
        arena_printf(arena,
                     "[server]\nissuer = http://127.0.0.1\nlisten = 127.0.0.1:0\n"
                     "admin_listen = 127.0.0.1:0\n%s\n"
                     "[store]\nurl = sqlite:%s/store.db\n[keys]\nencryption_key_file = %s/kek\n",
                     more, home, home);
    struct settings settings;
    const char *why = NULL;

    assert_int_equal(config_parse(arena, "test", bytes_of_text(text), &settings, &why), OK);
    return settings;
}

/* A store with schema and keys, as `tongxing migrate` and `tongxing key init` leave it. */
static int
home_make(void **state)
{
    struct arena *arena = arena_new(64U << 20);
    struct settings settings;
    struct services services;
    struct key32 kek;
    struct ctx ctx;
    int64_t made;

    (void)state;
    assert_non_null(mkdtemp(home));
    settings = settings_of(arena, "");
    assert_int_equal(services_open_store(&services, &settings), OK);
    ctx = ctx_new(&services, arena, store_open(services.database));
    assert_int_equal(store_migrate(ctx.store, services.env), OK);
    assert_int_equal(kek_create(services.env, settings.keys.encryption_key_file), OK);
    assert_int_equal(kek_read(settings.keys.encryption_key_file, &kek), OK);
    assert_int_equal(keys_ensure(&ctx, &kek, &made), OK);
    store_close(ctx.store);
    services_close(&services);
    arena_free(arena);
    return 0;
}

static int
home_remove(void **state)
{
    static const char *const names[] = { "store.db", "store.db-wal", "store.db-shm",
                                         "store.db.lock", "kek" };
    char path[128];

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", home, names[i]);
        unlink(path);
    }
    return rmdir(home);
}

static void
a_store_that_cannot_be_opened_is_an_error(void **state)
{
    struct arena *arena = arena_new(1U << 20);
    struct settings settings = settings_of(arena, "");
    struct server *server = NULL;

    (void)state;
    settings.store.url = "sqlite::memory:/nowhere/at/all.db";
    assert_int_not_equal(server_start(&settings, NULL, &server), OK);
    assert_null(server);
    arena_free(arena);
}

static void
store_change_by_hand(const char *sql)
{
    char path[128];
    sqlite3 *db;

    snprintf(path, sizeof(path), "%s/store.db", home);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Nothing is let in on tables that may mean something else. */
static void
a_schema_that_is_not_ours_is_an_error(void **state)
{
    struct arena *arena = arena_new(1U << 20);
    struct settings settings = settings_of(arena, "");
    struct server *server = NULL;

    (void)state;
    store_change_by_hand("UPDATE schema_migration SET version = version + 1000 WHERE version = 1");
    assert_int_equal(server_start(&settings, NULL, &server), ERR_INVALID);
    assert_null(server);
    store_change_by_hand("UPDATE schema_migration SET version = 1 WHERE version = 1001");
    arena_free(arena);
}

static void
an_encryption_key_that_is_missing_or_of_another_store_is_an_error(void **state)
{
    struct arena *arena = arena_new(1U << 20);
    struct settings settings = settings_of(arena, "");
    const char *other = arena_printf(arena, "%s/other", home);
    struct server *server = NULL;

    (void)state;
    settings.keys.encryption_key_file = other;
    assert_int_not_equal(server_start(&settings, NULL, &server), OK);
    assert_int_equal(kek_create(env_machine(), other), OK);
    assert_int_equal(server_start(&settings, NULL, &server), ERR_FORGED);
    assert_null(server);
    unlink(other);
    arena_free(arena);
}

static char *
ask(uint16_t port, const char *text)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons(port),
                              .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
    kit_send(fd, text, strlen(text));
    return kit_read_all(fd);
}

static void
assert_says(uint16_t port, const char *text, const char *status, const char *part)
{
    char *answer = ask(port, text);

    assert_status_line(answer, status);
    assert_non_null(strstr(answer, part));
    free(answer);
}

static void
st_18_metrics_are_for_the_admin_listener_only(void **state)
{
    struct arena *arena = arena_new(1U << 20);
    struct settings settings = settings_of(arena, "[log]\naccess = no");
    struct server *server = NULL;

    (void)state;
    assert_int_equal(server_start(&settings, NULL, &server), OK);
    assert_says(server_port(server), GET("/metrics"), "404", "error-not_found");
    assert_says(server_admin_port(server), GET("/metrics"), "200", "# TYPE tongxing_");
    assert_says(server_port(server), GET("/healthz"), "200", "ok\n");
    assert_says(server_admin_port(server), GET("/healthz"), "200", "ok\n");
    server_stop(server, NULL);
    arena_free(arena);
}

/* With a parameter twice, which most of them refuse. */
static void
routes_ask(const struct route *routes, uint16_t port, struct arena *arena)
{
    for (const struct route *route = routes; route->method != NULL; route++) {
        char *answer = ask(port, arena_printf(arena,
                                              "%s %s?tx=1&tx=1 HTTP/1.1\r\nHost: localhost\r\n"
                                              "Content-Length: 0\r\nConnection: close\r\n\r\n",
                                              route->method, route->path));

        if (strstr(answer, "\r\nETag: ") == NULL && strstr(answer, "\r\nX-Request-Id: ") == NULL)
            fail_msg("%s %s:\n%s", route->method, route->path, answer);
        free(answer);
    }
}

/* Prepared documents are the same for everybody and refuse nothing. */
static void
every_route_answers_with_the_number_of_the_request(void **state)
{
    struct arena *arena = arena_new(1U << 20);
    struct settings settings = settings_of(arena, "[log]\naccess = no\n" STAFF);
    struct server *server = NULL;

    (void)state;
    assert_int_equal(server_start(&settings, NULL, &server), OK);
    routes_ask(staff_routes, server_staff_port(server), arena);
    routes_ask(public_routes, server_port(server), arena);
    routes_ask(admin_routes, server_admin_port(server), arena);
    server_stop(server, NULL);
    arena_free(arena);
}

/* A page whose name suddenly means this machine asks by that name. */
static void
the_admin_listener_answers_to_its_own_names_only(void **state)
{
    static const char foreign[] =
        "GET /healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
    struct arena *arena = arena_new(1U << 20);
    struct settings settings = settings_of(arena, "");
    struct server *server = NULL;

    (void)state;
    assert_int_equal(server_start(&settings, NULL, &server), OK);
    assert_says(server_admin_port(server), foreign, "421",
                problem_text(&problem_misdirected, LANGUAGE_EN));
    assert_says(server_port(server), foreign, "200", "ok\n");
    server_stop(server, NULL);
    settings.server.admin_hosts = "admin.example evil.example";
    assert_int_equal(server_start(&settings, NULL, &server), OK);
    assert_says(server_admin_port(server), foreign, "200", "ok\n");
    server_stop(server, NULL);
    arena_free(arena);
}

static void
st_18_staff_pages_are_on_their_own_listener_alone_and_answer_to_its_name(void **state)
{
    static const char foreign[] =
        "GET /staff HTTP/1.1\r\nHost: id.example\r\nConnection: close\r\n\r\n";
    struct arena *arena = arena_new(1U << 20);
    struct settings settings = settings_of(arena, STAFF);
    struct server *server = NULL;

    (void)state;
    assert_int_equal(server_start(&settings, NULL, &server), OK);
    assert_says(server_port(server), GET("/staff"), "404", "error-not_found");
    assert_says(server_staff_port(server), GET("/metrics"), "404", "error-not_found");
    assert_says(server_staff_port(server), GET("/login"), "404", "error-not_found");
    assert_says(server_staff_port(server), GET("/staff"), "303", "Location: /staff/sign-in");
    assert_says(server_staff_port(server), foreign, "421", "error-misdirected");
    server_stop(server, NULL);
    settings.staff.listen = "";
    assert_int_equal(server_start(&settings, NULL, &server), OK);
    assert_int_equal(server_staff_port(server), 0);
    assert_says(server_port(server), GET("/staff"), "404", "error-not_found");
    server_stop(server, NULL);
    arena_free(arena);
}

static void
an_admin_listener_can_be_left_out(void **state)
{
    struct arena *arena = arena_new(1U << 20);
    struct settings settings = settings_of(arena, "");
    struct server *server = NULL;

    (void)state;
    settings.server.admin_listen = "";
    assert_int_equal(server_start(&settings, NULL, &server), OK);
    assert_int_equal(server_admin_port(server), 0);
    server_stop(server, NULL);
    arena_free(arena);
}

static void
an_address_that_cannot_be_had_is_an_error(void **state)
{
    struct arena *arena = arena_new(1U << 20);
    struct settings settings = settings_of(arena, "");
    struct server *server = NULL;

    (void)state;
    settings.server.listen = "nowhere";
    assert_int_equal(server_start(&settings, NULL, &server), ERR_INVALID);
    arena_free(arena);
}

/* Bound to an abstract name; the next message is what the service says. */
static int
manager_open(void)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    char name[64];
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int size = snprintf(name, sizeof(name), "@tongxing-test-%d", (int)getpid());

    memcpy(address.sun_path + 1, name + 1, (size_t)size - 1);
    assert_int_equal(bind(fd, (struct sockaddr *)&address,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)size)),
                     0);
    setenv("NOTIFY_SOCKET", name, 1);
    return fd;
}

static void
assert_notified(int fd, const char *state)
{
    struct timeval patience = { .tv_sec = PATIENCE_S };
    char message[256] = "";

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    assert_true(recv(fd, message, sizeof(message) - 1, 0) > 0);
    if (strncmp(message, state, strlen(state)) != 0)
        fail_msg("%s, not %s", message, state);
}

static void
the_service_manager_is_told_when_it_asks(void **state)
{
    int fd = manager_open();

    (void)state;
    notify_service("READY=1");
    assert_notified(fd, "READY=1");
    unsetenv("NOTIFY_SOCKET");
    notify_service("READY=1");
    assert_true(recv(fd, &(char) { 0 }, 1, MSG_DONTWAIT) < 0);
    close(fd);
}

static void
one_signal_ends_the_service_in_order_and_others_do_not(void **state)
{
    struct arena *arena = arena_new(1U << 20);
    struct settings settings = settings_of(arena, "");
    int manager = manager_open();
    int status = -1;
    pid_t child;

    (void)state;
    fflush(NULL); /* or it is written by both */
    child = fork();
    if (child == 0) {
        log_set_level(LOG_ERROR);
        exit(server_run(&settings, "/nowhere/tongxing.conf", NULL) == OK
                 ? 0
                 : 1); /* as main() does: leaks show, and gcov counts */
    }
    assert_true(child > 0);
    assert_notified(manager, "READY=1");
    /* o7: these ended it without a word. */
    assert_int_equal(kill(child, SIGUSR2), 0);
    assert_int_equal(kill(child, SIGHUP), 0);
    assert_notified(manager, "RELOADING=1\nMONOTONIC_USEC=");
    assert_notified(manager, "READY=1\nSTATUS=Serving with the old configuration; ");
    assert_int_equal(kill(child, SIGTERM), 0);
    assert_notified(manager, "STOPPING=1");
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    unsetenv("NOTIFY_SOCKET");
    close(manager);
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_signal_ends_the_service_in_order_and_others_do_not),
        cmocka_unit_test(a_store_that_cannot_be_opened_is_an_error),
        cmocka_unit_test(a_schema_that_is_not_ours_is_an_error),
        cmocka_unit_test(an_encryption_key_that_is_missing_or_of_another_store_is_an_error),
        cmocka_unit_test(st_18_metrics_are_for_the_admin_listener_only),
        cmocka_unit_test(every_route_answers_with_the_number_of_the_request),
        cmocka_unit_test(the_admin_listener_answers_to_its_own_names_only),
        cmocka_unit_test(st_18_staff_pages_are_on_their_own_listener_alone_and_answer_to_its_name),
        cmocka_unit_test(an_admin_listener_can_be_left_out),
        cmocka_unit_test(an_address_that_cannot_be_had_is_an_error),
        cmocka_unit_test(the_service_manager_is_told_when_it_asks),
    };

    return cmocka_run_group_tests(tests, home_make, home_remove);
}
