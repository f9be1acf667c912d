/* SPDX-License-Identifier: Apache-2.0 */
/* An installation in a folder of its own, right at first, and what is found when a thing of it is
 * not. */
#include "tests/server/certificate_kit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "idp/base/log.h"
#include "idp/server/doctor/doctor.h"
#include "idp/server/life/services.h"
#include "idp/store/migrate.h"
#include "keys/kek.h"
#include "keys/turning/keys.h"

#define YEAR_S (365 * KIT_DAY_S)

static char home[] = "/tmp/tongxing-doctor-XXXXXX";

static struct {
    struct arena *arena;
    struct findings found;
    const char *service; /* what the service that runs says; NULL: none runs */
} visit;

static const char *
path_of(const char *name)
{
    return arena_printf(visit.arena, "%s/%s", home, name);
}

/* --- What stands there --- */

static const struct kit_certificate plain = {
    .host = "localhost", .serial = 1, .begins_s = -KIT_DAY_S, .ends_s = YEAR_S
};

static void
certificate_put(struct kit_certificate kit)
{
    kit_certificate_write(&kit, path_of("cert.pem"), path_of("key.pem"));
}

static void
bank_put(bool rsa)
{
    struct kit_certificate kit = plain;

    kit.rsa = rsa;
    kit_certificate_write(&kit, path_of("bank.pem"), path_of("bank.key"));
    kit_certificate_write(&plain, path_of("root.pem"), NULL);
    kit_certificate_write(&plain, path_of("middle.pem"), NULL);
}

static void
text_put(const char *name, const char *text)
{
    FILE *file = kit_pem_open(path_of(name));

    fputs(text, file);
    fclose(file);
}

/* The listener speaks TLS, and "@" stands for the folder. */
static void
config_put(const char *more)
{
    char *text = arena_printf(visit.arena,
                              "[server]\nissuer = https://localhost\n"
                              "tls_certificate_file = @/cert.pem\ntls_key_file = @/key.pem\n"
                              "[store]\nurl = sqlite:@/store.db\n"
                              "[keys]\nencryption_key_file = @/kek\n%s\n",
                              more);
    FILE *file = kit_pem_open(path_of("c"));

    for (; *text != '\0'; text++) {
        if (*text == '@')
            fputs(home, file);
        else
            fputc(*text, file);
    }
    fclose(file);
}

#define LISTEN "[server]\nlisten = 127.0.0.1:0\nadmin_listen = 127.0.0.1:0\n"
#define BANK                                                                                       \
    LISTEN "[bank]\nurl = http://127.0.0.1/gateway/api/\nmerchant_id = 1\n"                        \
           "certificate_file = @/bank.pem\nkey_file = @/bank.key\nroot_file = @/root.pem\n"        \
           "middle_file = @/middle.pem\n"

static void
store_remove(void)
{
    static const char *const names[] = { "store.db", "store.db-wal", "store.db-shm",
                                         "store.db.lock" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        unlink(path_of(names[i]));
}

/* With its schema, and with keys if they are wanted. */
static void
store_put(bool schema, bool keys)
{
    struct settings settings = { .store.url = arena_printf(visit.arena, "sqlite:%s/store.db", home),
                                 .keys = { .rotation_s = 90 * KIT_DAY_S,
                                           .announce_s = KIT_DAY_S } };
    struct services services;
    struct key32 kek;
    struct ctx ctx;
    int64_t made;

    store_remove();
    unlink(path_of("kek"));
    assert_int_equal(services_open_store(&services, &settings), OK);
    ctx = ctx_new(&services, visit.arena, store_open(services.database));
    if (schema)
        assert_int_equal(store_migrate(ctx.store, services.env), OK);
    assert_int_equal(kek_create(services.env, path_of("kek")), OK);
    assert_int_equal(kek_read(path_of("kek"), &kek), OK);
    if (keys)
        assert_int_equal(keys_ensure(&ctx, &kek, &made), OK);
    store_close(ctx.store);
    services_close(&services);
}

/* One for each test. */
static int
home_make(void **state)
{
    (void)state;
    memset(home + sizeof(home) - 7, 'X', 6);
    visit.arena = arena_new(64U << 20);
    visit.service = NULL;
    log_set_level(LOG_ERROR);
    assert_non_null(mkdtemp(home));
    certificate_put(plain);
    config_put(LISTEN);
    store_put(true, true);
    return 0;
}

static int
home_remove(void **state)
{
    static const char *const names[] = { "c",          "cert.pem", "key.pem",
                                         "bank.pem",   "bank.key", "root.pem",
                                         "middle.pem", "ca.pem",   "kek" };

    (void)state;
    store_remove();
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        unlink(path_of(names[i]));
    arena_free(visit.arena);
    return rmdir(home);
}

/* --- A visit --- */

static const char *
service_answers(void *state, const struct settings *settings)
{
    (void)state;
    assert_non_null(settings->server.issuer);
    return visit.service;
}

static void
look(void)
{
    struct doctor *doctor = arena_alloc(visit.arena, sizeof(*doctor));

    visit.found = findings_new(visit.arena);
    *doctor = (struct doctor) { .found = &visit.found,
                                .config = path_of("c"),
                                .now = env_now(env_machine()),
                                .ask_service = service_answers };
    log_set_level(LOG_ERROR + 1);
    doctor_examine(doctor);
    log_set_level(LOG_ERROR);
}

static const struct finding *
finding_of(const char *part)
{
    for (const struct finding *at = visit.found.first; at != NULL; at = at->next) {
        if (strstr(at->sentence, part) != NULL)
            return at;
    }
    return NULL;
}

static void
all_print(void)
{
    for (const struct finding *at = visit.found.first; at != NULL; at = at->next)
        print_error("%s: %s\n", finding_level_name(at->level), finding_text(visit.arena, at));
}

/* It is found, at that level, with advice if it is not well; and nothing else is an error. */
static void
assert_found(enum finding_level level, const char *part)
{
    const struct finding *at;

    look();
    at = finding_of(part);
    if (at == NULL || at->level != level || (level != FINDING_OK && *at->advice == '\0') ||
        visit.found.counts[FINDING_ERROR] != (level == FINDING_ERROR)) {
        all_print();
        fail_msg("%s is not found as the only %s", part, finding_level_name(level));
    }
}

static void
an_installation_that_is_right_has_no_errors(void **state)
{
    static const char *const well[] = { "The listener's certificate",
                                        "can be read, and by its owner alone",
                                        "The store answers, and its schema fits.",
                                        "The key-encryption key opens the keys of the store.",
                                        "127.0.0.1:0 is free to listen at.",
                                        "MB are free in" };

    (void)state;
    for (size_t i = 0; i < sizeof(well) / sizeof(well[0]); i++)
        assert_found(FINDING_OK, well[i]);
    assert_int_equal(finding_of("The listener's certificate")->line, 3);
    assert_int_equal(finding_of("The store answers")->line, 6);
    assert_found(FINDING_WARNING, "There is no bank network");
    assert_found(FINDING_WARNING, "There is no gateway for messages");
    assert_found(FINDING_WARNING, "signed by nobody but itself");
}

static void
a_certificate_is_judged_by_its_days_its_host_and_its_key(void **state)
{
    struct kit_certificate kit = plain;

    (void)state;
    kit.ends_s = -60;
    certificate_put(kit);
    assert_found(FINDING_ERROR, "has ended on ");
    kit.ends_s = 29 * KIT_DAY_S + 3600;
    certificate_put(kit);
    assert_found(FINDING_WARNING, ", in 29 days.");
    kit = plain;
    kit.begins_s = KIT_DAY_S;
    certificate_put(kit);
    assert_found(FINDING_ERROR, "begins on ");
    kit = plain;
    kit.host = "www.example.cn";
    certificate_put(kit);
    assert_found(FINDING_WARNING, "is not for localhost, the host of server.issuer.");
    kit = plain;
    kit.issuer = "An authority";
    certificate_put(kit);
    assert_found(FINDING_WARNING, "stands alone in its file");
    kit_certificate_write(&plain, path_of("cert.pem"), NULL);
    assert_found(FINDING_ERROR, "The key does not belong to the certificate.");
    unlink(path_of("cert.pem"));
    assert_found(FINDING_ERROR, "The certificate cannot be read.");
}

static void
the_key_of_all_keys_must_be_there_be_hidden_and_open_the_store(void **state)
{
    (void)state;
    assert_int_equal(chmod(path_of("kek"), 0640), 0);
    assert_found(FINDING_ERROR, "cannot be used: open to group or others.");
    text_put("kek", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n");
    assert_found(FINDING_ERROR, "The key-encryption key does not open the keys of this store.");
    text_put("kek", "0123");
    assert_found(FINDING_ERROR, "cannot be used: not of 64 hex digits.");
    unlink(path_of("kek"));
    assert_found(FINDING_ERROR, "There is no key-encryption key ");
}

static void
a_store_must_be_there_with_its_schema_and_its_keys(void **state)
{
    struct stat st;

    (void)state;
    store_put(true, false);
    assert_found(FINDING_ERROR, "The keys in the store cannot be used");
    store_put(false, false);
    assert_found(FINDING_ERROR, "The schema of the store does not fit");
    store_remove();
    assert_found(FINDING_ERROR, "There is no store yet.");
    assert_int_not_equal(stat(path_of("store.db"), &st), 0); /* and there is none now */
    text_put("store.db", "this is no database, however long it may be, and so it is refused\n");
    look();
    assert_true(visit.found.counts[FINDING_ERROR] > 0);
}

static void
a_service_that_runs_is_asked_and_its_store_left_alone(void **state)
{
    (void)state;
    store_put(false, false);
    visit.service = "";
    assert_found(FINDING_OK, "The service is running, holds the store");
    visit.service = "the store does not answer";
    assert_found(FINDING_ERROR, "and does not answer: the store does not answer");
}

/* The port of a socket that listens; *fd is to be closed. */
static int
port_taken(int *fd)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t size = sizeof(at);

    *fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(*fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(*fd, 1), 0);
    assert_int_equal(getsockname(*fd, (struct sockaddr *)&at, &size), 0);
    return ntohs(at.sin_port);
}

static void
addresses_must_be_free_or_held_by_the_service(void **state)
{
    int fd;
    int port = port_taken(&fd);

    (void)state;
    config_put(arena_printf(visit.arena,
                            "[server]\nlisten = 127.0.0.1:%d\nadmin_listen = 127.0.0.1:0\n", port));
    assert_found(FINDING_WARNING, "is held by another process.");
    visit.service = "";
    assert_found(FINDING_OK, "is held, as the running service does.");
    close(fd);
    config_put("[server]\nlisten = 203.0.113.1:9443\nadmin_listen =\n");
    assert_found(FINDING_ERROR, "203.0.113.1:9443 is no address of this machine.");
    config_put("[server]\nlisten = 127.0.0.1:0\nadmin_listen = 0.0.0.0:0\n");
    assert_found(FINDING_WARNING, "The admin listener 0.0.0.0:0 is not of this machine alone.");
}

static void
folders_and_files_that_others_may_change_are_told(void **state)
{
    (void)state;
    assert_int_equal(chmod(home, 0777), 0);
    look();
    assert_int_equal(finding_of("Anybody may write in ")->level, FINDING_ERROR);
    assert_int_equal(chmod(home, 0700), 0);
    assert_int_equal(chmod(path_of("c"), 0622), 0);
    assert_found(FINDING_WARNING, "The file has mode 0622: others may change it.");
    config_put(LISTEN "control_socket = /nowhere/at/all/door\n");
    assert_found(FINDING_ERROR, "There is no folder /nowhere/at/all.");
}

static void
more_connections_than_files_are_told(void **state)
{
    (void)state;
    config_put(LISTEN "connection_limit = 1000000\n");
    look();
    if (finding_of("files may be open, which are enough") == NULL)
        assert_found(FINDING_WARNING, "server.connection_limit wants 2000320.");
}

static void
the_bank_networks_files_are_opened(void **state)
{
    (void)state;
    bank_put(true);
    config_put(BANK);
    assert_found(FINDING_OK, "Our certificate at the bank network");
    assert_found(FINDING_OK, "The bank network's root certificate");
    bank_put(false);
    assert_found(FINDING_ERROR, "RSA keys of 2048 bits or more");
    bank_put(true);
    unlink(path_of("middle.pem"));
    assert_found(FINDING_ERROR, "The bank network's certificate");
}

static void
gateways_need_a_name_that_is_known_and_should_speak_tls(void **state)
{
    static const char sms[] = LISTEN "[sms]\nurl = %s\naccess_key_id = a\n"
                                     "access_key_secret = b\nsign_name = c\ntemplate_code = d\n";

    (void)state;
    config_put(arena_printf(visit.arena, sms, "http://10.0.0.1/"));
    assert_found(FINDING_WARNING, "sms.url is plain http");
    config_put(LISTEN "[card_bureau]\nurl = http://10.0.0.1/\napp_id = a\n"
                      "secret = 01234567890123456789012345678901\n");
    assert_found(FINDING_WARNING, "card_bureau.url is plain http");
    config_put(arena_printf(visit.arena, sms, "https://gateway.invalid/"));
    look();
    if (finding_of("The name gateway.invalid is not known here.") == NULL &&
        finding_of("No name server has answered within 3 s what gateway.invalid is.") == NULL)
        fail_msg("nothing is said of gateway.invalid");
    config_put(arena_printf(visit.arena, sms, "https://localhost/"));
    assert_found(FINDING_OK, "The name localhost is known.");
    assert_null(finding_of("There is no gateway for messages"));
}

static void
directory_servers_need_a_name_that_is_known_and_a_second_one(void **state)
{
    static const char directory[] = LISTEN "[directory]\nurls = %s\nca_file = @/ca.pem\n"
                                           "bind_dn = cn=a\nbind_password = b\nbase = dc=c\n";

    (void)state;
    kit_certificate_write(&plain, path_of("ca.pem"), NULL);
    config_put(arena_printf(visit.arena, directory, "ldaps://localhost"));
    assert_found(FINDING_OK, "The name localhost is known.");
    assert_found(FINDING_OK, "There are 1 authorities in ");
    assert_found(FINDING_WARNING, "There is one directory server");
    config_put(arena_printf(visit.arena, directory, "ldaps://localhost ldap://10.0.0.1:389"));
    text_put("ca.pem", "none\n");
    assert_found(FINDING_ERROR, "There is no certificate in PEM in it");
    assert_null(finding_of("There is one directory server"));
}

static void
networks_of_proxies_that_are_too_wide_are_told(void **state)
{
    (void)state;
    config_put(LISTEN "trusted_proxies = 10.0.0.0/8 10.0.0.0/7 2001::/16\n");
    assert_found(FINDING_WARNING, "believes all of 10.0.0.0/7.");
    assert_found(FINDING_WARNING, "believes all of 2001::/16.");
    assert_null(finding_of("believes all of 10.0.0.0/8."));
}

static void
authorities_for_calls_must_be_certificates(void **state)
{
    (void)state;
    text_put("ca.pem", "none\n");
    config_put(LISTEN "[outbound]\nca_file = @/ca.pem\n");
    assert_found(FINDING_ERROR, "There is no certificate in PEM in it");
    kit_certificate_write(&plain, path_of("ca.pem"), NULL);
    assert_found(FINDING_OK, "There are 1 authorities in ");
}

/* What the file says wrongly is told once, and what it says rightly is still looked at. */
static void
mistakes_in_the_file_are_told_beside_the_rest(void **state)
{
    (void)state;
    config_put("[server]\nlisten = 127.0.0.1\nadmin_listen = 127.0.0.1:0\n");
    assert_found(FINDING_ERROR, "server.listen: \"127.0.0.1\" is no address with a port.");
    assert_non_null(finding_of("The store answers, and its schema fits."));
    unlink(path_of("c"));
    assert_found(FINDING_ERROR, "the file cannot be read: there is no such file.");
    assert_int_equal(visit.found.counts[FINDING_OK], 0);
}

static void
a_clock_that_is_years_behind_is_told(void **state)
{
    struct doctor *doctor = arena_alloc(visit.arena, sizeof(*doctor));

    (void)state;
    visit.found = findings_new(visit.arena);
    *doctor = (struct doctor) {
        .found = &visit.found, .config = path_of("c"), .now = 86400, .ask_service = service_answers
    };
    doctor_examine(doctor);
    assert_int_equal(finding_of("This machine's clock is years behind.")->level, FINDING_ERROR);
}

#define at_home(test) cmocka_unit_test_setup_teardown(test, home_make, home_remove)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        at_home(an_installation_that_is_right_has_no_errors),
        at_home(a_certificate_is_judged_by_its_days_its_host_and_its_key),
        at_home(the_key_of_all_keys_must_be_there_be_hidden_and_open_the_store),
        at_home(a_store_must_be_there_with_its_schema_and_its_keys),
        at_home(a_service_that_runs_is_asked_and_its_store_left_alone),
        at_home(addresses_must_be_free_or_held_by_the_service),
        at_home(folders_and_files_that_others_may_change_are_told),
        at_home(more_connections_than_files_are_told),
        at_home(the_bank_networks_files_are_opened),
        at_home(gateways_need_a_name_that_is_known_and_should_speak_tls),
        at_home(directory_servers_need_a_name_that_is_known_and_a_second_one),
        at_home(networks_of_proxies_that_are_too_wide_are_told),
        at_home(authorities_for_calls_must_be_certificates),
        at_home(mistakes_in_the_file_are_told_beside_the_rest),
        at_home(a_clock_that_is_years_behind_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
