#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "chttp.h"

// A transfer handle and the one that drives it: both are kept, and the connection with them.
typedef struct session {
  CURL *easy;
  CURLM *multi;
  struct session *next;
} session;

typedef struct {
  pthread_mutex_t lock;
  session *idle;
} client_state;

typedef struct {
  const chttp_receiver *receiver;
  bool was_ended;
  double last_byte;
} exchange_state;

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void initialise(void) { curl_global_init(CURL_GLOBAL_DEFAULT); }

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec * 1e-9;
}

static void end_session(session *session) {
  if (session->easy) curl_easy_cleanup(session->easy);
  if (session->multi) curl_multi_cleanup(session->multi);
  free(session);
}

chttp_client chttp_open(void) {
  pthread_once(&once, initialise);
  client_state *client = calloc(1, sizeof *client);
  if (client) pthread_mutex_init(&client->lock, NULL);
  return (chttp_client)client;
}

void chttp_close(chttp_client number) {
  client_state *client = (client_state *)number;
  if (!client) return;
  while (client->idle) {
    session *session = client->idle;
    client->idle = session->next;
    end_session(session);
  }
  pthread_mutex_destroy(&client->lock);
  free(client);
}

static session *take_session(client_state *client) {
  pthread_mutex_lock(&client->lock);
  session *found = client->idle;
  if (found) client->idle = found->next;
  pthread_mutex_unlock(&client->lock);
  if (found) return found;
  found = calloc(1, sizeof *found);
  if (!found) return NULL;
  found->easy = curl_easy_init();
  found->multi = curl_multi_init();
  if (found->easy && found->multi) return found;
  end_session(found);
  return NULL;
}

static void give_back(client_state *client, session *session) {
  curl_easy_reset(session->easy);  // forgets the options; connections and the session's multi handle stay
  pthread_mutex_lock(&client->lock);
  session->next = client->idle;
  client->idle = session;
  pthread_mutex_unlock(&client->lock);
}

static size_t take_line(char *text, size_t size, size_t count, void *context) {
  exchange_state *state = context;
  size_t bytes = size * count, kept = bytes;
  while (kept > 0 && (text[kept - 1] == '\n' || text[kept - 1] == '\r')) kept--;
  state->last_byte = now();
  if (state->receiver->line(state->receiver->context, text, kept)) return bytes;
  state->was_ended = true;
  return bytes + 1;  // anything but `bytes` ends the transfer
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context) {
  exchange_state *state = context;
  bool goes_on = state->receiver->body(state->receiver->context, (const uint8_t *)bytes, size * count);
  state->last_byte = now();  // after the receiver, which may have taken its time
  if (goes_on) return size * count;
  state->was_ended = true;
  return size * count + 1;
}

// Whether every option was taken; the list of headers has to outlive the transfer.
static bool set_options(CURL *easy, const chttp_request *request, exchange_state *state, struct curl_slist *headers,
                        char error[CURL_ERROR_SIZE]) {
  bool fine = true;
#define SET(option, value) fine = curl_easy_setopt(easy, option, value) == CURLE_OK && fine
  SET(CURLOPT_ERRORBUFFER, error);
  SET(CURLOPT_URL, request->url);
#if LIBCURL_VERSION_NUM >= 0x075500
  SET(CURLOPT_PROTOCOLS_STR, "http,https");
#else
  SET(CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
  SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  SET(CURLOPT_FOLLOWLOCATION, 0L);
  SET(CURLOPT_NOSIGNAL, 1L);
  SET(CURLOPT_BUFFERSIZE, 256L << 10);
  SET(CURLOPT_HTTPHEADER, headers);
  SET(CURLOPT_CONNECTTIMEOUT_MS, request->connect);
  SET(CURLOPT_PROXY, request->proxy ? request->proxy : "");
  SET(CURLOPT_NOPROXY, "");
  SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (request->proxy) SET(CURLOPT_HTTPPROXYTUNNEL, 1L);
  if (request->user) SET(CURLOPT_PROXYUSERNAME, request->user);
  if (request->password) SET(CURLOPT_PROXYPASSWORD, request->password);
  if (request->body) {
    SET(CURLOPT_POST, 1L);
    SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_bytes);
    SET(CURLOPT_POSTFIELDS, (const char *)request->body);
  }
  SET(CURLOPT_HEADERFUNCTION, take_line);
  SET(CURLOPT_HEADERDATA, state);
  SET(CURLOPT_WRITEFUNCTION, take_body);
  SET(CURLOPT_WRITEDATA, state);
#undef SET
  return fine;
}

// Drives the transfer to its end or to a limit.
static chttp_outcome drive(session *session, const chttp_request *request, exchange_state *state, CURLcode *code) {
  const double start = now();
  state->last_byte = start;
  for (;;) {
    int running = 0, messages = 0;
    if (curl_multi_perform(session->multi, &running) != CURLM_OK) return CHTTP_UNUSABLE;
    const CURLMsg *message = curl_multi_info_read(session->multi, &messages);
    if (message && message->msg == CURLMSG_DONE) {
      *code = message->data.result;
      return CHTTP_DONE;
    }
    if (!state->receiver->goes_on(state->receiver->context)) return CHTTP_ENDED_BY_RECEIVER;
    const double time = now();
    if (request->total && (time - start) * 1e3 > request->total) return CHTTP_OUT_OF_TIME;
    if (request->silence && (time - state->last_byte) * 1e3 > request->silence) return CHTTP_SILENT;
    curl_multi_poll(session->multi, NULL, 0, 50, NULL);
  }
}

static chttp_outcome outcome(CURLcode code) {
  switch (code) {
    case CURLE_OK: return CHTTP_DONE;
    case CURLE_OPERATION_TIMEDOUT: return CHTTP_NO_CONNECTION_IN_TIME;  // no other limit is given to the library
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_UNSUPPORTED_PROTOCOL: return CHTTP_BROKEN;
    case CURLE_OUT_OF_MEMORY:
    case CURLE_URL_MALFORMAT: return CHTTP_UNUSABLE;
    default: return CHTTP_NOT_REACHED;
  }
}

static chttp_outcome perform(session *session, const chttp_request *request, const chttp_receiver *receiver,
                             struct curl_slist *headers, char message[CHTTP_MESSAGE_BYTES]) {
  char error[CURL_ERROR_SIZE] = "";
  exchange_state state = {.receiver = receiver};
  if (!set_options(session->easy, request, &state, headers, error)) return CHTTP_UNUSABLE;
  if (curl_multi_add_handle(session->multi, session->easy) != CURLM_OK) return CHTTP_UNUSABLE;
  CURLcode code = CURLE_OK;
  chttp_outcome result = drive(session, request, &state, &code);
  if (state.was_ended) {
    result = CHTTP_ENDED_BY_RECEIVER;
  } else if (result == CHTTP_DONE) {
    result = outcome(code);
    long system = 0;
    curl_easy_getinfo(session->easy, CURLINFO_OS_ERRNO, &system);
    const char *words = code == CURLE_COULDNT_CONNECT && system ? strerror((int)system)
                        : *error                                ? error
                                                                : curl_easy_strerror(code);
    strncpy(message, words, CHTTP_MESSAGE_BYTES - 1);
  }
  curl_multi_remove_handle(session->multi, session->easy);
  return result;
}

chttp_outcome chttp_exchange(chttp_client number, const chttp_request *request, const chttp_receiver *receiver,
                             char message[CHTTP_MESSAGE_BYTES]) {
  memset(message, 0, CHTTP_MESSAGE_BYTES);
  client_state *client = (client_state *)number;
  session *session = client ? take_session(client) : NULL;
  if (!session) return CHTTP_UNUSABLE;
  struct curl_slist *headers = NULL;
  bool fine = true;
  for (const char *const *header = request->headers; fine && *header; header++) {
    struct curl_slist *longer = curl_slist_append(headers, *header);
    fine = longer != NULL;
    if (fine) headers = longer;
  }
  chttp_outcome result = fine ? perform(session, request, receiver, headers, message) : CHTTP_UNUSABLE;
  curl_slist_free_all(headers);
  give_back(client, session);
  return result;
}
