/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <time.h>

static X509 *
first_of(struct bytes pem)
{
    BIO *bio = BIO_new_mem_buf(pem.at, (int)pem.size);
    X509 *certificate = bio != NULL ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;

    BIO_free(bio);
    ERR_clear_error();
    return certificate;
}

enum err
certificate_end(struct bytes pem, unix_s *out)
{
    X509 *certificate = first_of(pem);
    struct tm tm = { 0 };
    bool read = certificate != NULL && ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &tm) == 1;

    X509_free(certificate);
    if (!read)
        return ERR_INVALID;
    *out = timegm(&tm);
    return OK;
}
