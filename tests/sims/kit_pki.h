/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The certificates that the bank simulator makes for itself, for the merchant, and for its forged
 * answers.
 */
#ifndef TESTS_SIMS_KIT_PKI_H
#define TESTS_SIMS_KIT_PKI_H

#include <openssl/evp.h>
#include <openssl/x509.h>

/*
 * Which certificate signs an answer. All hold the leaf's key, so that only the certificate is
 * wrong.
 */
enum pki_leaf {
    PKI_LEAF,  /* good */
    PKI_STRAY, /* issued under the middle's name by somebody else's key */
    PKI_EXPIRED,
    PKI_COMPANY, /* another company's name */
    PKI_TEST,    /* the name that the test network signs under */
    PKI_LEAF_COUNT
};

struct pki {
    EVP_PKEY *leaf_key;
    char *leaf_pems[PKI_LEAF_COUNT];
    X509 *merchant;
    char *merchant_id; /* serial in decimal */
};

/*
 * Load the chain kept in the folder, after making it there when there is none: root.pem,
 * middle.pem, the leaves, merchant.pem and merchant.key. Exits with a message when it cannot.
 */
struct pki pki_open(const char *folder);

#endif
