/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/server/kit.h"

#include "idp/server/config/config.h"
#include "idp/server/life/services.h"

static char home[32];

static int
home_make(void **state)
{
    snprintf(home, sizeof(home), "/tmp/tongxing-services-XXXXXX");
    *state = arena_new(1U << 20);
    return mkdtemp(home) != NULL ? 0 : -1;
}

static int
home_remove(void **state)
{
    static const char *const names[] = { "store.db", "store.db-wal", "store.db-shm",
                                         "store.db.lock" };
    char path[64];

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", home, names[i]);
        unlink(path);
    }
    arena_free(*state);
    return rmdir(home);
}

/* Settings live as long as the services: in the test's frame. */
static struct settings
settings_of(struct arena *arena)
{
    const char *text = arena_printf(arena,
                                    "[server]\nissuer = http://127.0.0.1\n"
                                    "[store]\nurl = sqlite:%s/store.db\n",
                                    home);
    struct settings settings;
    const char *why = NULL;

    assert_int_equal(config_parse(arena, "test", bytes_of_text(text), &settings, &why), OK);
    return settings;
}

static void
the_store_alone_is_enough_for_commands_that_prepare_it(void **state)
{
    struct settings settings = settings_of(*state);
    struct services services;
    struct store *store;

    assert_int_equal(services_open_store(&services, &settings), OK);
    assert_ptr_equal(services.settings, &settings);
    assert_non_null(services.env);
    assert_null(services.https);
    assert_null(services.keys);
    store = store_open(services.database);
    assert_non_null(store);
    store_close(store);
    services_close(&services);
}

static void
all_of_them_are_made_and_ended_again_and_again(void **state)
{
    struct settings settings = settings_of(*state);
    struct services services;

    for (int i = 0; i < 2; i++) {
        assert_int_equal(services_open(&services, &settings), OK);
        assert_non_null(services.database);
        assert_non_null(services.https);
        assert_non_null(services.registry);
        assert_non_null(services.revocations);
        assert_non_null(services.fresh);
        services_close(&services);
    }
}

static void
a_store_that_cannot_be_opened_is_an_error_and_closes_cleanly(void **state)
{
    struct settings settings = settings_of(*state);
    struct services services;

    settings.store.url = "sqlite:/nowhere/at/all.db";
    assert_int_not_equal(services_open(&services, &settings), OK);
    services_close(&services);
    settings.store.url = "none:of/ours";
    assert_int_not_equal(services_open(&services, &settings), OK);
    services_close(&services);
}

static void
a_bank_whose_files_are_missing_is_an_error_and_closes_cleanly(void **state)
{
    struct settings settings = settings_of(*state);
    struct services services;

    settings.bank.url = "https://bank.example/gateway/api/";
    settings.bank.certificate_file = "/nowhere/merchant.pem";
    settings.bank.key_file = "/nowhere/merchant.key";
    settings.bank.root_file = "/nowhere/root.pem";
    settings.bank.middle_file = "/nowhere/middle.pem";
    assert_int_not_equal(services_open(&services, &settings), OK);
    assert_null(services.bank);
    services_close(&services);
}

#define at_home(test) cmocka_unit_test_setup_teardown(test, home_make, home_remove)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        at_home(the_store_alone_is_enough_for_commands_that_prepare_it),
        at_home(all_of_them_are_made_and_ended_again_and_again),
        at_home(a_store_that_cannot_be_opened_is_an_error_and_closes_cleanly),
        at_home(a_bank_whose_files_are_missing_is_an_error_and_closes_cleanly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
