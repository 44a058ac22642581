#include "web/http/head.h"

#include "percent_internal.h"

enum {
    LONGEST_METHOD = 16,
    LONGEST_LINE = LONGEST_METHOD + 1 + TF_HEAD_MAX_TARGET + (int)sizeof " HTTP/1.1",
};

static const tf_refusal fine = {0, NULL};

static tf_refusal refuse(int status, const char *reason) {
    return (tf_refusal){status, reason};
}

static bool is_token_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_token(tf_text text) {
    for (size_t i = 0; i < text.length; i++) {
        if (!is_token_byte(text.data[i])) {
            return false;
        }
    }
    return text.length > 0;
}

static bool is_known_method(tf_text method) {
    static const char *const known[] = {"GET",     "HEAD",    "POST",  "PUT",   "DELETE",
                                        "OPTIONS", "CONNECT", "TRACE", "PATCH", "QUERY"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (tf_text_equal(method, tf_text_of(known[i]))) {
            return true;
        }
    }
    return false;
}

tf_refusal tf_head_measure(tf_text arrived, size_t *scanned, size_t *length_out) {
    *length_out = 0;
    if (arrived.length && !is_token_byte(arrived.data[0])) {
        return refuse(400, "The request does not start with a method");
    }
    size_t end = arrived.length < TF_HEAD_MAX_SIZE ? arrived.length : TF_HEAD_MAX_SIZE;
    const char *data = arrived.data;
    while (*scanned < end) {
        const char *line_feed = memchr(data + *scanned, '\n', end - *scanned);
        if (!line_feed) {
            *scanned = end;
            break;
        }
        size_t at = (size_t)(line_feed - data);
        if (at == 0 || data[at - 1] != '\r') {
            return refuse(400, "A line of the request does not end with CR LF");
        }
        if (at >= 3 && data[at - 2] == '\n') {
            *length_out = at + 1;
            return fine;
        }
        *scanned = at + 1;
    }
    size_t first_line = end < LONGEST_LINE ? end : LONGEST_LINE;
    if (first_line == LONGEST_LINE && !memchr(data, '\n', first_line)) {
        return refuse(414, "The address is too long");
    }
    if (end == TF_HEAD_MAX_SIZE) {
        return refuse(431, "The headers of the request are too long");
    }
    return fine;
}

/* Whether a segment of a path can be decoded to text that names one thing. */
static bool is_sound_segment(tf_text segment) {
    char decoded[TF_HEAD_MAX_TARGET];
    size_t length;
    if (!tf_percent_decode(segment, false, decoded, &length)) {
        return false;
    }
    tf_text text = {decoded, length};
    return !tf_text_equal(text, tf_text_of(".")) && !tf_text_equal(text, tf_text_of("..")) &&
           !tf_has_control(text, "") && tf_text_is_utf8(text);
}

static tf_refusal parse_target(tf_head *head) {
    tf_text target = head->target;
    if (target.length > TF_HEAD_MAX_TARGET) {
        return refuse(414, "The address is too long");
    }
    if (target.length == 0 || target.data[0] != '/') {
        return refuse(400, "The address does not start with a slash");
    }
    for (size_t i = 0; i < target.length; i++) {
        if (target.data[i] < 0x21 || target.data[i] > 0x7E || target.data[i] == '#') {
            return refuse(400, "The address has a character that must be escaped");
        }
    }
    const char *mark = memchr(target.data, '?', target.length);
    head->path = target;
    head->query = (tf_text){"", 0};
    if (mark) {
        head->path.length = (size_t)(mark - target.data);
        head->query = (tf_text){mark + 1, target.length - head->path.length - 1};
    }
    const char *at = head->path.data + 1;
    const char *end = head->path.data + head->path.length;
    for (;;) {
        const char *slash = memchr(at, '/', (size_t)(end - at));
        const char *segment_end = slash ? slash : end;
        if (!is_sound_segment((tf_text){at, (size_t)(segment_end - at)})) {
            return refuse(400, "The path of the address is malformed");
        }
        if (!slash) {
            return fine;
        }
        at = slash + 1;
    }
}

static tf_refusal parse_version(tf_text version, tf_head *head) {
    if (tf_text_equal(version, tf_text_of("HTTP/1.1"))) {
        head->minor_version = 1;
        return fine;
    }
    if (tf_text_equal(version, tf_text_of("HTTP/1.0"))) {
        head->minor_version = 0;
        return fine;
    }
    bool is_other = version.length == 8 && tf_text_starts_with(version, "HTTP/") &&
                    version.data[5] >= '0' && version.data[5] <= '9' && version.data[6] == '.' &&
                    version.data[7] >= '0' && version.data[7] <= '9';
    return is_other ? refuse(505, "This server speaks HTTP/1.1")
                    : refuse(400, "The first line of the request is malformed");
}

/* "GET /path HTTP/1.1" with one space between each. */
static tf_refusal parse_request_line(tf_text line, tf_head *head) {
    const char *first = memchr(line.data, ' ', line.length);
    const char *last = memrchr(line.data, ' ', line.length);
    if (!first || first == last) {
        return refuse(400, "The first line of the request is malformed");
    }
    head->method = (tf_text){line.data, (size_t)(first - line.data)};
    head->target = (tf_text){first + 1, (size_t)(last - first - 1)};
    if (!is_token(head->method)) {
        return refuse(400, "The method of the request is malformed");
    }
    tf_refusal refusal =
        parse_version((tf_text){last + 1, (size_t)(line.data + line.length - last - 1)}, head);
    if (refusal.status) {
        return refusal;
    }
    if (!is_known_method(head->method)) {
        return refuse(501, "This server does not know the method of the request");
    }
    return parse_target(head);
}

static bool is_value_sound(tf_text value) {
    for (size_t i = 0; i < value.length; i++) {
        unsigned char byte = (unsigned char)value.data[i];
        if ((byte < 0x20 && byte != '\t') || byte >= 0x7F) {
            return false;
        }
    }
    return true;
}

static bool is_all(tf_text text, bool (*is_fine)(char c)) {
    for (size_t i = 0; i < text.length; i++) {
        if (!is_fine(text.data[i])) {
            return false;
        }
    }
    return true;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' ||
           c == '.' || c == '_';
}

static bool is_ipv6_byte(char c) {
    return tf_hex_value(c) >= 0 || c == ':' || c == '.';
}

/* A host and a port (RFC 3986, section 3.2.2), without a user's name. */
static bool is_host(tf_text host) {
    bool is_ipv6 = host.length && host.data[0] == '[';
    const char *end = host.length ? memchr(host.data, is_ipv6 ? ']' : ':', host.length) : NULL;
    if (is_ipv6 && !end) {
        return false;
    }
    size_t mark = is_ipv6 ? 1 : 0;
    size_t name_end = end ? (size_t)(end - host.data) : host.length;
    tf_text name = {host.data + mark, name_end - mark};
    tf_text port = {host.data + name_end + mark, host.length - name_end - mark};
    if (name.length == 0 || !is_all(name, is_ipv6 ? is_ipv6_byte : is_name_byte)) {
        return false;
    }
    return port.length == 0 || (port.length <= 6 && port.data[0] == ':' &&
                                is_all((tf_text){port.data + 1, port.length - 1}, is_digit));
}

static tf_refusal take_length(tf_head *head, tf_text value) {
    if (head->has_length) {
        return refuse(400, "The request says its length twice");
    }
    uint64_t length = 0;
    bool is_huge = false;
    for (size_t i = 0; i < value.length; i++) {
        if (value.data[i] < '0' || value.data[i] > '9') {
            return refuse(400, "The length of the request is not a number");
        }
        is_huge |= __builtin_mul_overflow(length, 10, &length) ||
                   __builtin_add_overflow(length, value.data[i] - '0', &length);
    }
    if (value.length == 0) {
        return refuse(400, "The length of the request is not a number");
    }
    if (is_huge) {
        return refuse(413, "The request is too large");
    }
    head->length = length;
    head->has_length = true;
    return fine;
}

/* Whether a comma-separated list of words has this one. */
static bool list_has(tf_text list, const char *word) {
    tf_text wanted = tf_text_of(word);
    while (list.length) {
        const char *comma = memchr(list.data, ',', list.length);
        size_t length = comma ? (size_t)(comma - list.data) : list.length;
        if (tf_text_equal_fold(tf_text_trim((tf_text){list.data, length}), wanted)) {
            return true;
        }
        length += comma != NULL;
        list.data += length;
        list.length -= length;
    }
    return false;
}

typedef struct framing {
    int hosts;
    int transfer_encodings;
    bool says_close;
    bool says_keep_alive;
} framing;

/* Keep what decides where the request ends and whom it is for. */
static tf_refusal take_header(tf_head *head, framing *seen, tf_header header) {
    tf_text name = header.name;
    tf_text value = header.value;
    if (tf_text_equal_fold(name, tf_text_of("host"))) {
        head->host = value;
        if (seen->hosts++) {
            return refuse(400, "The request names two hosts");
        }
        if (!is_host(value)) {
            return refuse(400, "The host that the request names is malformed");
        }
    } else if (tf_text_equal_fold(name, tf_text_of("content-length"))) {
        return take_length(head, value);
    } else if (tf_text_equal_fold(name, tf_text_of("transfer-encoding"))) {
        if (seen->transfer_encodings++ || !tf_text_equal_fold(value, tf_text_of("chunked"))) {
            return refuse(400, "The only transfer coding is chunked, once");
        }
        head->is_chunked = true;
    } else if (tf_text_equal_fold(name, tf_text_of("connection"))) {
        seen->says_close |= list_has(value, "close");
        seen->says_keep_alive |= list_has(value, "keep-alive");
    } else if (tf_text_equal_fold(name, tf_text_of("expect"))) {
        if (!tf_text_equal_fold(value, tf_text_of("100-continue"))) {
            return refuse(417, "The request expects what this server does not know");
        }
        head->expects_continue = true;
    }
    return fine;
}

static tf_refusal parse_header(tf_text line, tf_header *header_out) {
    if (line.data[0] == ' ' || line.data[0] == '\t') {
        return refuse(400, "A header is folded over two lines");
    }
    const char *colon = memchr(line.data, ':', line.length);
    if (!colon) {
        return refuse(400, "A header has no colon");
    }
    header_out->name = (tf_text){line.data, (size_t)(colon - line.data)};
    tf_text value = {colon + 1, line.length - header_out->name.length - 1};
    if (!is_token(header_out->name)) {
        return refuse(400, "The name of a header is malformed");
    }
    if (!is_value_sound(value)) {
        return refuse(400, "A header has bytes that are not allowed");
    }
    header_out->value = tf_text_trim(value);
    return fine;
}

static tf_refusal check_framing(tf_head *head, const framing *seen) {
    if (seen->hosts == 0 && head->minor_version == 1) {
        return refuse(400, "The request names no host");
    }
    if (head->is_chunked && head->has_length) {
        return refuse(400, "The request says its length in two ways");
    }
    if (head->is_chunked && head->minor_version == 0) {
        return refuse(400, "HTTP/1.0 has no chunks");
    }
    if (head->minor_version == 0) {
        head->expects_continue = false;
    }
    head->keeps_alive = !seen->says_close && (head->minor_version == 1 || seen->says_keep_alive);
    return fine;
}

tf_refusal tf_head_parse(tf_text bytes, tf_head *head_out) {
    *head_out = (tf_head){.host = {"", 0}};
    framing seen = {0};
    const char *at = bytes.data;
    const char *end = bytes.data + bytes.length;
    for (bool is_first = true;; is_first = false) {
        const char *line_end = memmem(at, (size_t)(end - at), "\r\n", 2);
        if (!line_end) {
            return refuse(400, "The request has no end");
        }
        tf_text line = {at, (size_t)(line_end - at)};
        at = line_end + 2;
        if (line.length == 0 && !is_first) {
            break;
        }
        tf_refusal refusal;
        if (is_first) {
            refusal = parse_request_line(line, head_out);
        } else if (head_out->header_count == TF_HEAD_MAX_HEADERS) {
            refusal = refuse(431, "The request has too many headers");
        } else {
            tf_header header = {0};
            refusal = parse_header(line, &header);
            if (!refusal.status) {
                head_out->headers[head_out->header_count++] = header;
                refusal = take_header(head_out, &seen, header);
            }
        }
        if (refusal.status) {
            return refusal;
        }
    }
    if (at != end) {
        return refuse(400, "The request ends twice");
    }
    return check_framing(head_out, &seen);
}

tf_text tf_head_value(const tf_header *headers, size_t count, const char *name) {
    tf_text wanted = tf_text_of(name);
    for (size_t i = 0; i < count; i++) {
        if (tf_text_equal_fold(headers[i].name, wanted)) {
            return headers[i].value;
        }
    }
    return (tf_text){NULL, 0};
}
