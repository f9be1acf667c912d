/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/connect/directory_fixture.h"

static struct directory_answer answer; /* the last one */

static const char *
url_of(struct directory_fixture *f, const struct deaf_server *server, const char *scheme)
{
    return arena_printf(f->arena, "%s://127.0.0.1:%d", scheme, server->port);
}

static int64_t
calls_counted(const char *labels)
{
    return metric_series_read(metric_series(METRIC_DIRECTORY_CALLS, labels));
}

/* --- Who she is --- */

static void
a_right_password_says_who_she_is(void **state)
{
    struct directory_fixture *f = *state;
    int64_t before = calls_counted("call=\"sign_in\",outcome=\"ok\"");

    assert_int_equal(signed_in(f, "zhang.wei", PASSWORD, &answer), DIRECTORY_OK);
    assert_string_equal(answer.person.staff_id, "zhang.wei");
    assert_string_equal(answer.person.display_name, "张伟");
    assert_int_equal(strlen(answer.person.identity_number), 18);
    assert_int_equal(answer.person.group_count, 2);
    assert_int_equal(answer.grace_left, -1);
    assert_int_equal(calls_counted("call=\"sign_in\",outcome=\"ok\""), before + 1);
}

static void
a_wrong_password_and_an_unknown_name_are_told_alike(void **state)
{
    struct directory_fixture *f = *state;

    tree_put(f, "yao.wrong", NULL, NULL);
    assert_int_equal(signed_in(f, "yao.wrong", "Window-No.2-opens", &answer), DIRECTORY_WRONG);
    assert_null(answer.person.staff_id);
    assert_int_equal(signed_in(f, "nobody", PASSWORD, &answer), DIRECTORY_WRONG);
    assert_null(answer.person.staff_id);
    tree_remove(f, "yao.wrong");
}

/* ST-08: Zhang, zhang with blanks, and full-width forms are one staff id. */
static void
st_08_one_staff_id_however_it_is_written(void **state)
{
    static const char *const spellings[] = {
        "zhang.wei",   "Zhang.Wei",          " zhang.wei ",
        "ZHANG.WEI\t", "ｚｈａｎｇ．ｗｅｉ", "　Ｚhang．Wei　"
    };
    struct directory_fixture *f = *state;

    for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
        assert_int_equal(signed_in(f, spellings[i], PASSWORD, &answer), DIRECTORY_OK);
        assert_string_equal(answer.person.staff_id, "zhang.wei");
    }
    assert_int_equal(signed_in(f, "qian.jun", PASSWORD, &answer), DIRECTORY_OK);
    assert_string_equal(answer.person.staff_id, "qian.jun");
    assert_int_equal(signed_in(f, "zhang wei", PASSWORD, &answer), DIRECTORY_WRONG);
}

/* --- ST-01 to ST-04 --- */

/* ST-01: an empty or blank password goes nowhere. */
static void
st_01_no_password_no_traffic(void **state)
{
    static const char *const blanks[] = { "", " ", "\t \t", "\n" };
    struct directory_fixture *f = *state;
    struct deaf_server nobody;

    deaf_start(&nobody, true);
    f->settings.directory.urls = url_of(f, &nobody, "ldaps");
    directory_reopen(f);
    for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
        assert_int_equal(signed_in(f, "zhang.wei", blanks[i], &answer), DIRECTORY_EMPTY);
        assert_int_equal(
            directory_change_password(f->directory, f->arena, "zhang.wei", PASSWORD, blanks[i]),
            DIRECTORY_WEAK);
    }
    assert_int_equal(nobody.met, 0);
    deaf_stop(&nobody);
}

/* ST-02: a name with a filter in it finds nobody, in sign-in and in a look. */
static void
st_02_no_filter_in_a_name(void **state)
{
    static const char *const names[] = { "*)(uid=*))(|(uid=*",       "\\2a",         "*", "zhang*",
                                         "zhang.wei)(objectClass=*", "zhang.wei\\00" };
    struct directory_fixture *f = *state;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct directory_entry entry = { .outcome = DIRECTORY_OK };

        assert_int_equal(signed_in(f, names[i], PASSWORD, &answer), DIRECTORY_WRONG);
        assert_int_equal(directory_look(f->directory, f->arena, &names[i], 1, &entry), OK);
        assert_int_equal(entry.outcome, DIRECTORY_WRONG);
    }
}

/* ST-03: what means something in a distinguished name is none in a staff id, and no name is put together from one. */
static void
st_03_no_distinguished_name_in_a_name(void **state)
{
    static const char *const names[] = { "zhang.wei,ou=people", "zhang.wei+cn=x", "\"zhang.wei\"",
                                         ("uid=zhang.wei,ou=people," TREE), "zhang\\2ewei" };
    struct directory_fixture *f = *state;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct directory_entry entry = { .outcome = DIRECTORY_OK };

        assert_int_equal(signed_in(f, names[i], PASSWORD, &answer), DIRECTORY_WRONG);
        assert_int_equal(directory_look(f->directory, f->arena, &names[i], 1, &entry), OK);
        assert_int_equal(entry.outcome, DIRECTORY_WRONG);
    }
}

/* ST-04: two entries of one name, or one with two names: nobody signs in. */
static void
st_04_two_entries_are_nobody(void **state)
{
    struct directory_fixture *f = *state;

    assert_int_equal(signed_in(f, "twin", PASSWORD, &answer), DIRECTORY_AMBIGUOUS);
    assert_null(answer.person.staff_id);
    assert_int_equal(signed_in(f, "double", PASSWORD, &answer), DIRECTORY_AMBIGUOUS);
    assert_int_equal(signed_in(f, "double.too", PASSWORD, &answer), DIRECTORY_AMBIGUOUS);
}

/* --- ST-05 --- */

static enum directory_outcome
signed_in_at(struct directory_fixture *f, const char *urls)
{
    f->settings.directory.urls = urls;
    directory_reopen(f);
    return signed_in(f, "zhang.wei", PASSWORD, &answer);
}

/* ST-05: a certificate for another name, or of another authority, is no directory. */
static void
st_05_a_wrong_name_or_authority_is_no_directory(void **state)
{
    struct directory_fixture *f = *state;
    const char *port = strrchr(f->ldaps, ':');
    const char *start_tls_port = strrchr(f->ldap, ':');

    assert_int_equal(signed_in_at(f, arena_printf(f->arena, "ldaps://localhost%s", port)),
                     DIRECTORY_UNAVAILABLE);
    assert_int_equal(signed_in_at(f, arena_printf(f->arena, "ldap://localhost%s", start_tls_port)),
                     DIRECTORY_UNAVAILABLE);
    f->settings.directory.ca_file = f->other_ca_file;
    assert_int_equal(signed_in_at(f, f->ldaps), DIRECTORY_UNAVAILABLE);
    assert_int_equal(signed_in_at(f, f->ldap), DIRECTORY_UNAVAILABLE);
    f->settings.directory.ca_file = f->ca_file;
    assert_int_equal(signed_in_at(f, f->ldap), DIRECTORY_OK);
}

/* ST-05: a server that is down, hangs or hangs up is unavailable, and nothing stands in for it. */
static void
st_05_down_and_hanging_servers_are_unavailable(void **state)
{
    struct directory_fixture *f = *state;
    struct deaf_server hanging;
    struct deaf_server rude;

    deaf_start(&hanging, false);
    deaf_start(&rude, true);
    assert_int_equal(signed_in(f, "zhang.wei", PASSWORD, &answer), DIRECTORY_OK);
    f->settings.directory.deadline_s = 1;
    assert_int_equal(signed_in_at(f, "ldaps://127.0.0.1:1"), DIRECTORY_UNAVAILABLE);
    assert_int_equal(signed_in_at(f, url_of(f, &rude, "ldaps")), DIRECTORY_UNAVAILABLE);
    assert_int_equal(signed_in_at(f, url_of(f, &rude, "ldap")), DIRECTORY_UNAVAILABLE);
    assert_int_equal(signed_in_at(f, url_of(f, &hanging, "ldaps")), DIRECTORY_UNAVAILABLE);
    assert_int_equal(signed_in_at(f, url_of(f, &hanging, "ldap")), DIRECTORY_UNAVAILABLE);
    assert_true(hanging.met >= 2);
    deaf_stop(&hanging);
    deaf_stop(&rude);
}

static void
the_next_server_is_asked_where_one_is_down_and_the_bad_one_is_set_aside(void **state)
{
    struct directory_fixture *f = *state;
    struct deaf_server rude;

    deaf_start(&rude, true);
    assert_int_equal(
        signed_in_at(f, arena_printf(f->arena, "%s %s", url_of(f, &rude, "ldaps"), f->ldaps)),
        DIRECTORY_OK);
    assert_int_equal(rude.met, 1);
    assert_int_equal(metric_series_read(metric_series(METRIC_DIRECTORY_SERVER_UP, "server=\"1\"")),
                     0);
    assert_int_equal(metric_series_read(metric_series(METRIC_DIRECTORY_SERVER_UP, "server=\"2\"")),
                     1);
    assert_int_equal(signed_in(f, "zhang.wei", PASSWORD, &answer), DIRECTORY_OK);
    assert_int_equal(rude.met, 1);
    deaf_stop(&rude);
}

static void
without_servers_or_with_an_account_that_is_refused_nobody_signs_in(void **state)
{
    struct directory_fixture *f = *state;

    assert_true(directory_is_configured(f->directory));
    assert_int_equal(signed_in_at(f, ""), DIRECTORY_UNAVAILABLE);
    assert_false(directory_is_configured(f->directory));
    log_set_level(LOG_ERROR + 1);
    f->settings.directory.bind_password = "another";
    assert_int_equal(signed_in_at(f, f->ldaps), DIRECTORY_FAULT);
    f->settings.directory.bind_password = "";
    assert_int_equal(signed_in_at(f, f->ldaps), DIRECTORY_UNAVAILABLE);
    f->settings.directory.bind_password = "tongxing-may-read";
    f->settings.directory.base = "dc=elsewhere";
    assert_int_equal(signed_in_at(f, f->ldaps), DIRECTORY_FAULT);
}

/* --- ST-06 --- */

/* ST-06: a referral is not followed, and no bind goes where it leads. */
static void
st_06_referrals_lead_nowhere(void **state)
{
    struct directory_fixture *f = *state;
    struct deaf_server attacker;
    struct directory_entry entries[2];
    const char *const names[] = { "zhang.wei", "far" };
    const char *dn;
    char *classes[] = { (char *)"referral", (char *)"extensibleObject", NULL };
    char *places[] = { (char *)"far", NULL };
    char *refs[] = { NULL, NULL };
    LDAPMod mods[] = {
        { LDAP_MOD_ADD, (char *)"objectClass", { classes } },
        { LDAP_MOD_ADD, (char *)"ou", { places } },
        { LDAP_MOD_ADD, (char *)"ref", { refs } },
    };
    LDAPMod *list[] = { &mods[0], &mods[1], &mods[2], NULL };
    LDAP *ld = tree_open(f);

    deaf_start(&attacker, true);
    refs[0] = arena_printf(f->arena, "ldap://127.0.0.1:%d/ou=people,dc=far", attacker.port);
    dn = "ou=far," TREE;
    (void)ldap_delete_ext_s(
        ld, dn,
        (LDAPControl *[]) { &(LDAPControl) { .ldctl_oid = (char *)LDAP_CONTROL_MANAGEDSAIT },
                            NULL },
        NULL);
    assert_int_equal(ldap_add_ext_s(ld, dn, list, NULL, NULL), LDAP_SUCCESS);
    assert_int_equal(signed_in(f, "far", PASSWORD, &answer), DIRECTORY_WRONG);
    assert_int_equal(signed_in(f, "zhang.wei", PASSWORD, &answer), DIRECTORY_OK);
    assert_int_equal(directory_look(f->directory, f->arena, names, 2, entries), OK);
    assert_int_equal(entries[0].outcome, DIRECTORY_OK);
    assert_int_equal(entries[1].outcome, DIRECTORY_WRONG);
    f->settings.directory.base = "ou=people,ou=far," TREE;
    directory_reopen(f);
    assert_int_equal(signed_in(f, "zhang.wei", PASSWORD, &answer), DIRECTORY_FAULT);
    assert_int_equal(attacker.met, 0);
    (void)ldap_delete_ext_s(
        ld, dn,
        (LDAPControl *[]) { &(LDAPControl) { .ldctl_oid = (char *)LDAP_CONTROL_MANAGEDSAIT },
                            NULL },
        NULL);
    ldap_unbind_ext(ld, NULL, NULL);
    deaf_stop(&attacker);
}

/* --- ST-07 --- */

/* ST-07: expired, disabled, ended, locked and to be changed are each told, and none of them signs in. */
static void
st_07_the_policy_of_passwords_is_told(void **state)
{
    static const struct {
        const char *name;
        enum directory_outcome outcome;
    } cases[] = {
        { "he.disabled", DIRECTORY_DISABLED }, { "lin.ended", DIRECTORY_DISABLED },
        { "xu.expired", DIRECTORY_EXPIRED },   { "ma.change", DIRECTORY_MUST_CHANGE },
        { "zhu.locked", DIRECTORY_LOCKED },    { "gao.grace", DIRECTORY_MUST_CHANGE },
    };
    struct directory_fixture *f = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(signed_in(f, cases[i].name, PASSWORD, &answer), cases[i].outcome);
        assert_int_equal(answer.person.staff_id != NULL, cases[i].outcome == DIRECTORY_MUST_CHANGE);
    }
    assert_true(answer.grace_left > 0);
    assert_int_equal(signed_in(f, "ma.change", "Window-No.2-opens", &answer), DIRECTORY_WRONG);
}

static void
too_many_wrong_passwords_lock_at_the_directory(void **state)
{
    struct directory_fixture *f = *state;

    tree_put(f, "pan.tries", NULL, NULL);
    for (int i = 0; i < 5; i++)
        assert_int_equal(signed_in(f, "pan.tries", "Window-No.2-opens", &answer), DIRECTORY_WRONG);
    assert_int_equal(signed_in(f, "pan.tries", PASSWORD, &answer), DIRECTORY_LOCKED);
    tree_remove(f, "pan.tries");
}

/* --- Changing a password --- */

static enum directory_outcome
changed(struct directory_fixture *f, const char *name, const char *from, const char *to)
{
    return directory_change_password(f->directory, f->arena, name, from, to);
}

static void
who_must_change_her_password_changes_it_and_signs_in(void **state)
{
    struct directory_fixture *f = *state;

    tree_put(f, "tang.change", "pwdReset", "TRUE");
    assert_int_equal(signed_in(f, "tang.change", PASSWORD, &answer), DIRECTORY_MUST_CHANGE);
    assert_int_equal(changed(f, "tang.change", "Window-No.9-opens", "Window-No.3-opens"),
                     DIRECTORY_WRONG);
    assert_int_equal(changed(f, "tang.change", PASSWORD, "short"), DIRECTORY_WEAK);
    assert_int_equal(changed(f, "tang.change", PASSWORD, "Window-No.3-opens"), DIRECTORY_OK);
    assert_int_equal(signed_in(f, "tang.change", PASSWORD, &answer), DIRECTORY_WRONG);
    assert_int_equal(signed_in(f, "tang.change", "Window-No.3-opens", &answer), DIRECTORY_OK);
    assert_int_equal(changed(f, "tang.change", "Window-No.3-opens", PASSWORD), DIRECTORY_REUSED);
    tree_remove(f, "tang.change");
}

static void
a_password_that_is_not_hers_to_change_is_kept(void **state)
{
    struct directory_fixture *f = *state;

    tree_put(f, "song.kept", "pwdPolicySubentry", "cn=kept,ou=policies," TREE);
    assert_int_equal(changed(f, "song.kept", PASSWORD, "Window-No.4-opens"), DIRECTORY_KEPT);
    assert_int_equal(signed_in(f, "song.kept", PASSWORD, &answer), DIRECTORY_OK);
    tree_remove(f, "song.kept");
}

/* --- Looking --- */

static void
a_look_says_of_each_what_the_directory_says_now(void **state)
{
    static const char *const names[] = { "li.na",    "nobody",     "he.disabled", "twin",
                                         "qian.jun", "zhu.locked", "zhang.wei" };
    struct directory_fixture *f = *state;
    struct directory_entry entries[7];

    assert_int_equal(directory_look(f->directory, f->arena, names, 7, entries), OK);
    assert_int_equal(entries[0].outcome, DIRECTORY_OK);
    assert_string_equal(entries[0].person.display_name, "李娜");
    assert_int_equal(entries[0].person.group_count, 2);
    assert_int_equal(entries[1].outcome, DIRECTORY_WRONG);
    assert_int_equal(entries[2].outcome, DIRECTORY_DISABLED);
    assert_int_equal(entries[3].outcome, DIRECTORY_AMBIGUOUS);
    assert_null(entries[3].person.staff_id);
    assert_int_equal(entries[4].outcome, DIRECTORY_OK);
    /* Locked for wrong passwords, which anybody may type: that ends no session. */
    assert_int_equal(entries[5].outcome, DIRECTORY_OK);
    assert_int_equal(entries[6].outcome, DIRECTORY_OK);
}

static void
a_look_that_is_not_whole_says_nothing(void **state)
{
    struct directory_fixture *f = *state;
    const char *names[DIRECTORY_LOOK_MAX + 1];
    struct directory_entry entries[DIRECTORY_LOOK_MAX + 1];

    for (size_t i = 0; i <= DIRECTORY_LOOK_MAX; i++)
        names[i] = arena_printf(f->arena, "nobody-%zu", i);
    names[1] = "zhang.wei";
    assert_int_equal(directory_look(f->directory, f->arena, names, 0, entries), OK);
    assert_int_equal(directory_look(f->directory, f->arena, names, DIRECTORY_LOOK_MAX, entries),
                     OK);
    assert_int_equal(entries[1].outcome, DIRECTORY_OK);
    entries[1].outcome = DIRECTORY_FAULT;
    assert_int_equal(directory_look(f->directory, f->arena, names, DIRECTORY_LOOK_MAX + 1, entries),
                     ERR_UNAVAILABLE);
    f->settings.directory.urls = "ldaps://127.0.0.1:1";
    directory_reopen(f);
    assert_int_equal(directory_look(f->directory, f->arena, names, 2, entries), ERR_UNAVAILABLE);
    assert_int_equal(entries[1].outcome, DIRECTORY_FAULT);
}

static void
who_is_not_in_the_filter_is_nobody(void **state)
{
    static const char *const names[] = { "zhang.wei", "li.na" };
    struct directory_fixture *f = *state;
    struct directory_entry entries[2];

    f->settings.directory.filter = "(&(objectClass=person)(!(uid=li.na)))";
    directory_reopen(f);
    assert_int_equal(signed_in(f, "li.na", PASSWORD, &answer), DIRECTORY_WRONG);
    assert_int_equal(directory_look(f->directory, f->arena, names, 2, entries), OK);
    assert_int_equal(entries[0].outcome, DIRECTORY_OK);
    assert_int_equal(entries[1].outcome, DIRECTORY_WRONG);
}

static void
each_outcome_has_a_name(void **state)
{
    (void)state;
    for (int i = 0; i < DIRECTORY_OUTCOMES; i++)
        assert_true(strlen(directory_outcome_name((enum directory_outcome)i)) > 1);
    assert_string_equal(directory_outcome_name(DIRECTORY_MUST_CHANGE), "must_change");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        directory_test(a_right_password_says_who_she_is),
        directory_test(a_wrong_password_and_an_unknown_name_are_told_alike),
        directory_test(st_08_one_staff_id_however_it_is_written),
        directory_test(st_01_no_password_no_traffic),
        directory_test(st_02_no_filter_in_a_name),
        directory_test(st_03_no_distinguished_name_in_a_name),
        directory_test(st_04_two_entries_are_nobody),
        directory_test(st_05_a_wrong_name_or_authority_is_no_directory),
        directory_test(st_05_down_and_hanging_servers_are_unavailable),
        directory_test(the_next_server_is_asked_where_one_is_down_and_the_bad_one_is_set_aside),
        directory_test(without_servers_or_with_an_account_that_is_refused_nobody_signs_in),
        directory_test(st_06_referrals_lead_nowhere),
        directory_test(st_07_the_policy_of_passwords_is_told),
        directory_test(too_many_wrong_passwords_lock_at_the_directory),
        directory_test(who_must_change_her_password_changes_it_and_signs_in),
        directory_test(a_password_that_is_not_hers_to_change_is_kept),
        directory_test(a_look_says_of_each_what_the_directory_says_now),
        directory_test(a_look_that_is_not_whole_says_nothing),
        directory_test(who_is_not_in_the_filter_is_nobody),
        directory_test(each_outcome_has_a_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
