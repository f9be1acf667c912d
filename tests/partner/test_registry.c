/* SPDX-License-Identifier: Apache-2.0 */
/* The snapshot of partners. */
#include <string.h>

#include "idp/partner/registry.h"
#include "idp/tables/partner.h"
#include "tests/world.h"

static void
a_partner_is_found_by_its_exact_id(void **state)
{
    struct world *w = *state;
    const char *const others[] = { "Webhall", "webhal", "webhall2", "", " webhall" };

    assert_string_equal(registry_find(w->services.registry, "webhall")->profile.partner_id,
                        "webhall");
    assert_null(registry_find(w->services.registry, NULL));
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        assert_null(registry_find(w->services.registry, others[i]));
}

static void
all_are_listed_by_id(void **state)
{
    struct world *w = *state;
    const struct partner *const *all = registry_all(w->services.registry);
    size_t count = 0;

    for (; all[count] != NULL; count++)
        if (count > 0)
            assert_true(strcmp(all[count - 1]->profile.partner_id, all[count]->profile.partner_id) <
                        0);
    assert_int_equal(count, world_rows_of(w, "partner"));
}

static void
what_registration_says_is_ready_to_use(void **state)
{
    struct world *w = *state;
    const struct partner *webhall = registry_find(w->services.registry, "webhall");

    assert_false(webhall->is_public);
    assert_int_equal(webhall->secret_count, 1);
    assert_int_equal(webhall->id_token_alg, JWS_ES256);
    assert_int_equal(registry_find(w->services.registry, "untrusted")->id_token_alg, JWS_RS256);
    assert_true(registry_find(w->services.registry, "spa")->is_public);
    assert_int_equal(registry_find(w->services.registry, "spa")->secret_count, 0);
    assert_string_equal(partner_name(webhall, LANGUAGE_EN), "Web hall");
    assert_string_equal(partner_name(webhall, LANGUAGE_ZH_CN), "网上办事大厅");
}

static void
a_row_that_cannot_be_read_is_left_out_and_the_others_go_on(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct stored_partner broken = { .partner_id = "broken",
                                     .profile = "{}",
                                     .updated_at = w->now };

    assert_int_equal(store_partner_put(w->store, &broken), OK);
    assert_int_equal(registry_load(&ctx), OK);
    assert_null(registry_find(w->services.registry, "broken"));
    assert_non_null(registry_find(w->services.registry, "webhall"));
}

/* Of https and loopback addresses only; a private scheme has none. What is registered replaces them. */
static void
a_partner_has_the_origins_of_its_redirects_or_those_it_registered(void **state)
{
    struct world *w = *state;
    const struct registry *registry = w->services.registry;
    const struct partner *p;

    world_partners(
        w, "{\"partners\":[{\"client_id\":\"aa\",\"client_name\":\"A\","
           "\"application_type\":\"native\",\"token_endpoint_auth_method\":\"none\","
           "\"redirect_uris\":[\"https://a.example:443/x\",\"https://a.example/y\","
           "\"com.example.a:/cb\",\"http://127.0.0.1:3000/\"],\"sector_identifier\":\"a\"},"
           "{\"client_id\":\"bb\",\"client_name\":\"B\","
           "\"token_endpoint_auth_method\":\"none\",\"web_origins\":[\"https://ui.example\"],"
           "\"redirect_uris\":[\"https://b.example/cb\"]}]}");
    p = registry_find(registry, "aa");
    assert_int_equal(p->web_origins.count, 2);
    assert_true(partner_has_origin(p, "https://a.example"));
    assert_true(partner_has_origin(p, "http://127.0.0.1:3000"));
    assert_false(partner_has_origin(p, "https://ui.example"));
    assert_false(partner_has_origin(p, ""));
    p = registry_find(registry, "bb");
    assert_true(partner_has_origin(p, "https://ui.example"));
    assert_false(partner_has_origin(p, "https://b.example"));
    assert_true(registry_has_origin(registry, "https://a.example"));
    assert_true(registry_has_origin(registry, "http://127.0.0.1:3000"));
    assert_true(registry_has_origin(registry, "https://ui.example"));
    assert_false(registry_has_origin(registry, "https://b.example"));
    assert_false(registry_has_origin(registry, "https://a.example:443"));
    assert_false(registry_has_origin(registry, "com.example.a:"));
    assert_false(registry_has_origin(registry, ""));
}

static void
an_empty_registry_knows_nobody(void **state)
{
    struct registry *registry = registry_new();

    (void)state;
    assert_null(registry_find(registry, "webhall"));
    assert_null(registry_all(registry)[0]);
    assert_false(registry_has_origin(registry, "https://app.example"));
    registry_free(registry);
    registry_free(NULL);
}

static void
more_than_one_page_of_partners_is_read(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    int64_t before = world_rows_of(w, "partner");
    struct stored_partner_list page;

    assert_int_equal(store_partner_list(w->store, w->arena, "w", &page), OK);
    assert_string_equal(page.at[0].partner_id, "webhall");
    for (int i = 0; i < 2 * PARTNER_PAGE; i++) {
        struct stored_partner row = page.at[0];
        char *profile = arena_text(w->arena, row.profile);
        char id[16];

        snprintf(id, sizeof(id), "p%06d", i);
        memcpy(strstr(profile, "webhall"), id, strlen(id));
        row.partner_id = arena_text(w->arena, id);
        row.profile = profile;
        row.since = i;
        assert_int_equal(store_partner_put(w->store, &row), OK);
    }
    assert_int_equal(registry_load(&ctx), OK);
    assert_int_equal(registry_find(w->services.registry, "p000199")->since, 199);
    assert_non_null(registry_find(w->services.registry, "p000100"));
    assert_non_null(registry_find(w->services.registry, "spa"));
    assert_int_equal(world_rows_of(w, "partner"), before + 2 * PARTNER_PAGE);
}

static void
a_removed_one_is_not_there(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    assert_true(registry_has_origin(w->services.registry, "https://spa.example"));
    assert_int_equal(store_partner_remove(w->store, "spa", WORLD_NOW), OK);
    assert_int_equal(registry_load(&ctx), OK);
    assert_false(registry_has_origin(w->services.registry, "https://spa.example"));
    assert_null(registry_find(w->services.registry, "spa"));
    assert_non_null(registry_find(w->services.registry, "webhall"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_partner_is_found_by_its_exact_id),
        world_test(all_are_listed_by_id),
        world_test(what_registration_says_is_ready_to_use),
        world_test(a_row_that_cannot_be_read_is_left_out_and_the_others_go_on),
        world_test(a_partner_has_the_origins_of_its_redirects_or_those_it_registered),
        world_test(an_empty_registry_knows_nobody),
        world_test(more_than_one_page_of_partners_is_read),
        world_test(a_removed_one_is_not_there),
    };

    return world_run(tests);
}
