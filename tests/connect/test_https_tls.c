/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates of others (idp/connect/https.c): who is not proved is not spoken to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "idp/connect/https.h"

/* A TLS server on loopback that shows one certificate and counts the requests that reach it. */
struct tls_fixture {
    int listener;
    int port;
    EVP_PKEY *key;
    SSL_CTX *context;
    _Atomic int requests;
    _Atomic bool stopping;
    pthread_t thread;
    char ca_file[64];
    struct settings settings;
    struct https *https;
    struct arena *arena;
};

static X509 *
self_signed(struct tls_fixture *f, const char *name, const char *until)
{
    X509 *certificate = X509_new();
    X509_NAME *subject = X509_get_subject_name(certificate);
    char names[128];
    X509_EXTENSION *extension;

    snprintf(names, sizeof(names), "DNS:%s", name);
    extension = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, names);
    assert_non_null(extension);
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1,
                               0);
    X509_set_issuer_name(certificate, subject);
    ASN1_TIME_set_string(X509_getm_notBefore(certificate), "20200101000000Z");
    ASN1_TIME_set_string(X509_getm_notAfter(certificate), until);
    X509_set_pubkey(certificate, f->key);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    assert_true(X509_sign(certificate, f->key, EVP_sha256()) > 0);
    return certificate;
}

static void
client_served(struct tls_fixture *f, int client)
{
    static const char answer[] =
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    SSL *ssl = SSL_new(f->context);
    char request[4096];

    SSL_set_fd(ssl, client);
    if (SSL_accept(ssl) == 1 && SSL_read(ssl, request, sizeof(request)) > 0) {
        atomic_fetch_add(&f->requests, 1);
        SSL_write(ssl, answer, sizeof(answer) - 1);
        SSL_shutdown(ssl);
    }
    SSL_free(ssl);
    close(client);
}

static void *
serve(void *held)
{
    struct tls_fixture *f = held;
    int client;

    while ((client = accept(f->listener, NULL, NULL)) >= 0 && !atomic_load(&f->stopping)) {
        const struct timeval patience = { .tv_sec = 5 };

        setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
        client_served(f, client);
    }
    return NULL;
}

static void
listener_open(struct tls_fixture *f)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof(address);

    f->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(f->listener, (void *)&address, sizeof(address)), 0);
    assert_int_equal(listen(f->listener, 16), 0);
    assert_int_equal(getsockname(f->listener, (void *)&address, &size), 0);
    f->port = ntohs(address.sin_port);
}

static int
setup(void **state)
{
    struct tls_fixture *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    *state = f;
    signal(SIGPIPE, SIG_IGN); /* SSL_write to a client that turned away */
    snprintf(f->ca_file, sizeof(f->ca_file), "/tmp/tongxing-ca-XXXXXX");
    close(mkstemp(f->ca_file));
    f->settings.outbound.ca_file = "";
    f->settings.outbound.allow_loopback = true;
    f->arena = arena_new(1 << 20);
    f->https = https_new(&f->settings);
    f->key = EVP_EC_gen("P-256");
    f->context = SSL_CTX_new(TLS_server_method());
    assert_non_null(f->https);
    assert_non_null(f->key);
    listener_open(f);
    return pthread_create(&f->thread, NULL, serve, f);
}

static int
teardown(void **state)
{
    struct tls_fixture *f = *state;

    https_free(f->https);
    atomic_store(&f->stopping, true);
    shutdown(f->listener, SHUT_RDWR);
    pthread_join(f->thread, NULL);
    close(f->listener);
    SSL_CTX_free(f->context);
    EVP_PKEY_free(f->key);
    arena_free(f->arena);
    unlink(f->ca_file);
    free(f);
    return 0;
}

/* The server shows this certificate, and the operator's ca_file holds it too. */
static void
show(struct tls_fixture *f, const char *name, const char *until)
{
    X509 *certificate = self_signed(f, name, until);
    FILE *file = fopen(f->ca_file, "we");

    assert_non_null(file);
    assert_int_equal(PEM_write_X509(file, certificate), 1);
    fclose(file);
    assert_int_equal(SSL_CTX_use_certificate(f->context, certificate), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(f->context, f->key), 1);
    X509_free(certificate);
    f->settings.outbound.ca_file = f->ca_file;
}

static enum err
get(struct tls_fixture *f, enum https_trust trust)
{
    struct https_answer answer;
    const struct https_request request = {
        .method = "GET",
        .url = arena_printf(f->arena, "https://localhost:%d/", f->port),
        .trust = trust,
        .deadline_s = 5,
        .max_answer_bytes = 1000,
    };

    return https_call(f->https, f->arena, &request, &answer);
}

static void
assert_refused_before_a_request(struct tls_fixture *f)
{
    assert_int_equal(get(f, TRUST_PARTNER), ERR_UNAVAILABLE);
    assert_int_equal(get(f, TRUST_CONFIGURED), ERR_UNAVAILABLE);
    assert_int_equal(f->requests, 0);
}

static void
a_certificate_of_the_operators_file_is_trusted(void **state)
{
    struct tls_fixture *f = *state;

    show(f, "localhost", "20491231235959Z");
    assert_int_equal(get(f, TRUST_PARTNER), OK);
    assert_int_equal(get(f, TRUST_CONFIGURED), OK);
    assert_int_equal(f->requests, 2);
}

static void
a_self_signed_certificate_is_refused(void **state)
{
    struct tls_fixture *f = *state;

    show(f, "localhost", "20491231235959Z");
    f->settings.outbound.ca_file = "";
    assert_refused_before_a_request(f);
}

static void
an_expired_certificate_is_refused(void **state)
{
    struct tls_fixture *f = *state;

    show(f, "localhost", "20201231235959Z");
    assert_refused_before_a_request(f);
}

static void
a_certificate_of_another_host_is_refused(void **state)
{
    struct tls_fixture *f = *state;

    show(f, "partner.example", "20491231235959Z");
    assert_refused_before_a_request(f);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_certificate_of_the_operators_file_is_trusted),
        TEST(a_self_signed_certificate_is_refused),
        TEST(an_expired_certificate_is_refused),
        TEST(a_certificate_of_another_host_is_refused),
    };

    return cmocka_run_group_tests_name("https_tls", tests, NULL, NULL);
}
