/* SPDX-License-Identifier: Apache-2.0 */
/* What is no signed token, for whoever reads tokens: keys/jws_read.c and the validation kit. */
#ifndef TESTS_KEYS_JWS_CASES_H
#define TESTS_KEYS_JWS_CASES_H

#define JWS_CASES __attribute__((unused)) static const char *const

/* A good header where %s stands; without, as it is. Not three segments, or one that is empty. */
JWS_CASES bad_shapes[] = { "",       "%s",     "%s.AA", "%s.AA.",        "%s..AA",
                           ".AA.AA", "%s..",   "..",    "%s.AA.AA.",     "%s.AA.AA.AA",
                           ".%s.AA", "%s.AA ", ".....", "%s.AA.AA.AA.AA" };

/* JW-01. */
JWS_CASES unsigned_headers[] = {
    "{\"alg\":\"none\"}", "{\"alg\":\"None\"}", "{\"alg\":\"nOnE\"}", "{\"alg\":\"NONE\"}",
    "{\"alg\":\"\"}",     "{\"typ\":\"JWT\"}",  "{\"alg\":null}",     "{\"alg\":[\"ES256\"]}",
};

/* JW-07: crit in any form. */
JWS_CASES crit_values[] = { "[\"exp\"]", "[]", "\"exp\"", "null", "[\"b64\"]", "{}" };

/* JW-08, JW-09, and no object with a known alg. */
JWS_CASES bad_headers[] = {
    "{\"alg\":\"ES256\",\"b64\":false}",
    "{\"alg\":\"ES256\",\"b64\":true}",
    "{\"alg\":\"ES256\",\"alg\":\"ES256\"}",
    "{\"alg\":\"ES256\",\"x\":{\"a\":1,\"a\":1}}",
    "{\"alg\":\"ES256\",\"\\u0061lg\":\"none\"}",
    "{\"alg\":\"ES256\",\"kid\":\"a\\u0000b\"}",
    "{\"alg\":\"ES256\",\"kid\":7}",
    "{\"alg\":\"ES256\",\"kid\":null}",
    "[]",
    "\"ES256\"",
    "null",
    "{}",
    "{",
    "{\"alg\":\"ES256\"}x",
    "{\"alg\":\"ES256\",}",
    "{\"alg\":\"none\"}",
    "{\"alg\":\"es256\"}",
    "{\"alg\":\"RS384\"}",
    "{\"alg\":7}",
    "{\"alg\":\"ES256\",\"typ\":7}",
    "{\"ALG\":\"ES256\"}",
    "{\"alg\":\"ES256\",\"typ\":\"\xff\"}",
};

/* JW-18: what may not stand behind a token, and tokens of another spelling. */
JWS_CASES bad_tails[] = { "=", "==", "+",   "/",    " ",    "\n",      "\t",
                          "!", "~",  "%3D", "====", "!!!!", "\xc3\xa9" };
JWS_CASES bad_spellings[] = {
    "eyJhbGciOiJFUzI1NiJ9=.AA.AA", "eyJhbGciOiJFUzI1NiJ9.AA==.AA", " eyJhbGciOiJFUzI1NiJ9.AA.AA",
    "eyJhbGciOiJFUzI1NiJ9.A+.AA",  "eyJhbGciOiJFUzI1NiJ9.A/.AA",   "eyJhbGciOiJFUzI1NiJ9.AA\n.AA",
    "eyJhbGciOiJFUzI1NiJ9.AB.AA",  "eyJhbGciOiJFUzI1NiJ9.AA.AB",   "eyJhbGciOiJFUzI1NiJ9.AAB.AA",
    "eyJhbGciOiJFUzI1NiJ9.A.AA",
};

/* JW-15: r and s of P-256 one behind the other; one of them is no number from 1 to the order less 1. */
#define ZERO_256 "0000000000000000000000000000000000000000000000000000000000000000"
#define ONE_256 "0000000000000000000000000000000000000000000000000000000000000001"
#define ORDER_256 "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
#define ALL_256 "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
JWS_CASES signatures_out_of_range[] = { ZERO_256 ZERO_256,  ZERO_256 ONE_256,   ONE_256 ZERO_256,
                                        ORDER_256 ONE_256,  ONE_256 ORDER_256,  ALL_256 ALL_256,
                                        ORDER_256 ZERO_256, ORDER_256 ORDER_256 };

#define CASES_OF(table) (sizeof(table) / sizeof((table)[0]))

#endif
