/* SPDX-License-Identifier: Apache-2.0 */
/* The element as it is told in full; parts of it: tests/policies/test_detail.c, tests/session/test_release.c. */
#include "tests/policies/kit.h"

#include "idp/session/verified.h"
#include "policies/claim_rule.h"

static const struct person person = { .name = "张三", .identity_number = "11010519491231002X" };

#define BOTH (CLAIM_BIT(CLAIM_name) | CLAIM_BIT(CLAIM_identity_number))

static const char *
told(struct arena *arena, enum evidence_kind kind, unsigned claims)
{
    const struct standing standing = { evidence_rule(kind)->level, kind, "S", "N1", "", 0 };
    struct detail *verified = verified_claims_make(arena, &person, &standing, claims);
    struct buf out = buf_new(arena, 512);

    if (verified == NULL)
        return NULL;
    verified->name = NULL;
    detail_emit(verified, NULL, 0, &out);
    return out.at;
}

#define EPOCH "\"time\":\"1970-01-01T00:00:00Z\""
#define CHECK(method)                                                                              \
    "{\"check_method\":\"" method "\",\"organization\":\"S\",\"check_id\":\"N1\"," EPOCH "}"

static void
a_record_is_told_with_its_source(void **state)
{
    assert_string_equal(
        told(*state, EVIDENCE_BANK_CARD, BOTH),
        "{\"verification\":{\"trust_framework\":\"cn_hrss\",\"assurance_level\":\"l2\"," EPOCH ","
        "\"evidence\":[{\"type\":\"electronic_record\",\"check_details\":[" CHECK(
            "data") "],"
                    "\"record\":{\"type\":\"bank_account\",\"source\":{\"name\":\"S\","
                    "\"country_code\":\"CHN\"}}}]},\"claims\":{\"name\":\"张三\"}}");
}

static void
a_document_is_told_with_its_issuer_and_each_way_it_was_checked(void **state)
{
    assert_string_equal(
        told(*state, EVIDENCE_COUNTER, BOTH),
        "{\"verification\":{\"trust_framework\":\"cn_hrss\",\"assurance_level\":\"l3\"," EPOCH ","
        "\"evidence\":[{\"type\":\"document\",\"check_details\":[" CHECK("vpip") "," CHECK(
            "pvp") "],\"document_details\":{\"type\":\"idcard\",\"issuer\":{\"country_code\":\"CHN\"}}}]},"
                   "\"claims\":{\"name\":\"张三\"}}");
}

static void
what_nobody_vouches_for_is_not_told(void **state)
{
    assert_null(told(*state, EVIDENCE_NONE, BOTH));
    assert_null(told(*state, EVIDENCE_PHONE, BOTH));
}

static void
what_is_not_granted_is_not_in_it_however_it_is_asked_for(void **state)
{
    const struct standing standing = { 2, EVIDENCE_BANK_CARD, "S", "", "", 0 };
    struct detail *verified = verified_claims_make(*state, &person, &standing, 0);

    assert_null(verified->last->first);
    verified = verified_claims_make(*state, &person, &standing, CLAIM_BIT(CLAIM_identity_number));
    assert_string_equal(verified->last->first->name, "identity_number");
    assert_null(verified->last->first->next);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(a_record_is_told_with_its_source),
        WITH_ARENA(a_document_is_told_with_its_issuer_and_each_way_it_was_checked),
        WITH_ARENA(what_nobody_vouches_for_is_not_told),
        WITH_ARENA(what_is_not_granted_is_not_in_it_however_it_is_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
