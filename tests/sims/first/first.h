/* SPDX-License-Identifier: Apache-2.0 */
/* What the demo's first page knows of the demo. */
#ifndef TESTS_SIMS_FIRST_FIRST_H
#define TESTS_SIMS_FIRST_FIRST_H

#include "idp/base/language.h"
#include "tests/sims/kit.h"

/* Addresses have no '/' at the end. */
struct first {
    const char *base_url; /* of this page */
    const char *issuer;
    const char *hall;
    const char *wechat;
    const char *kiosk;
    const char *hotline;
    const char *hospital;
    const char *app;
    const char *desk;   /* codes for who wants to sit at a counter; NULL: there are no staff */
    const char *staff;  /* the staff listener */
    const char *window; /* a business system of the counter */
    const char *inbox;
    const char *admin;
    const char *partners[2]; /* the hall and the hospital as this machine reaches them */
    const char *data;        /* the folder */
    const char *apply;    /* the program that makes the registered partners those of the folder */
    const char *tongxing; /* the program, and its configuration */
    const char *config;
    const char *ca_file; /* who signed the issuer's certificate; NULL: somebody known */
    const char *ready_password;
    const char *ready_trouble; /* NULL: the account is there */
    const char *csrf;
};

/* A request for one of its pages. */
struct first_turn {
    const struct first *first;
    const struct kit_request *request;
    struct kit_answer *answer;
    struct arena *arena;
    enum language language;
    bool local; /* the browser runs on this machine */
};

#endif
