/* SPDX-License-Identifier: Apache-2.0 */
/* The sample tree on a real slapd (tests/ci/slapd.sh, named by TONGXING_TEST_DIRECTORY), and the connector to it. */
#ifndef TESTS_CONNECT_DIRECTORY_FIXTURE_H
#define TESTS_CONNECT_DIRECTORY_FIXTURE_H

/* cmocka wants these before it, in this order. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* clang-format on */
#include <arpa/inet.h>
#include <cmocka.h>
#include <ldap.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/connect/directory.h"

#define TREE "dc=hrss,dc=example"
#define PASSWORD "Window-No.1-opens"

struct directory_fixture {
    const char *ldaps;
    const char *ldap;
    const char *ca_file;
    const char *other_ca_file;
    struct settings settings;
    struct directory *directory;
    struct arena *arena;
};

static inline void
directory_reopen(struct directory_fixture *f)
{
    directory_free(f->directory);
    f->directory = NULL;
    assert_int_equal(directory_new(&f->settings, env_machine(), &f->directory), OK);
}

static inline int
directory_setup(void **state)
{
    static struct directory_fixture fixture;
    struct directory_fixture *f = &fixture;
    const char *server = getenv("TONGXING_TEST_DIRECTORY");
    const char *words[3];
    size_t size;

    if (server == NULL) {
        fprintf(stderr, "TONGXING_TEST_DIRECTORY is not set: start a server with "
                        "tests/ci/slapd.sh start DIR and set it to what that prints\n");
        exit(1);
    }
    log_set_level(LOG_ERROR);
    *f = (struct directory_fixture) { .arena = arena_new(32 << 20) };
    for (size_t i = 0; i < 3; i++) {
        const char *word = text_next_word(&server, &size);

        assert_non_null(word);
        words[i] = arena_copy(f->arena, word, size);
    }
    f->ldaps = words[0];
    f->ldap = words[1];
    f->ca_file = words[2];
    f->other_ca_file = arena_printf(f->arena, "%.*sother.pem",
                                    (int)(strrchr(f->ca_file, '/') + 1 - f->ca_file), f->ca_file);
    f->settings = (struct settings) {
        .directory = { .urls = f->ldaps,
                       .ca_file = f->ca_file,
                       .bind_dn = "cn=tongxing,ou=accounts," TREE,
                       .bind_password = "tongxing-may-read",
                       .base = TREE,
                       .filter = "(objectClass=person)",
                       .login_attribute = "uid",
                       .name_attribute = "cn",
                       .identity_attribute = "employeeNumber",
                       .group_attribute = "memberOf",
                       .max_in_flight = 8,
                       .deadline_s = 5 },
    };
    directory_reopen(f);
    *state = f;
    return 0;
}

static inline int
directory_teardown(void **state)
{
    struct directory_fixture *f = *state;

    directory_free(f->directory);
    arena_free(f->arena);
    return 0;
}

#define directory_test(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, directory_setup, directory_teardown)

static inline enum directory_outcome
signed_in(struct directory_fixture *f, const char *name, const char *password,
          struct directory_answer *out)
{
    directory_sign_in(f->directory, f->arena, name, password, out);
    return out->outcome;
}

/* --- As the tree's administrator --- */

static inline LDAP *
tree_open(struct directory_fixture *f)
{
    struct berval secret = { .bv_val = (char *)"root-of-the-test-tree", .bv_len = 21 };
    int version = LDAP_VERSION3;
    int fresh = 0;
    LDAP *ld;

    assert_int_equal(ldap_initialize(&ld, f->ldaps), LDAP_SUCCESS);
    ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &version);
    ldap_set_option(ld, LDAP_OPT_X_TLS_CACERTFILE, f->ca_file);
    ldap_set_option(ld, LDAP_OPT_X_TLS_NEWCTX, &fresh);
    assert_int_equal(
        ldap_sasl_bind_s(ld, "cn=root," TREE, LDAP_SASL_SIMPLE, &secret, NULL, NULL, NULL),
        LDAP_SUCCESS);
    return ld;
}

/* Somebody of that name and password in ou=people, with one attribute more (NULL: none); made anew. */
static inline void
tree_put(struct directory_fixture *f, const char *uid, const char *attribute, const char *value)
{
    const char *dn = arena_printf(f->arena, "uid=%s,ou=people," TREE, uid);
    char *classes[] = { (char *)"inetOrgPerson", NULL };
    char *uids[] = { arena_text(f->arena, uid), NULL };
    char *names[] = { (char *)"王测", NULL };
    char *passwords[] = { (char *)PASSWORD, NULL };
    char *more[] = { value != NULL ? arena_text(f->arena, value) : NULL, NULL };
    LDAPMod mods[] = {
        { LDAP_MOD_ADD, (char *)"objectClass", { classes } },
        { LDAP_MOD_ADD, (char *)"uid", { uids } },
        { LDAP_MOD_ADD, (char *)"cn", { names } },
        { LDAP_MOD_ADD, (char *)"sn", { names } },
        { LDAP_MOD_ADD, (char *)"userPassword", { passwords } },
        { LDAP_MOD_ADD, arena_text(f->arena, attribute != NULL ? attribute : "x"), { more } },
    };
    LDAPMod *list[] = { &mods[0], &mods[1], &mods[2],
                        &mods[3], &mods[4], attribute != NULL ? &mods[5] : NULL,
                        NULL };
    LDAP *ld = tree_open(f);

    (void)ldap_delete_ext_s(ld, dn, NULL, NULL);
    assert_int_equal(ldap_add_ext_s(ld, dn, list, NULL, NULL), LDAP_SUCCESS);
    ldap_unbind_ext(ld, NULL, NULL);
}

static inline void
tree_remove(struct directory_fixture *f, const char *uid)
{
    LDAP *ld = tree_open(f);

    (void)ldap_delete_ext_s(ld, arena_printf(f->arena, "uid=%s,ou=people," TREE, uid), NULL, NULL);
    ldap_unbind_ext(ld, NULL, NULL);
}

static inline void
tree_join(struct directory_fixture *f, const char *uid, const char *group, bool joins)
{
    char *members[] = { arena_printf(f->arena, "uid=%s,ou=people," TREE, uid), NULL };
    LDAPMod mod = { joins ? LDAP_MOD_ADD : LDAP_MOD_DELETE, (char *)"member", { members } };
    LDAPMod *list[] = { &mod, NULL };
    LDAP *ld = tree_open(f);

    assert_int_equal(ldap_modify_ext_s(ld, arena_printf(f->arena, "cn=%s,ou=groups," TREE, group),
                                       list, NULL, NULL),
                     LDAP_SUCCESS);
    ldap_unbind_ext(ld, NULL, NULL);
}

static inline void
tree_replace(struct directory_fixture *f, const char *dn, const char *attribute, const char *value)
{
    char *values[] = { value != NULL ? arena_text(f->arena, value) : NULL, NULL };
    LDAPMod mod = { LDAP_MOD_REPLACE, arena_text(f->arena, attribute), { values } };
    LDAPMod *list[] = { &mod, NULL };
    LDAP *ld = tree_open(f);

    assert_int_equal(ldap_modify_ext_s(ld, dn, list, NULL, NULL), LDAP_SUCCESS);
    ldap_unbind_ext(ld, NULL, NULL);
}

/* --- A server that is none: it takes connections, and says nothing or something --- */

struct deaf_server {
    int listener;
    int port;
    pthread_t thread;
    bool hangs_up; /* as soon as somebody is there */
    _Atomic(int) met;
};

static inline void *
deaf_listen(void *state)
{
    struct deaf_server *server = state;
    int kept[64];
    int count = 0;

    for (int fd; (fd = accept(server->listener, NULL, NULL)) >= 0;) {
        server->met++;
        if (server->hangs_up || count == 64)
            close(fd);
        else
            kept[count++] = fd;
    }
    while (count > 0)
        close(kept[--count]);
    return NULL;
}

static inline void
deaf_start(struct deaf_server *server, bool hangs_up)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof(at);

    *server = (struct deaf_server) { .hangs_up = hangs_up };
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(server->listener, 64), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&at, &size), 0);
    server->port = ntohs(at.sin_port);
    assert_int_equal(pthread_create(&server->thread, NULL, deaf_listen, server), 0);
}

static inline void
deaf_stop(struct deaf_server *server)
{
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->listener);
}

#endif
