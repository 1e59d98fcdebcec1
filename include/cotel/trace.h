/* SPDX-License-Identifier: Apache-2.0 */
/** @file trace.h
 *  Spans: what a program did, when, for whom, and how it went.
 *
 *      cotel_tracer *tracer = cotel_tracer_get("my.library", NULL);
 *      cotel_span span = cotel_span_start(tracer, "fetch", NULL);
 *      cotel_span_set_string(&span, "url.full", url);
 *      ...
 *      cotel_span_end(&span);
 *
 *  Everything here may be called from any thread, several at a time on one span, before an SDK is
 *  installed, and after it was shut down: then the calls do nothing, safely. None blocks, and none
 *  can fail in a way that the program must handle; what could not be recorded is counted.
 *
 *  Implements: trace/api.md of the specification.
 */
#ifndef COTEL_TRACE_H
#define COTEL_TRACE_H

#include <cotel/attribute.h>
#include <cotel/context.h>
#include <cotel/span_context.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/* ---- tracers ------------------------------------------------------------------------------ */

/** Makes spans for one instrumentation scope (a library and its version). Borrowed for ever:
 *  never freed, good to keep in a static. */
typedef struct cotel_tracer cotel_tracer;

/** Makes tracers; owned by the program through the SDK, see cotel/sdk/provider.h. */
typedef struct cotel_tracer_provider cotel_tracer_provider;

/** What else identifies a scope. Every field is copied. */
typedef struct cotel_tracer_options {
    size_t size;                       /**< sizeof of this struct */
    const char *version;               /**< of the library; NULL: none */
    const char *schema_url;            /**< NULL: none */
    const cotel_attribute *attributes; /**< of the scope */
    size_t attribute_count;
} cotel_tracer_options;

/** Every default of cotel_tracer_options. */
#define COTEL_TRACER_OPTIONS_INIT                         \
    {                                                     \
        sizeof(cotel_tracer_options), NULL, NULL, NULL, 0 \
    }

/** Writes every default. Since 0.1. */
COTEL_API void cotel_tracer_options_init(cotel_tracer_options *options);

/** The tracer of a scope, from the global provider. One taken before an SDK is installed starts
 *  to work once it is. The same name, version, schema url and attributes give the same tracer.
 *  A NULL or empty name works; an SDK that is installed tells diagnostics. `options` may be NULL.
 *  Never NULL: when memory is out, or 65,536 scopes exist, a shared tracer that makes
 *  non-recording spans. Takes a short lock; keep the result. Since 0.1.
 *  Implements: trace/api.md "Get a Tracer". */
COTEL_API cotel_tracer *cotel_tracer_get(const char *name, const cotel_tracer_options *options);

/** The same from a certain provider that was not destroyed; NULL: the global one. Since 0.1. */
COTEL_API cotel_tracer *cotel_tracer_provider_get_tracer(cotel_tracer_provider *provider,
                                                         const char *name,
                                                         const cotel_tracer_options *options);

/** Whether spans of this tracer can come to anything: false without an SDK, without span
 *  processors, and after shutdown. It may change; ask each time. NULL is not. Since 0.1. */
COTEL_API bool cotel_tracer_enabled(const cotel_tracer *tracer);

/** The provider behind cotel_tracer_get(); NULL when there is none. Borrowed. Since 0.1. */
COTEL_API cotel_tracer_provider *cotel_tracer_provider_global(void);

/** Sets it; NULL takes it away. Tracers already taken with cotel_tracer_get() follow. Does not
 *  own: whoever created the provider shuts it down. Takes a short lock. Since 0.1. */
COTEL_API void cotel_tracer_provider_set_global(cotel_tracer_provider *provider);

/* ---- spans -------------------------------------------------------------------------------- */

/** A handle to a span: a plain value, to be copied, kept and handed to other threads as one likes.
 *  It is never freed. After the span has ended, its ids can still be read and it can still be a
 *  parent; every change through it is a no-op that is counted. Its members are private. */
typedef struct cotel_span {
    cotel_trace_id trace_id;
    cotel_span_id span_id;
    void *slot;
    uint32_t generation;
    uint8_t trace_flags;
    uint8_t state; /**< COTEL_SPAN_STATE_* */
    uint16_t reserved;
} cotel_span;

/** Private bits of cotel_span.state; named here for the inline functions below. */
#define COTEL_SPAN_STATE_RECORDING 0x01u
#define COTEL_SPAN_STATE_REMOTE 0x02u
#define COTEL_SPAN_STATE_TRACESTATE 0x04u

/** The numbers are those of OTLP. */
typedef enum cotel_span_kind {
    COTEL_SPAN_KIND_INTERNAL = 1,
    COTEL_SPAN_KIND_SERVER = 2,
    COTEL_SPAN_KIND_CLIENT = 3,
    COTEL_SPAN_KIND_PRODUCER = 4,
    COTEL_SPAN_KIND_CONSUMER = 5
} cotel_span_kind;

/** The numbers are those of OTLP. */
typedef enum cotel_status_code {
    COTEL_STATUS_CODE_UNSET = 0,
    COTEL_STATUS_CODE_OK = 1,
    COTEL_STATUS_CODE_ERROR = 2
} cotel_status_code;

/** A pointer to another span, with attributes of its own. */
typedef struct cotel_link {
    cotel_span_context context;
    const cotel_attribute *attributes;
    size_t attribute_count;
} cotel_link;

/** What a span starts with. Everything is copied. Attributes given here can be seen by the
 *  sampler; prefer them to setting the same later. */
typedef struct cotel_span_options {
    size_t size;                 /**< sizeof of this struct */
    const cotel_context *parent; /**< NULL: the current context */
    bool root;                   /**< no parent at all, whatever is current; default false */
    cotel_span_kind kind;        /**< default COTEL_SPAN_KIND_INTERNAL */
    uint64_t start_unix_ns;      /**< 0: now */
    const cotel_attribute *attributes;
    size_t attribute_count;
    const cotel_link *links;
    size_t link_count;
} cotel_span_options;

/** Every default of cotel_span_options. */
#define COTEL_SPAN_OPTIONS_INIT                                                                \
    {                                                                                          \
        sizeof(cotel_span_options), NULL, false, COTEL_SPAN_KIND_INTERNAL, 0, NULL, 0, NULL, 0 \
    }

/** Writes every default. Since 0.1. */
COTEL_API void cotel_span_options_init(cotel_span_options *options);

/** Starts a span, as a child of the parent in `options` (NULL: all defaults). It does not become
 *  current. End it with cotel_span_end(). Without an SDK the result carries the parent's ids on.
 *  Since 0.1. Implements: trace/api.md "Span Creation". */
COTEL_API cotel_span cotel_span_start(cotel_tracer *tracer, const char *name,
                                      const cotel_span_options *options);
COTEL_API cotel_span cotel_span_start_n(cotel_tracer *tracer, const char *name, size_t name_size,
                                        const cotel_span_options *options);

/** A span that is none: ids zero, not recording. */
static inline cotel_span cotel_span_none(void)
{
    cotel_span span;
    memset(&span, 0, sizeof span);
    return span;
}

/** A non-recording span with these ids, to be put into a context by cotel_context_with_span().
 *  The tracestate is not taken along; cotel_context_with_span_context() does. Since 0.1. */
COTEL_API cotel_span cotel_span_wrap(const cotel_span_context *context);

/** The ids of a span; the same before and after it ended. The tracestate is borrowed: good while
 *  the span has not ended, NULL afterwards, and NULL for a handle that has no SDK's span behind it
 *  (wrapped, or started without an SDK: cotel_context_tracestate() has it then). NULL gives an
 *  invalid context. Since 0.1. */
COTEL_API cotel_span_context cotel_span_get_context(const cotel_span *span);

/** Whether what is set on the span is kept: true until it ended, if it was sampled or is recorded
 *  for processors. Since 0.1. */
COTEL_API bool cotel_span_is_recording(const cotel_span *span);

/** Sets one attribute, replacing an older one of that key. Keys and values are copied; invalid
 *  UTF-8 becomes U+FFFD. Refused and counted: an empty or NULL key, and a new key beyond the limit
 *  (default 128). A NULL string is the empty string. The forms with `_n` take lengths in bytes.
 *  Since 0.1. Implements: trace/api.md "Set Attributes". */
COTEL_API void cotel_span_set_string(const cotel_span *span, const char *key, const char *value);
COTEL_API void cotel_span_set_bool(const cotel_span *span, const char *key, bool value);
COTEL_API void cotel_span_set_int(const cotel_span *span, const char *key, int64_t value);
COTEL_API void cotel_span_set_double(const cotel_span *span, const char *key, double value);
COTEL_API void cotel_span_set_string_n(const cotel_span *span, const char *key, size_t key_size,
                                       const char *value, size_t value_size);
COTEL_API void cotel_span_set_bool_n(const cotel_span *span, const char *key, size_t key_size,
                                     bool value);
COTEL_API void cotel_span_set_int_n(const cotel_span *span, const char *key, size_t key_size,
                                    int64_t value);
COTEL_API void cotel_span_set_double_n(const cotel_span *span, const char *key, size_t key_size,
                                       double value);

/** Sets one attribute of any kind: bytes, arrays, maps, nested ones. Arrays and maps deeper than
 *  the limit (default 64) become the empty value. Since 0.1. */
COTEL_API void cotel_span_set_attribute(const cotel_span *span, const cotel_attribute *attribute);

/** Sets `count` attributes in order. Since 0.1. */
COTEL_API void cotel_span_set_attributes(const cotel_span *span, const cotel_attribute *attributes,
                                         size_t count);

/** Adds an event that happens now. `attributes` may be NULL when count is 0. Events beyond the
 *  limit (default 128) are counted as dropped. Since 0.1. Implements: trace/api.md "Add Events". */
COTEL_API void cotel_span_add_event(const cotel_span *span, const char *name,
                                    const cotel_attribute *attributes, size_t count);

/** The same with a length, and with a time of its own (0: now). Since 0.1. */
COTEL_API void cotel_span_add_event_at(const cotel_span *span, const char *name, size_t name_size,
                                       uint64_t time_unix_ns, const cotel_attribute *attributes,
                                       size_t count);

/** Adds a link after start. One without valid ids is kept if it has attributes or a tracestate.
 *  Links beyond the limit (default 128) are counted as dropped. Since 0.1.
 *  Implements: trace/api.md "Add Link". */
COTEL_API void cotel_span_add_link(const cotel_span *span, const cotel_link *link);

/** Sets the status. OK is final; ERROR beats UNSET; setting UNSET does nothing. The description
 *  (NULL: none) is kept for ERROR only. Since 0.1. Implements: trace/api.md "Set Status". */
COTEL_API void cotel_span_set_status(const cotel_span *span, cotel_status_code code,
                                     const char *description);
COTEL_API void cotel_span_set_status_n(const cotel_span *span, cotel_status_code code,
                                       const char *description, size_t description_size);

/** Replaces the name. Since 0.1. */
COTEL_API void cotel_span_update_name(const cotel_span *span, const char *name);
COTEL_API void cotel_span_update_name_n(const cotel_span *span, const char *name, size_t name_size);

/** Adds an `exception` event that says what went wrong: exception.type, exception.message (each
 *  left out when NULL) and `attributes`, which win over both. Does not set the status.
 *  Since 0.1. Implements: trace/exceptions.md. */
COTEL_API void cotel_span_record_error(const cotel_span *span, const char *type,
                                       const char *message, const cotel_attribute *attributes,
                                       size_t count);

/** The same for what a call of the C library or the kernel left in errno: exception.type is the
 *  name of `errnum`, such as "ENOENT" (the number itself when it has no name), exception.message
 *  is `what` (NULL: nothing; the first 768 bytes), ": " and the C locale's text of `errnum`. A
 *  negative one, as many functions return it, means the same as the positive one; 0 is none. Leaves
 *  errno as it is. Since 0.1. */
COTEL_API void cotel_span_record_errno(const cotel_span *span, int errnum, const char *what);

/** All that can be said of an error. Everything is copied. */
typedef struct cotel_error_options {
    size_t size;         /**< sizeof of this struct */
    const char *type;    /**< exception.type; NULL: what `errnum` says, or none */
    const char *message; /**< exception.message; NULL: none. What `errnum` says is put behind */
    int errnum;          /**< as for cotel_span_record_errno(); default 0: none */
    bool backtrace;      /**< whether the calling thread's stack becomes exception.stacktrace:
                              default false */
    const cotel_attribute *attributes; /**< they win over all of that */
    size_t attribute_count;
} cotel_error_options;

/** Every default of cotel_error_options. */
#define COTEL_ERROR_OPTIONS_INIT                                   \
    {                                                              \
        sizeof(cotel_error_options), NULL, NULL, 0, false, NULL, 0 \
    }

/** Writes every default. Since 0.1. */
COTEL_API void cotel_error_options_init(cotel_error_options *options);

/** Adds the `exception` event that `options` describe; does nothing when they are NULL.
 *
 *  The stack has a line for each frame, the caller's first, "#0 parse+0x1f (/usr/bin/app+0x12af)":
 *  the function, if it is exported (link programs with -rdynamic), and the place in its file, for
 *  addr2line. At most 64 frames and 4 KiB; none where the C library has no backtrace() (musl). It
 *  takes the dynamic linker's lock, and the first one in a process may load libgcc: not for signal
 *  handlers, nor for a hot path. Without it this never blocks, nor when the span does not record.
 *  Leaves errno as it is. Since 0.1. */
COTEL_API void cotel_span_record_error_with(const cotel_span *span,
                                            const cotel_error_options *options);

/** Ends the span now and hands it to the processors. Never waits for I/O or for the network.
 *  Children go on, and a context in which it is current stays. A second end is a counted no-op.
 *  Since 0.1. Implements: trace/api.md "End". */
COTEL_API void cotel_span_end(const cotel_span *span);

/** The same with a time of its own; 0: now. A time before the start is kept as it is. Since 0.1. */
COTEL_API void cotel_span_end_at(const cotel_span *span, uint64_t end_unix_ns);

/* ---- spans and contexts ------------------------------------------------------------------- */

/** The span of this thread's current context; cotel_span_none() when there is none. Since 0.1. */
COTEL_API cotel_span cotel_span_current(void);

/** Makes the span current on this thread, until the token is detached by cotel_context_detach().
 *  Ends nothing, and keeps nothing alive. Since 0.1. */
COTEL_API cotel_token cotel_span_activate(const cotel_span *span);

/** The span of a context (NULL: the current one), or one that is none. Since 0.1. */
COTEL_API cotel_span cotel_context_span(const cotel_context *context);

/** The same without a copy: borrowed, as long as the context. Never NULL. Since 0.1. */
COTEL_API const cotel_span *cotel_context_span_pointer(const cotel_context *context);

/** The tracestate of a context's span as a new reference; NULL when it has none. Since 0.1. */
COTEL_API cotel_tracestate *cotel_context_tracestate(const cotel_context *context);

/** A context like `base` (NULL: the current one), with another span. Yours to unref. Since 0.1. */
COTEL_API cotel_context *cotel_context_with_span(const cotel_context *base, const cotel_span *span);

/** A context like `base` (NULL: the current one), with a span that came in from elsewhere: a
 *  non-recording one with these ids, flags and tracestate. Yours to unref. Since 0.1. */
COTEL_API cotel_context *cotel_context_with_span_context(const cotel_context *base,
                                                         const cotel_span_context *context);

/* ---- a span and being current, tied to a block ---------------------------------------------- */

/** A span that is current as long as its scope lasts. */
typedef struct cotel_span_scope {
    cotel_span span;
    cotel_token token;
} cotel_span_scope;

/** Starts a span and makes it current on this thread. Since 0.1. */
COTEL_API cotel_span_scope cotel_span_scope_start(cotel_tracer *tracer, const char *name,
                                                  const cotel_span_options *options);

/** Makes it no longer current, ends it, and sets *scope to zeros, so that a second call does
 *  nothing. On the same thread. Takes NULL. Since 0.1. */
COTEL_API void cotel_span_scope_end(cotel_span_scope *scope);

#if defined(__GNUC__)
/** Declares `name` as a cotel_span_scope that ends with the enclosing block, however that is left:
 *  at its end, by break, continue, return or goto.
 *
 *      COTEL_SPAN_SCOPE(scope, tracer, "parse", NULL);
 *      cotel_span_set_int(&scope.span, "size", n);
 */
#define COTEL_SPAN_SCOPE(name, tracer, span_name, options)                                 \
    cotel_span_scope name __attribute__((__cleanup__(cotel_span_scope_end), __unused__)) = \
        cotel_span_scope_start((tracer), (span_name), (options))
#endif

/* ---- the fast path: lengths of literals fold at compile time, and a span that records nothing
 *      costs a test. The functions of the same names stay exported for everybody else. -------- */

#if defined(__GNUC__) && defined(__OPTIMIZE__) && !defined(COTEL_NO_INLINE)

#define COTEL_SPAN_IS_LIVE_(span) ((span) && ((span)->state & COTEL_SPAN_STATE_RECORDING))
#define COTEL_TEXT_SIZE_(text) ((text) ? strlen(text) : 0)

static inline void cotel_span_set_string_inline_(const cotel_span *span, const char *key,
                                                 const char *value)
{
    if (COTEL_SPAN_IS_LIVE_(span))
        cotel_span_set_string_n(span, key, COTEL_TEXT_SIZE_(key), value, COTEL_TEXT_SIZE_(value));
}

static inline void cotel_span_set_bool_inline_(const cotel_span *span, const char *key, bool value)
{
    if (COTEL_SPAN_IS_LIVE_(span))
        cotel_span_set_bool_n(span, key, COTEL_TEXT_SIZE_(key), value);
}

static inline void cotel_span_set_int_inline_(const cotel_span *span, const char *key,
                                              int64_t value)
{
    if (COTEL_SPAN_IS_LIVE_(span))
        cotel_span_set_int_n(span, key, COTEL_TEXT_SIZE_(key), value);
}

static inline void cotel_span_set_double_inline_(const cotel_span *span, const char *key,
                                                 double value)
{
    if (COTEL_SPAN_IS_LIVE_(span))
        cotel_span_set_double_n(span, key, COTEL_TEXT_SIZE_(key), value);
}

static inline void cotel_span_set_status_inline_(const cotel_span *span, cotel_status_code code,
                                                 const char *description)
{
    if (COTEL_SPAN_IS_LIVE_(span))
        cotel_span_set_status_n(span, code, description, COTEL_TEXT_SIZE_(description));
}

static inline cotel_span cotel_span_start_inline_(cotel_tracer *tracer, const char *name,
                                                  const cotel_span_options *options)
{
    return cotel_span_start_n(tracer, name, COTEL_TEXT_SIZE_(name), options);
}

#define cotel_span_set_string(span, key, value) \
    cotel_span_set_string_inline_((span), (key), (value))
#define cotel_span_set_bool(span, key, value) cotel_span_set_bool_inline_((span), (key), (value))
#define cotel_span_set_int(span, key, value) cotel_span_set_int_inline_((span), (key), (value))
#define cotel_span_set_double(span, key, value) \
    cotel_span_set_double_inline_((span), (key), (value))
#define cotel_span_set_status(span, code, description) \
    cotel_span_set_status_inline_((span), (code), (description))
#define cotel_span_start(tracer, name, options) \
    cotel_span_start_inline_((tracer), (name), (options))

#endif

COTEL_END_DECLS

/* ---- one setter for any kind: cotel_span_set(&span, key, value). Not for booleans, since in C a
 *      comparison is an int: use cotel_span_set_bool(). ---------------------------------------- */

#ifdef __cplusplus

static inline void cotel_span_set(const cotel_span *span, const char *key, const char *value)
{
    cotel_span_set_string(span, key, value);
}
static inline void cotel_span_set(const cotel_span *span, const char *key, double value)
{
    cotel_span_set_double(span, key, value);
}
static inline void cotel_span_set(const cotel_span *span, const char *key, int value)
{
    cotel_span_set_int(span, key, value);
}
static inline void cotel_span_set(const cotel_span *span, const char *key, long value)
{
    cotel_span_set_int(span, key, value);
}
static inline void cotel_span_set(const cotel_span *span, const char *key, long long value)
{
    cotel_span_set_int(span, key, value);
}
static inline void cotel_span_set(const cotel_span *span, const char *key, bool value)
{
    cotel_span_set_bool(span, key, value);
}

namespace cotel
{

/** A span that is current and ends with its block. Not to be copied; stays on its thread. */
class Scope
{
  public:
    Scope(cotel_tracer *tracer, const char *name, const cotel_span_options *options = nullptr)
        : scope_(cotel_span_scope_start(tracer, name, options))
    {
    }
    Scope(const Scope &) = delete;
    Scope &operator=(const Scope &) = delete;
    ~Scope() { cotel_span_scope_end(&scope_); }
    /** The handle, for every cotel_span_ function. */
    const cotel_span *span() const { return &scope_.span; }

  private:
    cotel_span_scope scope_;
};

} // namespace cotel

#else

static inline void cotel_span_set_string_generic_(const cotel_span *span, const char *key,
                                                  const char *value)
{
    cotel_span_set_string(span, key, value);
}
static inline void cotel_span_set_int_generic_(const cotel_span *span, const char *key,
                                               int64_t value)
{
    cotel_span_set_int(span, key, value);
}
static inline void cotel_span_set_double_generic_(const cotel_span *span, const char *key,
                                                  double value)
{
    cotel_span_set_double(span, key, value);
}

/* An unsigned 64-bit value above INT64_MAX does not fit an attribute; so those types are left out.
 */
#define cotel_span_set(span, key, value) \
    _Generic((value),                                 \
        char *: cotel_span_set_string_generic_,       \
        const char *: cotel_span_set_string_generic_, \
        float: cotel_span_set_double_generic_,        \
        double: cotel_span_set_double_generic_,       \
        short: cotel_span_set_int_generic_,           \
        int: cotel_span_set_int_generic_,             \
        unsigned: cotel_span_set_int_generic_,        \
        long: cotel_span_set_int_generic_,            \
        long long: cotel_span_set_int_generic_)((span), (key), (value))

#endif

#endif
