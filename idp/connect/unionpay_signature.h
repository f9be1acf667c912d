/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who signs UnionPay messages (signMethod 01): the merchant's key for requests, the network's
 * certificate for replies.
 */
#ifndef IDP_CONNECT_UNIONPAY_SIGNATURE_H
#define IDP_CONNECT_UNIONPAY_SIGNATURE_H

#include <stdbool.h>

#include "idp/base/env.h"
#include "idp/connect/unionpay_message.h"

struct unionpay_signer;
struct unionpay_trust;

/*
 * PEM files. ERR_NOT_FOUND: cannot be read; ERR_INVALID: not RSA of 2048 bits or more, or not a
 * pair.
 */
must_check enum err unionpay_signer_new(const char *certificate_file, const char *key_file,
                                        struct unionpay_signer **out);
void unionpay_signer_free(struct unionpay_signer *signer);

/*
 * Sets certId (the certificate's serial in decimal), signMethod and signature. ERR_INTERNAL when
 * OpenSSL fails.
 */
must_check enum err unionpay_sign(const struct unionpay_signer *signer, struct arena *arena,
                                  struct unionpay_message *message);

/*
 * The chain that the network's certificate must end in; no system root counts. `test_network` also
 * accepts the name that the test network signs under. Errors as above.
 */
must_check enum err unionpay_trust_new(const char *root_file, const char *middle_file,
                                       bool test_network, struct unionpay_trust **out);
void unionpay_trust_free(struct unionpay_trust *trust);

/*
 * ERR_FORGED unless the reply was signed under a certificate that is of the chain, valid at `now`
 * and in the network's name. What the reply says about whom is not looked at here.
 */
must_check enum err unionpay_verify(const struct unionpay_trust *trust, struct arena *arena,
                                    const struct unionpay_message *reply, unix_s now);

#endif
