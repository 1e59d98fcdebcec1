/* SPDX-License-Identifier: Apache-2.0 */
#include "common/message.h"
#include "common/measure.h"
#include "common/unix_socket.h"

#include <cotel/propagation.h>

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

/* Longer header names are not ours. */
#define HEADER_NAME_MAX 64

/* ---- the carrier: a JSON object of strings ------------------------------------------------ */

static bool copy_name(cotel_str key, char name[HEADER_NAME_MAX])
{
    if (key.size >= HEADER_NAME_MAX)
        return false;
    memcpy(name, key.data, key.size);
    name[key.size] = '\0';
    return true;
}

static void set_header(void *carrier, cotel_str key, cotel_str value)
{
    char name[HEADER_NAME_MAX];
    if (copy_name(key, name))
        json_object_set_new(carrier, name, json_stringn(value.data, value.size));
}

static cotel_str get_header(void *carrier, cotel_str key, size_t index)
{
    char name[HEADER_NAME_MAX];
    json_t *value = copy_name(key, name) ? json_object_get(carrier, name) : NULL;
    if (index > 0 || !json_is_string(value))
        return cotel_str_n(NULL, 0);
    return cotel_str_n(json_string_value(value), json_string_length(value));
}

static const cotel_setter json_setter = {sizeof json_setter, set_header};
static const cotel_getter json_getter = {sizeof json_getter, get_header, NULL};

/* ---- messages ----------------------------------------------------------------------------- */

bool message_send(int fd, const char *kind, json_t *body)
{
    json_t *headers = json_object();
    cotel_inject(NULL, &json_setter, headers);

    json_t *root = json_pack("{s:s, s:o, s:o}", "kind", kind, "headers", headers, "body", body);
    char *text = root ? json_dumps(root, JSON_COMPACT) : NULL;
    size_t size = text ? strlen(text) : 0;
    uint32_t prefix = htonl((uint32_t)size);
    bool sent = size > 0 && size <= MESSAGE_MAX_BYTES && socket_write(fd, &prefix, sizeof prefix) &&
                socket_write(fd, text, size);
    if (sent)
        measure_message(kind, true);
    free(text);
    json_decref(root);
    return sent;
}

static enum message_result to_message_result(enum socket_result result)
{
    switch (result) {
    case SOCKET_OK:
        return MESSAGE_OK;
    case SOCKET_CLOSED:
        return MESSAGE_CLOSED;
    case SOCKET_TIMEOUT:
        return MESSAGE_TIMEOUT;
    case SOCKET_FAILED:
        break;
    }
    return MESSAGE_BROKEN;
}

static bool parse(const char *text, size_t size, struct message *message)
{
    json_t *root = json_loadb(text, size, 0, NULL);
    if (json_unpack(root, "{s:s, s:o, s:o}", "kind", &message->kind, "headers", &message->headers,
                    "body", &message->body) != 0) {
        json_decref(root);
        return false;
    }
    message->root = root;
    return true;
}

enum message_result message_receive(int fd, int timeout_ms, struct message *message)
{
    uint32_t prefix;
    enum socket_result result = socket_read(fd, &prefix, sizeof prefix, timeout_ms);
    if (result != SOCKET_OK)
        return to_message_result(result);
    size_t size = ntohl(prefix);
    if (size > MESSAGE_MAX_BYTES)
        return MESSAGE_BROKEN;

    char *text = malloc(size ? size : 1);
    if (!text)
        return MESSAGE_BROKEN;
    result = socket_read(fd, text, size, timeout_ms);
    bool parsed = result == SOCKET_OK && parse(text, size, message);
    free(text);
    if (parsed) {
        measure_message(message->kind, false);
        return MESSAGE_OK;
    }
    return result == SOCKET_TIMEOUT ? MESSAGE_TIMEOUT : MESSAGE_BROKEN;
}

cotel_context *message_context(const struct message *message)
{
    /* On top of the empty context: what this thread happens to be doing is not the parent. */
    return cotel_extract(cotel_context_empty(), &json_getter, message->headers);
}

void message_free(struct message *message)
{
    json_decref(message->root);
    memset(message, 0, sizeof *message);
}

const char *message_result_name(enum message_result result)
{
    switch (result) {
    case MESSAGE_OK:
        return "none";
    case MESSAGE_CLOSED:
        return "agent_gone";
    case MESSAGE_TIMEOUT:
        return "timeout";
    case MESSAGE_BROKEN:
        break;
    }
    return "broken_message";
}
