/* SPDX-License-Identifier: Apache-2.0 */
/* What a client makes of them is tried in tests/clients/tls.test.mjs. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>
#include <gnutls/gnutls.h>

#include "idp/server/engine/tickets.h"

static void
a_session_is_offered_tickets_under_a_key_of_this_process(void **state)
{
    struct tickets *tickets = NULL;
    gnutls_session_t session;

    (void)state;
    assert_int_equal(tickets_new(&tickets), OK);
    assert_int_equal(gnutls_init(&session, GNUTLS_SERVER), GNUTLS_E_SUCCESS);
    tickets_offer(tickets, session);
    gnutls_deinit(session);
    tickets_free(tickets);
    tickets_free(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_is_offered_tickets_under_a_key_of_this_process),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
