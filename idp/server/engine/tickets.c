/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/engine/tickets.h"

#include <gnutls/gnutls.h>
#include <stdlib.h>

#include "idp/base/log.h"

struct tickets {
    gnutls_datum_t key;
};

enum err
tickets_new(struct tickets **out)
{
    struct tickets *tickets = calloc(1, sizeof(*tickets));

    if (tickets == NULL || gnutls_session_ticket_key_generate(&tickets->key) != GNUTLS_E_SUCCESS) {
        free(tickets);
        return ERR_UNAVAILABLE;
    }
    *out = tickets;
    return OK;
}

void
tickets_free(struct tickets *tickets)
{
    if (tickets == NULL)
        return;
    gnutls_memset(tickets->key.data, 0, tickets->key.size);
    gnutls_free(tickets->key.data);
    free(tickets);
}

void
tickets_offer(const struct tickets *tickets, struct gnutls_session_int *session)
{
    int code = gnutls_session_ticket_enable_server(session, &tickets->key);

    if (code != GNUTLS_E_SUCCESS)
        log_line(LOG_WARN, "server.tickets", log_text("reason", gnutls_strerror(code)));
}
