// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

// wrk has no options for a client certificate and for the address that it calls from, and OpenSSL takes no certificates
// from the system_default section of its configuration. Preloaded, this gives it both; nothing of its loop is touched.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#define PEM 1

extern int SSL_CTX_use_certificate_chain_file(void *context, const char *file);
extern int SSL_CTX_use_PrivateKey_file(void *context, const char *file, int type);

static void check(int good, const char *what) {
  if (!good) {
    fprintf(stderr, "wrk-caller: %s\n", what);
    exit(1);
  }
}

void *SSL_CTX_new(const void *method) {
  void *(*original)(const void *) = (void *(*)(const void *))dlsym(RTLD_NEXT, "SSL_CTX_new");
  void *context = original(method);
  const char *chain = getenv("WRK_CHAIN");
  if (context != NULL && chain != NULL) {
    const char *key = getenv("WRK_KEY");
    check(SSL_CTX_use_certificate_chain_file(context, chain) == 1, "WRK_CHAIN cannot be used");
    check(key != NULL && SSL_CTX_use_PrivateKey_file(context, key, PEM) == 1, "WRK_KEY cannot be used");
  }
  return context;
}

int connect(int socket, const struct sockaddr *address, socklen_t length) {
  int (*original)(int, const struct sockaddr *, socklen_t) =
      (int (*)(int, const struct sockaddr *, socklen_t))dlsym(RTLD_NEXT, "connect");
  const char *source = getenv("WRK_SOURCE");
  if (address->sa_family == AF_INET && source != NULL) {
    struct sockaddr_in from = {.sin_family = AF_INET};
    check(inet_pton(AF_INET, source, &from.sin_addr) == 1, "WRK_SOURCE is no address");
    check(bind(socket, (struct sockaddr *)&from, sizeof from) == 0, "WRK_SOURCE cannot be bound to");
  }
  return original(socket, address, length);
}
