/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/directory_wire.h"

#include "idp/base/env.h"
#include "tests/connect/directory_fixture.h"

#define SECOND_US 1000000LL

static struct directory_link *
opened(struct directory_fixture *f, const char *url)
{
    const char *step;

    return directory_link_open(url, f->ca_file, mono_us() + 5 * SECOND_US, &step);
}

static void
both_kinds_of_addresses_lead_to_tls_of_this_decade(void **state)
{
    struct directory_fixture *f = *state;
    const char *const urls[] = { f->ldaps, f->ldap };

    for (size_t i = 0; i < 2; i++) {
        struct directory_link *link = opened(f, urls[i]);
        char *version = NULL;

        assert_non_null(link);
        assert_int_equal(ldap_get_option(link->ld, LDAP_OPT_X_TLS_VERSION, &version),
                         LDAP_OPT_SUCCESS);
        assert_true(text_eq(version, "TLSv1.3") || text_eq(version, "TLSv1.2") ||
                    text_eq(version, "TLS1.3") || text_eq(version, "TLS1.2"));
        ldap_memfree(version);
        directory_link_close(link);
    }
}

static void
where_it_ends_is_told(void **state)
{
    struct directory_fixture *f = *state;
    const char *plain = arena_printf(f->arena, "ldaps%s", f->ldap + strlen("ldap"));
    const char *step;

    assert_null(directory_link_open(f->ldaps, f->other_ca_file, mono_us() + 5 * SECOND_US, &step));
    assert_string_equal(step, "connect");
    assert_null(directory_link_open(f->ldap, f->other_ca_file, mono_us() + 5 * SECOND_US, &step));
    assert_string_equal(step, "tls");
    assert_null(directory_link_open(plain, f->ca_file, mono_us() + 5 * SECOND_US, &step));
    assert_string_equal(step, "connect");
    assert_null(directory_link_open(f->ldaps, "/nowhere/ca.pem", mono_us() + 5 * SECOND_US, &step));
    assert_string_equal(step, "prepare");
}

static void
a_time_that_is_over_ends_the_connection(void **state)
{
    struct directory_fixture *f = *state;
    struct directory_link *link = opened(f, f->ldaps);
    struct directory_said said = { .code = -1 };

    assert_non_null(link);
    assert_int_equal(directory_link_bind(link, "cn=tongxing,ou=accounts," TREE, "tongxing-may-read",
                                         mono_us() - 1, &said),
                     ERR_UNAVAILABLE);
    assert_int_equal(said.code, -1);
    assert_true(link->broken);
    directory_link_close(link);
}

/* ST-01: RFC 4513, 5.1.2: a bind without a password succeeds as nobody's. It is never sent. */
static void
st_01_a_bind_without_a_password_or_a_name_is_not_sent(void **state)
{
    struct directory_fixture *f = *state;
    struct directory_link *link = opened(f, f->ldaps);
    int64_t until_us = mono_us() + 5 * SECOND_US;
    struct directory_said said;

    assert_int_equal(
        directory_link_bind(link, "uid=zhang.wei,ou=people," TREE, "", until_us, &said),
        ERR_INVALID);
    assert_int_equal(directory_link_bind(link, "", PASSWORD, until_us, &said), ERR_INVALID);
    assert_int_equal(directory_link_change(link, PASSWORD, "", until_us, &said), ERR_INVALID);
    assert_false(link->broken);
    assert_int_equal(
        directory_link_bind(link, "uid=zhang.wei,ou=people," TREE, PASSWORD, until_us, &said), OK);
    assert_int_equal(said.code, LDAP_SUCCESS);
    directory_link_close(link);
}

static void
a_connection_that_the_server_has_closed_is_stale(void **state)
{
    struct directory_fixture *f = *state;
    struct directory_link *link = opened(f, f->ldaps);
    int fd;

    assert_false(directory_link_is_stale(link));
    assert_int_equal(ldap_get_option(link->ld, LDAP_OPT_DESC, &fd), LDAP_OPT_SUCCESS);
    assert_int_equal(shutdown(fd, SHUT_RDWR), 0);
    assert_true(directory_link_is_stale(link));
    directory_link_close(link);
}

/* Whoever tells more than it was asked for is not listened to. */
static void
a_search_takes_no_more_than_it_asked_for(void **state)
{
    char *attributes[] = { (char *)"uid", NULL };
    struct directory_fixture *f = *state;
    struct directory_link *link = opened(f, f->ldaps);
    const struct directory_search search = { TREE, "(objectClass=person)", attributes, 3 };
    int64_t until_us = mono_us() + 5 * SECOND_US;
    struct directory_found found;
    struct directory_said said;

    assert_int_equal(directory_link_bind(link, "cn=tongxing,ou=accounts," TREE, "tongxing-may-read",
                                         until_us, &said),
                     OK);
    assert_int_equal(directory_link_search(link, f->arena, &search, until_us, &found), OK);
    assert_int_equal(found.count, 3);
    assert_int_equal(found.code, LDAP_SIZELIMIT_EXCEEDED);
    arena_reset(f->arena);
    directory_link_close(link);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        directory_test(both_kinds_of_addresses_lead_to_tls_of_this_decade),
        directory_test(where_it_ends_is_told),
        directory_test(a_time_that_is_over_ends_the_connection),
        directory_test(st_01_a_bind_without_a_password_or_a_name_is_not_sent),
        directory_test(a_connection_that_the_server_has_closed_is_stale),
        directory_test(a_search_takes_no_more_than_it_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
