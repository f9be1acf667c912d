/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/family.h"
#include "tests/protocols/staff/reset_kit.h"

#define ADULT "name=王小明&paper=idcard&number=110105199003070017&" LOOKS "&agreed=yes"
#define CHILD                                                                                      \
    "name=王小小&paper=household_register&number=110105202005120027&original=yes&guardian=yes&agreed=yes"

static struct journey
register_page(struct world *w)
{
    struct journey j = { .w = w };

    w->settings.sms.template_code_reset = "SMS_RESET";
    world_sit(w, "li", "counter", 1);
    world_open(w, "/staff/register");
    journey_arrive(&j);
    return j;
}

/* "": nobody has that number. */
static const char *
who_has(struct world *w, const char *number)
{
    struct ctx ctx = world_ctx(w);
    const char *person_id;

    return person_find_by_identity(&ctx, number, &person_id) == OK ? person_id : "";
}

static void
whoever_stands_there_gets_an_account_and_chooses_her_password_herself(void **state)
{
    struct world *w = *state;
    struct journey j = register_page(w);
    struct ctx ctx = world_ctx(w);
    struct person person;

    world_audit_mark(w);
    journey_post(&j, "/staff/register", ADULT "&phone=13800138000");
    assert_int_equal(w->answer.status, 200);
    assert_audited(w, AUDIT_PERSON_REGISTERED, "counter");
    assert_int_equal(person_load(&ctx, who_has(w, "110105199003070017"), &person), OK);
    assert_string_equal(person.name, "王小明");
    assert_string_equal(person.phone, ""); /* it is not proven yet */
    assert_int_equal(present_standing(w, person.person_id).kind, EVIDENCE_COUNTER);
    present_messages_deliver(w);
    j = reset_open(w);
    journey_post(&j, "/account/reset", NEW_PASSWORDS);
    assert_true(present_shows(w, "reset-done"));
    assert_int_equal(person_load(&ctx, person.person_id, &person), OK);
    assert_string_equal(person.phone, "+8613800138000");
}

static void
pressed_twice_there_is_one_account(void **state)
{
    struct world *w = *state;
    struct journey j = register_page(w);
    struct journey before = j;

    journey_post(&j, "/staff/register", ADULT);
    journey_post(&before, "/staff/register", ADULT);
    assert_int_equal(w->answer.status, 200);
    assert_int_equal(world_rows_of(w, "person"), 1);
    assert_int_equal(world_audit_count(w, AUDIT_PERSON_REGISTERED), 1);
}

static void
a_child_gets_a_record_that_her_guardian_shows_and_no_login(void **state)
{
    struct world *w = *state;
    struct journey j = register_page(w);
    struct ctx ctx = world_ctx(w);
    struct family_guarding guarding = { .shower_id = world_person(w, 0),
                                        .kinship = KINSHIP_CHILD,
                                        .reason = "ticket 12" };
    enum family_way way;

    journey_post(&j, "/staff/register", CHILD);
    assert_int_equal(w->answer.status, 200);
    guarding.member_id = who_has(w, "110105202005120027");
    assert_string_not_equal(guarding.member_id, "");
    assert_int_equal(world_rows_of(w, "pending"), 0);
    assert_int_equal(family_guard(&ctx, &guarding, &way), OK);
}

static void
a_child_has_no_telephone_here(void **state)
{
    struct world *w = *state;
    struct journey j = register_page(w);

    journey_post(&j, "/staff/register", CHILD "&phone=13800138000");
    assert_true(present_shows(w, "phone-problem"));
    assert_string_equal(who_has(w, "110105202005120027"), "");
}

static void
all_mistakes_are_told_at_once(void **state)
{
    struct world *w = *state;
    struct journey j = register_page(w);

    journey_post(&j, "/staff/register",
                 "name=&paper=idcard&number=110105199003070017&original=yes&phone=12&agreed=yes");
    assert_true(present_shows(w, "name-problem"));
    assert_true(present_shows(w, "looks-problem"));
    assert_true(present_shows(w, "phone-problem"));
    journey_arrive(&j);
    journey_post(&j, "/staff/register",
                 "name=王小明&paper=idcard&number=110105199003070017&" LOOKS);
    assert_refused(w, &problem_newcomer_consent);
    assert_string_equal(who_has(w, "110105199003070017"), "");
}

static void
who_has_an_account_gets_no_other(void **state)
{
    struct world *w = *state;
    struct journey j = register_page(w);

    world_person(w, 0);
    journey_post(&j, "/staff/register",
                 "name=张三&paper=idcard&number=" ZHANG_NUMBER "&" LOOKS "&agreed=yes");
    assert_refused(w, &problem_already_registered);
    assert_int_equal(world_rows_of(w, "person"), 1);
}

static void
a_number_that_another_uses_is_not_written_to(void **state)
{
    struct world *w = *state;
    struct journey j = register_page(w);

    world_person(w, 0);
    journey_post(&j, "/staff/register", ADULT "&phone=13800138000");
    assert_true(present_shows(w, "phone-problem"));
    assert_int_equal(world_rows_of(w, "pending"), 0);
}

static void
where_no_links_are_sent_no_telephone_is_taken(void **state)
{
    struct world *w = *state;
    struct journey j = register_page(w);

    w->settings.sms.template_code_reset = "";
    journey_post(&j, "/staff/register", ADULT "&phone=13800138000");
    assert_true(present_shows(w, "reset-closed"));
    assert_string_equal(who_has(w, "110105199003070017"), "");
}

static void
st_10_nobody_registers_herself(void **state)
{
    struct world *w = *state;
    struct journey j = register_page(w);

    present_is_number(w, "li", "110105199003070017");
    world_audit_mark(w);
    journey_post(&j, "/staff/register", ADULT);
    assert_refused(w, &problem_staff_self);
    assert_audited(w, AUDIT_STAFF_DENIED, "self");
    assert_string_equal(who_has(w, "110105199003070017"), "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(whoever_stands_there_gets_an_account_and_chooses_her_password_herself),
        world_sims_test(pressed_twice_there_is_one_account),
        world_sims_test(a_child_gets_a_record_that_her_guardian_shows_and_no_login),
        world_sims_test(a_child_has_no_telephone_here),
        world_sims_test(all_mistakes_are_told_at_once),
        world_sims_test(who_has_an_account_gets_no_other),
        world_sims_test(a_number_that_another_uses_is_not_written_to),
        world_sims_test(where_no_links_are_sent_no_telephone_is_taken),
        world_sims_test(st_10_nobody_registers_herself),
    };

    return world_sims_run(tests);
}
