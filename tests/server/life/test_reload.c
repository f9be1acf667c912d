/* SPDX-License-Identifier: Apache-2.0 */
/* SIGHUP: a service that serves over TLS, and whose files are changed below it. */
#include "tests/server/certificate_kit.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "idp/base/log.h"
#include "idp/server/config/config.h"
#include "idp/server/life/server.h"
#include "idp/server/life/services.h"
#include "idp/store/migrate.h"
#include "keys/kek.h"
#include "keys/turning/keys.h"

#define BUSY 4
#define ROUNDS 12

static char home[] = "/tmp/tongxing-reload-XXXXXX";

struct reload_place {
    struct arena *arena;
    struct settings settings;
    const char *config;
    struct server *server;
};

static struct reload_place place;

/* --- What stands there --- */

static void
certificate_put(long serial)
{
    const struct kit_certificate kit = {
        .host = "localhost", .serial = serial, .begins_s = -KIT_DAY_S, .ends_s = 90 * KIT_DAY_S
    };

    kit_certificate_write(&kit, arena_printf(place.arena, "%s/cert.pem", home),
                          arena_printf(place.arena, "%s/key.pem", home));
}

/* The configuration with more lines; the issuer stands in its first section. */
static void
config_put(const char *more)
{
    FILE *file = kit_pem_open(place.config);

    fprintf(file,
            "[server]\nissuer = https://localhost\nlisten = 127.0.0.1:0\nadmin_listen =\n"
            "tls_certificate_file = %s/cert.pem\ntls_key_file = %s/key.pem\n"
            "[store]\nurl = sqlite:%s/store.db\n[keys]\nencryption_key_file = %s/kek\n%s\n",
            home, home, home, home, more);
    fclose(file);
}

static void
store_prepare(void)
{
    struct services services;
    struct key32 kek;
    struct ctx ctx;
    int64_t made;

    assert_int_equal(services_open_store(&services, &place.settings), OK);
    ctx = ctx_new(&services, place.arena, store_open(services.database));
    assert_int_equal(store_migrate(ctx.store, services.env), OK);
    assert_int_equal(kek_create(services.env, place.settings.keys.encryption_key_file), OK);
    assert_int_equal(kek_read(place.settings.keys.encryption_key_file, &kek), OK);
    assert_int_equal(keys_ensure(&ctx, &kek, &made), OK);
    store_close(ctx.store);
    services_close(&services);
}

static int
home_make(void **state)
{
    const char *why = NULL;

    (void)state;
    assert_non_null(mkdtemp(home));
    log_set_level(LOG_ERROR);
    place.arena = arena_new(64U << 20);
    place.config = arena_printf(place.arena, "%s/c", home);
    certificate_put(1);
    config_put("[log]\nlevel = error\n");
    if (config_read(place.arena, place.config, &place.settings, &why) != OK)
        fail_msg("%s", why);
    store_prepare();
    return 0;
}

static int
home_remove(void **state)
{
    static const char *const names[] = { "c",       "cert.pem",     "key.pem",      "kek",
                                         "log",     "store.db-wal", "store.db-shm", "store.db.lock",
                                         "store.db" };

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        unlink(arena_printf(place.arena, "%s/%s", home, names[i]));
    arena_free(place.arena);
    return rmdir(home);
}

static int
serve_begin(void **state)
{
    (void)state;
    certificate_put(1);
    config_put("[log]\nlevel = error\n");
    log_set_level(LOG_ERROR);
    return server_start(&place.settings, NULL, &place.server) == OK ? 0 : -1;
}

static int
serve_end(void **state)
{
    (void)state;
    server_stop(place.server, NULL);
    return 0;
}

/* --- A client --- */

struct tls_caller {
    int fd;
    gnutls_session_t session;
    gnutls_certificate_credentials_t trust;
};

static bool
caller_open(struct tls_caller *caller)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons(server_port(place.server)),
                              .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int code;

    *caller = (struct tls_caller) { .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
    if (connect(caller->fd, (struct sockaddr *)&to, sizeof(to)) != 0)
        return false;
    gnutls_certificate_allocate_credentials(&caller->trust);
    gnutls_init(&caller->session, GNUTLS_CLIENT);
    gnutls_set_default_priority(caller->session);
    gnutls_credentials_set(caller->session, GNUTLS_CRD_CERTIFICATE, caller->trust);
    gnutls_transport_set_int(caller->session, caller->fd);
    do
        code = gnutls_handshake(caller->session);
    while (code < 0 && gnutls_error_is_fatal(code) == 0);
    return code == 0;
}

static void
caller_close(struct tls_caller *caller)
{
    if (caller->session != NULL)
        gnutls_deinit(caller->session);
    if (caller->trust != NULL)
        gnutls_certificate_free_credentials(caller->trust);
    close(caller->fd);
}

/* The serial number of the certificate that was shown. */
static int
caller_saw(const struct tls_caller *caller)
{
    unsigned count = 0;
    const gnutls_datum_t *shown = gnutls_certificate_get_peers(caller->session, &count);
    gnutls_x509_crt_t certificate;
    unsigned char serial[20] = { 0 };
    size_t size = sizeof(serial);

    assert_true(count > 0);
    gnutls_x509_crt_init(&certificate);
    assert_int_equal(gnutls_x509_crt_import(certificate, shown, GNUTLS_X509_FMT_DER), 0);
    assert_int_equal(gnutls_x509_crt_get_serial(certificate, serial, &size), 0);
    gnutls_x509_crt_deinit(certificate);
    return serial[size - 1];
}

static bool
answer_is_whole(const char *answer)
{
    const char *end = strstr(answer, "\r\n\r\n");
    const char *length = strstr(answer, "Content-Length: ");

    return end != NULL && (length == NULL || strlen(end + 4) >= strtoul(length + 16, NULL, 10));
}

/* The status of the answer; 0 when none came whole. */
static long
caller_ask(struct tls_caller *caller, const char *text)
{
    char answer[65536] = "";
    size_t size = 0;
    ssize_t got;

    if (gnutls_record_send(caller->session, text, strlen(text)) < 0)
        return 0;
    while (!answer_is_whole(answer)) {
        got = gnutls_record_recv(caller->session, answer + size, sizeof(answer) - 1 - size);
        if (got == 0 || (got < 0 && gnutls_error_is_fatal((int)got) != 0))
            return 0;
        size += got > 0 ? (size_t)got : 0;
    }
    return strtol(answer + 9, NULL, 10);
}

static const char health[] = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

static int
shown_serial(void)
{
    struct tls_caller caller;
    int serial;

    assert_true(caller_open(&caller));
    serial = caller_saw(&caller);
    caller_close(&caller);
    return serial;
}

/* --- What is taken --- */

static void
a_new_certificate_is_shown_and_connections_that_stand_go_on(void **state)
{
    struct tls_caller before;

    (void)state;
    assert_true(caller_open(&before));
    assert_int_equal(caller_saw(&before), 1);
    assert_int_equal(caller_ask(&before, health), 200);
    certificate_put(2);
    assert_int_equal(shown_serial(), 1); /* not before it is told */
    assert_int_equal(server_reload(place.server, place.config), OK);
    assert_int_equal(shown_serial(), 2);
    assert_int_equal(caller_ask(&before, health), 200);
    caller_close(&before);
}

static long
guess(void)
{
    static const char text[] = "POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\n"
                               "Authorization: Basic bm9ib2R5Ong=\r\nConnection: close\r\n"
                               "Content-Type: application/x-www-form-urlencoded\r\n"
                               "Content-Length: 29\r\n\r\ngrant_type=client_credentials";
    struct tls_caller caller;
    long status;

    assert_true(caller_open(&caller));
    status = caller_ask(&caller, text);
    caller_close(&caller);
    return status;
}

static void
a_cap_that_was_changed_holds_at_once(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++)
        assert_int_equal(guess(), 401);
    config_put("[limits]\nclient_failures = 4\n[log]\nlevel = error\n");
    assert_int_equal(server_reload(place.server, place.config), OK);
    assert_int_equal(guess(), 429);
    config_put("[limits]\nclient_failures = 100\n[log]\nlevel = error\n");
    assert_int_equal(server_reload(place.server, place.config), OK);
    assert_int_equal(guess(), 401);
}

/* --- Under load --- */

static _Atomic(bool) busy;
static _Atomic(int) answered;
static _Atomic(int) lost;

static void
count(bool good)
{
    if (good)
        answered++;
    else
        lost++;
}

/* Over one connection for all. */
static void *
keep_asking(void *unused)
{
    struct tls_caller caller;

    count(caller_open(&caller));
    while (busy)
        count(caller_ask(&caller, health) == 200);
    caller_close(&caller);
    return unused;
}

/* Over a connection for each. */
static void *
come_again(void *unused)
{
    while (busy) {
        struct tls_caller caller;

        count(caller_open(&caller) && caller_ask(&caller, health) == 200);
        caller_close(&caller);
    }
    return unused;
}

static void
no_request_is_lost_while_all_that_can_change_changes(void **state)
{
    pthread_t threads[BUSY];

    (void)state;
    busy = true;
    for (size_t i = 0; i < BUSY; i++)
        assert_int_equal(
            pthread_create(&threads[i], NULL, i % 2 == 0 ? keep_asking : come_again, NULL), 0);
    for (int i = 0; i < ROUNDS; i++) {
        int seen = answered;

        certificate_put(100 + i);
        config_put(arena_printf(place.arena,
                                "[limits]\ncodes_day = %d\n[log]\nlevel = error\naccess = %s\n",
                                10 + i, i % 2 == 0 ? "yes" : "no"));
        assert_int_equal(server_reload(place.server, place.config), OK);
        assert_int_equal(shown_serial(), 100 + i);
        while (answered < seen + 2 * BUSY && lost == 0)
            usleep(1000);
    }
    busy = false;
    for (size_t i = 0; i < BUSY; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(lost, 0);
}

/* --- What the log says, and what is refused --- */

/* The log of one reload by itself, with the settings that stand behind it. */
static const char *
log_of_reload(enum err expected)
{
    const char *path = arena_printf(place.arena, "%s/log", home);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    char *text = arena_alloc(place.arena, 65536);

    assert_true(fd >= 0);
    log_set_fd(fd);
    log_set_level(LOG_INFO);
    assert_int_equal(server_reload(place.server, place.config), expected);
    log_set_level(LOG_ERROR);
    log_set_fd(2);
    assert_true(pread(fd, text, 65535, 0) >= 0);
    close(fd);
    return text;
}

static void
assert_logged(const char *log, const char *part)
{
    if (strstr(log, part) == NULL)
        fail_msg("%s is not in\n%s", part, log);
}

static void
what_needs_a_restart_is_named_and_what_does_not_with_its_values(void **state)
{
    const char *log;

    (void)state;
    config_put("[limits]\ncodes_day = 11\n[log]\nlevel = info\naccess = no\n"
               "[server]\nworkers = 5\n[life]\ncode_s = 59\n");
    log = log_of_reload(OK);
    assert_logged(log, "\"config.changed\",\"setting\":\"limits.codes_day\",\"from\":10,\"to\":11");
    assert_logged(log, "\"setting\":\"log.level\",\"from\":\"error\",\"to\":\"info\"");
    assert_logged(log, "\"config.needs_restart\",\"setting\":\"server.workers\"");
    assert_logged(log, "\"config.needs_restart\",\"setting\":\"life.code_s\"");
    assert_logged(log, "\"config.reloaded\"");
    assert_logged(log, "\"changed\":3");
    log = log_of_reload(OK);
    assert_logged(log, "\"changed\":0");
    assert_logged(log, "\"setting\":\"life.code_s\"");
}

static void
a_file_with_mistakes_changes_nothing_and_all_of_them_are_logged(void **state)
{
    const char *log;

    (void)state;
    certificate_put(9);
    config_put("[limits]\ncodes_day = many\nclient_failures = 1\n[logs]\nlevel = debug\n");
    log = log_of_reload(ERR_INVALID);
    assert_logged(log, "limits.codes_day must be a whole number");
    assert_logged(log, "There is no section [logs].");
    assert_logged(log, "\"config.kept\"");
    assert_int_equal(shown_serial(), 1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(guess(), 401);
    unlink(place.config);
    assert_logged(log_of_reload(ERR_INVALID), "there is no such file");
}

static void
a_certificate_that_does_not_fit_changes_nothing(void **state)
{
    const struct kit_certificate kit = {
        .host = "localhost", .serial = 3, .begins_s = -KIT_DAY_S, .ends_s = 90 * KIT_DAY_S
    };
    const char *log;

    (void)state;
    kit_certificate_write(&kit, arena_printf(place.arena, "%s/cert.pem", home), NULL);
    config_put("[limits]\nclient_failures = 1\n");
    log = log_of_reload(ERR_INVALID);
    assert_logged(log, "\"server.certificate_refused\"");
    assert_logged(log, "The key does not belong to the certificate.");
    assert_logged(log, "\"config.kept\"");
    assert_int_equal(shown_serial(), 1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(guess(), 401);
}

static void
the_log_says_as_much_as_the_new_level_wants(void **state)
{
    const char *path = arena_printf(place.arena, "%s/log", home);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    char text[65536] = "";

    (void)state;
    assert_true(fd >= 0);
    log_set_fd(fd);
    config_put("[log]\nlevel = debug\n");
    assert_int_equal(server_reload(place.server, place.config), OK);
    log_line(LOG_DEBUG, "test.seen", log_text("a", "b"));
    config_put("[log]\nlevel = error\n");
    assert_int_equal(server_reload(place.server, place.config), OK);
    log_line(LOG_WARN, "test.unseen", log_text("a", "b"));
    log_set_fd(2);
    assert_true(pread(fd, text, sizeof(text) - 1, 0) > 0);
    close(fd);
    assert_logged(text, "test.seen");
    assert_null(strstr(text, "test.unseen"));
}

#define while_serving(test) cmocka_unit_test_setup_teardown(test, serve_begin, serve_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        while_serving(a_new_certificate_is_shown_and_connections_that_stand_go_on),
        while_serving(a_cap_that_was_changed_holds_at_once),
        while_serving(no_request_is_lost_while_all_that_can_change_changes),
        while_serving(what_needs_a_restart_is_named_and_what_does_not_with_its_values),
        while_serving(a_file_with_mistakes_changes_nothing_and_all_of_them_are_logged),
        while_serving(a_certificate_that_does_not_fit_changes_nothing),
        while_serving(the_log_says_as_much_as_the_new_level_wants),
    };

    return cmocka_run_group_tests(tests, home_make, home_remove);
}
