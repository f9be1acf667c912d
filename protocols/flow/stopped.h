/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a person sees where her way ends, and how she gets on from there: whoever is logged in is told
 * so and led back; else she is led on in her flow, back to the partner, or to the doors of all partners
 * (docs/adr/0029).
 */
#ifndef PROTOCOLS_FLOW_STOPPED_H
#define PROTOCOLS_FLOW_STOPPED_H

#include "protocols/http/request.h"

/*
 * The refusal of a route that refuses by a page. A form of ours is answered by a redirect to
 * GET /stopped, which tells it, unless the problem is one that passes: then she may send the same
 * form again.
 */
void stopped_refuse(struct request *rq, const struct problem *problem);

#endif
