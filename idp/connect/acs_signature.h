/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How Alibaba Cloud wants its API calls signed: ACS3-HMAC-SHA256, "signature method V3", with
 * parameters in the query.
 */
#ifndef IDP_CONNECT_ACS_SIGNATURE_H
#define IDP_CONNECT_ACS_SIGNATURE_H

#include "idp/base/arena.h"

/* A POST to "/" with an empty body. */
struct acs_call {
    const char
        *host; /* as the Host header says it, with the port where that is not the scheme's own */
    const char *action;
    const char *version;
    const char *date;  /* RFC 3339, UTC; good for 15 minutes */
    const char *nonce; /* never used twice */
    const char *query; /* percent-encoded, ordered by name */
};

struct acs_key {
    const char *id;
    const char *secret;
};

/* SHA-256 of the empty body in hex: the header x-acs-content-sha256. */
#define ACS_EMPTY_SHA256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

/* The value of the Authorization header. */
const char *acs_authorization(struct arena *arena, const struct acs_call *call,
                              const struct acs_key *key);

#endif
