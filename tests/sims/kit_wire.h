/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UnionPay ACP 5.1.0 text as the network side reads and signs it; written without a look at
 * idp/connect.
 */
#ifndef TESTS_SIMS_KIT_WIRE_H
#define TESTS_SIMS_KIT_WIRE_H

#include <stdbool.h>

#include "idp/base/buf.h"
#include "tests/sims/kit_pki.h"

#define FIELDS_MAX 64

/* Kept sorted by name, which is the order that signatures want. */
struct wire {
    size_t count;
    const char *names[FIELDS_MAX];
    const char *values[FIELDS_MAX];
};

/* What does not fit any more is dropped. */
void wire_put(struct wire *message, const char *name, const char *value);

/* "" when absent. */
const char *wire_find(const struct wire *message, const char *name);

/* Of a form body, values decoded. */
struct wire wire_read(struct arena *arena, const char *form);

/* name=value joined by '&', with or without the signature. */
struct buf wire_written(struct arena *arena, const struct wire *message, bool with_signature);

/* An element of customerInfo ("phoneNo"); "" when absent. */
const char *wire_customer(struct arena *arena, const struct wire *message, const char *key);

bool wire_merchant_signed(const struct pki *pki, struct arena *arena, const struct wire *message);
void wire_network_sign(const struct pki *pki, struct arena *arena, struct wire *reply);

#endif
