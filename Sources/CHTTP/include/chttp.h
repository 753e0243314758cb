// Exchanges with HTTP servers by libcurl: one request, one answer, on the calling thread. Redirects are not followed, HTTP/1.1
// is spoken, and the environment's proxies are not read.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Connections that are kept open for later exchanges. A number, as a file descriptor is; 0 is none.
typedef uintptr_t chttp_client;

// 0 when there is no memory.
chttp_client chttp_open(void);
// No exchange may be running.
void chttp_close(chttp_client client);

typedef struct {
  const char *url;
  // "Name: value", ended by NULL.
  const char *const *headers;
  // Posted where it is not NULL.
  const uint8_t *body;
  size_t body_bytes;
  // "http://HOST:PORT", through which every connection is tunnelled; NULL for none.
  const char *proxy;
  // Of the proxy; NULL for none.
  const char *user, *password;
  // Milliseconds until there must be a connection, between two bytes, and in all; 0 is no limit.
  long connect, silence, total;
} chttp_request;

// What is told of an answer, on the thread of the exchange. A false ends the exchange.
typedef struct {
  void *context;
  // A line of the head without its end, the status line first; the empty line ends the head.
  bool (*line)(void *context, const char *text, size_t bytes);
  bool (*body)(void *context, const uint8_t *bytes, size_t count);
  // Asked some twenty times a second, while the server is silent too.
  bool (*goes_on)(void *context);
} chttp_receiver;

typedef enum {
  CHTTP_DONE,
  CHTTP_ENDED_BY_RECEIVER,
  CHTTP_NO_CONNECTION_IN_TIME,
  CHTTP_SILENT,
  CHTTP_OUT_OF_TIME,
  // There was a connection, and it broke or something else than HTTP came.
  CHTTP_BROKEN,
  // There was no connection: an unknown name, a refusal, a certificate.
  CHTTP_NOT_REACHED,
  // Nothing was asked: the request cannot be.
  CHTTP_UNUSABLE,
} chttp_outcome;

enum { CHTTP_MESSAGE_BYTES = 256 };

// Asks, and tells the receiver what comes. `message` says in words why the outcome is not `CHTTP_DONE`.
chttp_outcome chttp_exchange(chttp_client client, const chttp_request *request, const chttp_receiver *receiver,
                             char message[CHTTP_MESSAGE_BYTES]);
