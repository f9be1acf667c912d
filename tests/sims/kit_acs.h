/* SPDX-License-Identifier: Apache-2.0 */
/* The gateway's side of ACS3-HMAC-SHA256, written anew: idp/connect/acs_signature.h is what it judges. */
#ifndef TESTS_SIMS_KIT_ACS_H
#define TESTS_SIMS_KIT_ACS_H

#include "tests/sims/kit.h"

/* The part of the Authorization header behind "Name=", up to the next comma. */
const char *kit_acs_part(const struct kit_request *request, const char *name);

bool kit_acs_signature_holds(const struct kit_request *request, const char *secret);

/* All that belongs to the call is under the signature. */
bool kit_acs_covers_all(const struct kit_request *request);

#endif
