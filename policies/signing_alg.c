/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/signing_alg.h"

/* clang-format off */
const char words_of_keys[] =
#define ALG_OF_KEYS(value, name) " " name
#define ALG_OF_SECRETS(value, name)
#define ALG_OF_CODES(value, name)
#include "policies/signing_alg.def"
#undef ALG_OF_KEYS
#undef ALG_OF_SECRETS
#undef ALG_OF_CODES
    ;

const char words_of_secrets[] =
#define ALG_OF_KEYS(value, name)
#define ALG_OF_SECRETS(value, name) " " name
#define ALG_OF_CODES(value, name)
#include "policies/signing_alg.def"
#undef ALG_OF_KEYS
#undef ALG_OF_SECRETS
#undef ALG_OF_CODES
    ;

const char words_of_assertions[] =
#define ALG_OF_KEYS(value, name) " " name
#define ALG_OF_SECRETS(value, name) " " name
#define ALG_OF_CODES(value, name)
#include "policies/signing_alg.def"
#undef ALG_OF_KEYS
#undef ALG_OF_SECRETS
#undef ALG_OF_CODES
    ;
/* clang-format on */
