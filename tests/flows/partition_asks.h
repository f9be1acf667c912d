/* SPDX-License-Identifier: Apache-2.0 */
/* What the tables are asked that the flows seldom come to: one of each, whatever it answers. */
#ifndef TESTS_FLOWS_PARTITION_ASKS_H
#define TESTS_FLOWS_PARTITION_ASKS_H

#include "idp/audit/verify.h"
#include "idp/tables/acting.h"
#include "idp/tables/audit.h"
#include "idp/tables/bank.h"
#include "idp/tables/card_link.h"
#include "idp/tables/consent.h"
#include "idp/tables/epoch.h"
#include "idp/tables/evidence.h"
#include "idp/tables/external_identity.h"
#include "idp/tables/key.h"
#include "idp/tables/outbox.h"
#include "idp/tables/partner.h"
#include "idp/tables/person.h"
#include "idp/tables/staff_proposal.h"
#include "idp/tables/staff_watch.h"
#include "idp/tables/survival.h"
#include "tests/protocols/staff/citizen_kit.h"
#include "tests/store_kit.h"
#include "tests/world.h"

/* OK, or an answer that comes of nothing being there. */
static inline void
assert_asked(enum err err)
{
    assert_true(err == OK || err == ERR_NOT_FOUND || err == ERR_CONFLICT);
}

static inline void
what_else_keys_and_partners_are_asked(struct world *w)
{
    struct stored_key key = { .key_id = "k", .alg = "", .wrapped = bytes_of_text("k") };
    struct key_list keys;
    bool any;

    assert_asked(store_key_list(w->store, w->arena, &keys));
    assert_asked(store_key_insert(w->store, &key));
    assert_asked(store_key_move(w->store, "k", 0, 1, 0));
    assert_asked(store_key_delete(w->store, "k"));
    assert_asked(store_partner_remove(w->store, "hospital", WORLD_NOW));
    assert_asked(store_partner_any_removed(w->store, WORLD_NOW, &any));
}

/* What the job asks that watches who sits at a counter. */
static inline void
what_the_watch_asks(struct world *w)
{
    const struct watched_staff told = {
        .staff_id = "li", .roles = "counter", .agency = "a", .region = WORLD_REGION
    };
    struct watched_staff_list due;

    assert_asked(store_staff_due(w->store, w->arena, WORLD_NOW, WORLD_NOW, &due));
    assert_asked(store_staff_told(w->store, &told));
    assert_asked(store_staff_gone(w->store, "li", WORLD_NOW));
    assert_asked(store_staff_closed(w->store, "li"));
}

static inline void
what_else_persons_are_asked(struct world *w)
{
    struct digest digest = kit_digest(1);
    struct stored_consent consent = {
        .person_id = "p", .purpose = "p", .partner_id = "", .scope = ""
    };
    struct stored_bank_order order = { .subject = digest, .order_id = "o", .code = "" };
    struct stored_bank_card card;
    const struct delivery_filter filter = { "logout", "", "", 0, 10 };
    struct delivery_list deliveries;
    struct external_identities identities;

    assert_asked(store_external_identity_list(w->store, w->arena, "p", &identities));
    assert_asked(store_consent_withdraw(w->store, &consent, "c", WORLD_NOW));
    assert_asked(store_person_key_delete(w->store, PERSON_KEY_PHONE, &digest));
    assert_asked(store_bank_card_find(w->store, w->arena, &digest, &card));
    assert_asked(store_bank_order_replace(w->store, &order));
    assert_asked(store_session_touch(w->store, "s", WORLD_NOW));
    assert_asked(
        store_delivery_retry(w->store, "d", WORLD_NOW, &(struct delivery_result) { "", "" }));
    assert_asked(store_delivery_put_back(w->store, "d", WORLD_NOW));
    assert_asked(store_delivery_list(w->store, w->arena, &filter, &deliveries));
}

static inline void
finding_pass(void *to, const struct audit_finding *found)
{
    (void)to;
    (void)found;
}

static inline void
what_an_operator_asks_of_the_trail(struct world *w)
{
    static const struct audit_filter filters[] = {
        { "", "", "", "", 0, 10 },
        { "p", "", "", "", 0, 10 },
        { "", "hospital", "", "", 0, 10 },
        { "", "", "r", "", 0, 10 },
    };
    struct ctx ctx = world_ctx(w);
    struct audit_verify verify = audit_verify_new(0);
    struct audit_rows rows;
    unix_s first;
    unix_s last;
    int64_t seq;

    for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
        assert_asked(store_audit_list(w->store, w->arena, &filters[i], &rows));
    assert_asked(store_audit_follow(w->store, w->arena, &filters[0], &rows));
    assert_asked(store_audit_unchained(w->store, &first, &last));
    assert_asked(store_audit_since(w->store, WORLD_RUN, 1, 0, &seq));
    assert_asked(checkpoint_say(&ctx, true));
    assert_asked(audit_verify_go(&ctx, &verify, INT64_MAX, finding_pass, NULL));
}

static inline void
partition_proposals_ask(struct world *w)
{
    const struct region_span span = { "440100", "440199" };
    struct stored_proposal proposal = { .proposal_id = "sp_1",
                                        .kind = PROPOSAL_NAME,
                                        .state = PROPOSAL_WAITS,
                                        .staff_id = "li",
                                        .region = "440100",
                                        .person_id = "p",
                                        .decided_at = 1,
                                        .until = 9 };
    struct stored_proposal_list list;
    const char *proposal_id;

    assert_asked(store_proposal_insert(w->store, &proposal));
    assert_asked(store_proposal_load(w->store, w->arena, "sp_1", &proposal));
    assert_asked(store_proposal_waiting(w->store, w->arena, &span, 2, &list));
    assert_asked(store_proposal_list_of(w->store, w->arena, "li", 2, &list));
    proposal.state = PROPOSAL_APPROVED;
    assert_asked(store_proposal_decide(w->store, &proposal));
    assert_asked(store_proposal_find(w->store, w->arena, &proposal, 2, &proposal_id));
    assert_asked(store_proposal_take(w->store, w->arena, &proposal, 2, &proposal));
}

static inline void
partition_actings_ask(struct world *w)
{
    struct stored_acting acting = { .acting_id = "a_1", .sid = "s", .until = 9 };
    struct acting_list list;

    assert_asked(store_acting_insert(w->store, &acting));
    assert_asked(store_acting_load(w->store, w->arena, "a_1", &acting));
    assert_asked(store_acting_list(w->store, w->arena, "s", 1, &list));
    assert_asked(store_acting_take(w->store, "a_1", "g", 1));
    assert_asked(store_acting_end(w->store, w->arena, "a_1", 1, &acting));
}

static inline void
partition_corrections_ask(struct world *w)
{
    const struct stored_person person = { .person_id = "p",
                                          .identity_sealed = bytes_of_text("sealed") };
    struct stored_survival survival = { "p", "su_1", SURVIVAL_AT_COUNTER, 1, 2, "li", "k_1" };

    assert_asked(store_survival_insert(w->store, &survival));
    assert_asked(store_survival_last(w->store, w->arena, "p", &survival));
    assert_asked(store_evidence_withdraw(w->store, "p", 1, 2));
    assert_asked(store_person_set_name(w->store, "p", bytes_of_text("sealed"), 2));
    assert_asked(store_person_set_identity(w->store, &person));
}

static inline void
partition_telephone_asks(struct world *w)
{
    struct stored_card_link link = {
        .person_id = "p", .channel = "app", .card_id = "c", .bound_key = "k", .sid = "s"
    };

    assert_int_equal(store_card_link_put(w->store, &link), OK);
    assert_int_equal(store_card_link_put(w->store, &link), OK);
    assert_int_equal(store_card_link_find(w->store, w->arena, "p", "app", &link), OK);
    assert_int_equal(store_card_link_hold(w->store, "p", "app", "s"), OK);
    assert_int_equal(store_card_link_delete(w->store, "p", "app"), OK);
    assert_int_equal(store_epoch_set(w->store, "card_time", WORLD_NOW), OK);
}

#endif
