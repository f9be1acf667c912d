/* SPDX-License-Identifier: Apache-2.0 */
/* The whole service: what lives long is made here, in one place, and ended
 * here in the other direction. */
#ifndef IDP_SERVER_LIFE_SERVER_H
#define IDP_SERVER_LIFE_SERVER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "idp/base/err.h"
#include "idp/base/settings.h"
#include "idp/server/life/control.h"

struct server;

/* `settings` must outlive the server. `answer` takes what comes through the operators' door; NULL:
 * there is none. The reason of an error is logged. */
must_check enum err server_start(const struct settings *settings, control_answer *answer,
                                 struct server **out);

/* The ports in use, also when the settings say 0. The admin port is 0 when
 * there is no admin listener. */
uint16_t server_port(const struct server *server);
uint16_t server_admin_port(const struct server *server);
uint16_t server_staff_port(const struct server *server); /* 0: no staff listener */

/*
 * /readyz says no at once; work under way is given drain_deadline_s, or until *hurry is set (NULL:
 * never); what then still waits for the database or others outside is cut off, and all is freed.
 */
void server_stop(struct server *server, const _Atomic(bool) *hurry);

/* What SIGHUP does: reads the file of that name anew (reload.h). ERR_INVALID: nothing has changed,
 * and each mistake is logged. */
must_check enum err server_reload(struct server *server, const char *config);

/*
 * Start, run until SIGTERM or SIGINT, stop. A second one ends what is under way, a third the
 * process; so does, with exit status 1, the time when stopping does not come to an end. SIGHUP
 * reads `config` anew, the file in which the settings stand; SIGUSR1 and SIGUSR2 are ignored. Call
 * it before any other thread runs.
 */
must_check enum err server_run(const struct settings *settings, const char *config,
                               control_answer *answer);

#endif
