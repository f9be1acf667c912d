/* SPDX-License-Identifier: Apache-2.0 */
/* A request behind the engine: its parts on workers, and on a lane in between. */
#ifndef IDP_SERVER_ENGINE_WORK_H
#define IDP_SERVER_ENGINE_WORK_H

#include <microhttpd.h>

#include "idp/server/engine/worker.h"

struct exchange;

/* Suspends the connection and hands its request to the workers; on_request() is called again
 * once there is an answer. */
enum MHD_Result work_submit(struct exchange *ex);

/* Callbacks of the workers and of the lanes (worker.h). */
void work_run(struct job *job, struct store *st);
void work_ask(struct job *job, struct store *st);
void work_drop(struct job *job);
void work_expire(struct job *job);
void work_end(struct job *job);

#endif
