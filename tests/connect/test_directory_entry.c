/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/directory_entry.h"

#include "tests/connect/directory_fixture.h"

#define NOW 1795500000 /* 2026-11-24 */

static enum directory_outcome
entry_of(struct directory_fixture *f, const char *uid, unix_s now, struct directory_person *out)
{
    char *attributes[DIRECTORY_ATTRIBUTES];
    enum directory_outcome outcome;
    LDAPMessage *found;
    LDAP *ld = tree_open(f);

    directory_entry_attributes(&f->settings, attributes);
    assert_int_equal(ldap_search_ext_s(ld, "ou=people," TREE, LDAP_SCOPE_SUBTREE,
                                       arena_printf(f->arena, "(uid=%s)", uid), attributes, 0, NULL,
                                       NULL, NULL, 1, &found),
                     LDAP_SUCCESS);
    outcome =
        directory_entry_read(ld, ldap_first_entry(ld, found), &f->settings, f->arena, now, out);
    ldap_msgfree(found);
    ldap_unbind_ext(ld, NULL, NULL);
    return outcome;
}

static void
an_account_ends_at_its_time(void **state)
{
    struct directory_fixture *f = *state;
    struct directory_person person;

    tree_put(f, "cao.ending", "pwdEndTime", "20261124060000Z"); /* 1795500000 is 06:00:00 */
    assert_int_equal(entry_of(f, "cao.ending", NOW - 1, &person), DIRECTORY_OK);
    assert_int_equal(entry_of(f, "cao.ending", NOW, &person), DIRECTORY_DISABLED);
    assert_string_equal(person.staff_id, "cao.ending");
    assert_string_equal(person.identity_number, "");
    tree_remove(f, "cao.ending");
}

static void
an_entry_whose_name_is_no_staff_id_is_a_fault(void **state)
{
    struct directory_fixture *f = *state;
    struct directory_person person = { .display_name = "nobody" };

    tree_put(f, "Müller", NULL, NULL);
    assert_int_equal(entry_of(f, "Müller", NOW, &person), DIRECTORY_FAULT);
    f->settings.directory.login_attribute = "mail";
    assert_int_equal(entry_of(f, "zhang.wei", NOW, &person), DIRECTORY_FAULT);
    assert_string_equal(person.display_name, "nobody");
    tree_remove(f, "Müller");
}

static void
a_value_that_is_too_long_is_a_fault(void **state)
{
    struct directory_fixture *f = *state;
    struct directory_person person;
    char number[600] = "";

    memset(number, '1', sizeof(number) - 1);
    tree_put(f, "hu.long", "employeeNumber", number);
    assert_int_equal(entry_of(f, "hu.long", NOW, &person), DIRECTORY_FAULT);
    number[512] = '\0';
    tree_put(f, "hu.long", "employeeNumber", number);
    assert_int_equal(entry_of(f, "hu.long", NOW, &person), DIRECTORY_OK);
    tree_remove(f, "hu.long");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        directory_test(an_account_ends_at_its_time),
        directory_test(an_entry_whose_name_is_no_staff_id_is_a_fault),
        directory_test(a_value_that_is_too_long_is_a_fault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
