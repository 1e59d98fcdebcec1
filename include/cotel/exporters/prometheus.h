/* SPDX-License-Identifier: Apache-2.0 */
/** @file prometheus.h
 *  Metrics as Prometheus reads them (libcotel-prometheus).
 *
 *  Implements: metrics/sdk_exporters/prometheus.md; compatibility/prometheus_and_openmetrics.md.
 */
#ifndef COTEL_EXPORTERS_PROMETHEUS_H
#define COTEL_EXPORTERS_PROMETHEUS_H

#include <cotel/sdk/metric_reader.h>
#include <cotel/sdk/resource.h>
#include <cotel/status.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/** What names of metrics and labels become before anything is negotiated. */
typedef enum cotel_prometheus_translation {
    COTEL_PROMETHEUS_UNDERSCORES_WITH_SUFFIXES = 0,    /**< foo.bar, By: foo_bar_bytes_total */
    COTEL_PROMETHEUS_UNDERSCORES_WITHOUT_SUFFIXES = 1, /**< foo_bar */
    COTEL_PROMETHEUS_UTF8_WITH_SUFFIXES = 2,           /**< foo.bar_bytes_total */
    COTEL_PROMETHEUS_NO_TRANSLATION = 3                /**< foo.bar */
} cotel_prometheus_translation;

/** The formats of an exposition. */
typedef enum cotel_prometheus_format {
    COTEL_PROMETHEUS_TEXT = 0,       /**< text/plain; version=0.0.4 */
    COTEL_PROMETHEUS_OPENMETRICS = 1 /**< application/openmetrics-text; version=1.0.0 */
} cotel_prometheus_format;

/** How names that a reader may not understand are written: what it has negotiated. */
typedef enum cotel_prometheus_escaping {
    COTEL_PROMETHEUS_ESCAPE_UNDERSCORES = 0, /**< the default of those who do not ask */
    COTEL_PROMETHEUS_ALLOW_UTF8 = 1,         /**< as they are, in quotes */
    COTEL_PROMETHEUS_ESCAPE_DOTS = 2,
    COTEL_PROMETHEUS_ESCAPE_VALUES = 3
} cotel_prometheus_escaping;

/** How the content type names the version of a format: as it was asked for. Bodies are the same. */
typedef enum cotel_prometheus_version {
    COTEL_PROMETHEUS_VERSION_USUAL = 0, /**< 0.0.4 of text (1.0.0 with ALLOW_UTF8), else 1.0.0 */
    COTEL_PROMETHEUS_VERSION_0_0_1 = 1, /**< of OPENMETRICS */
    COTEL_PROMETHEUS_VERSION_0_0_4 = 2, /**< of TEXT */
    COTEL_PROMETHEUS_VERSION_1_0_0 = 3
} cotel_prometheus_version;

/* ---- settings ------------------------------------------------------------------------------ */

/** What becomes of a port that another process has, as the second agent of a host finds it. */
typedef enum cotel_prometheus_port_policy {
    COTEL_PROMETHEUS_PORT_AUTO = 0,    /**< NEXT when there is a target file, which tells of the
                                            port; else NONE */
    COTEL_PROMETHEUS_PORT_OR_NONE = 1, /**< nobody is listened to */
    COTEL_PROMETHEUS_PORT_OR_NEXT = 2  /**< the first free one of the
                                            COTEL_PROMETHEUS_NEXT_PORTS behind it, or else
                                            whichever the kernel gives */
} cotel_prometheus_port_policy;

/** How many ports behind one that is taken are tried. */
#define COTEL_PROMETHEUS_NEXT_PORTS 32

/** Settings. Everything is copied, but for what passes with `reader`. */
typedef struct cotel_prometheus_options {
    size_t size; /**< sizeof of this struct */
    /** Where to listen: an address in digits, a name, or "localhost" for both loopbacks. Another
     *  than a loopback is told to diagnostics: everybody may read there. Default "127.0.0.1" */
    const char *host;
    uint16_t port; /**< default 9464; 0: a free one */
    cotel_prometheus_port_policy port_policy;
    const char *path; /**< of the exposition; default "/metrics" */
    bool listen;      /**< default true; false: there is no server and no thread of one */

    cotel_prometheus_translation translation;
    bool scope_labels; /**< otel_scope_* on every series; default true */
    bool target_info;  /**< the resource as the metric target_info; default true */
    /** Patterns (`*`, `?`) of keys of the resource whose attributes become labels of every series:
     *  those that one of the first matches and none of the second; default none. */
    const char *const *resource_labels;
    size_t resource_label_count;
    const char *const *excluded_resource_labels;
    size_t excluded_resource_label_count;

    /** What all readers have; NULL: all defaults. Its temporalities do not count: Prometheus' are
     *  cumulative. The producers pass to the exporter, on success only. */
    const cotel_metric_reader_options *reader;

    /** A file in which Prometheus' file_sd_configs find this process, there while it listens.
     *  "%p" in its name is the number of the process, so that several agents may share the
     *  setting. NULL: none. The name should end in .json. */
    const char *target_file;
    /** The host that the file names. NULL: the one that is listened on, or the machine's name when
     *  that is all addresses. */
    const char *target_host;
    /** Whose service.name, service.namespace and service.instance.id the target gets as labels
     *  (service_name, ...). NULL: cotel_resource_detect(COTEL_DETECT_ALL), as a provider. A
     *  reference is taken. */
    cotel_resource *target_resource;

    /** A file in text format for the textfile collector of node_exporter, which reads *.prom; "%p"
     *  as above. It appears whole or not at all, and stays at exit. NULL: none. */
    const char *textfile;
    uint64_t textfile_interval_ms; /**< it is written so often; default 0: not on an interval */
    bool textfile_at_shutdown;     /**< it is written at shutdown, or at exit(); default true */

    uint64_t collect_timeout_ms; /**< for the collection of one scrape; default 5000 */
    uint64_t client_timeout_ms;  /**< for a client to send its request whole, and again to take
                                      the answer whole; default 10000 */
    uint64_t idle_timeout_ms;    /**< for a connection between requests; default 120000 */
    uint32_t max_connections;    /**< at a time; 1 to COTEL_PROMETHEUS_MAX_CONNECTIONS; default 64.
                                      One more takes the place of the one that has been without a
                                      request for longest; if none is, it is refused */
    size_t max_pending_bytes;    /**< of answers that clients have not taken yet, together; a scrape
                                      beyond is answered with status 503; default 64 MiB */
} cotel_prometheus_options;

/** The most that max_connections may be. */
#define COTEL_PROMETHEUS_MAX_CONNECTIONS 1024

/** Every default of cotel_prometheus_options. */
#define COTEL_PROMETHEUS_OPTIONS_INIT                                                           \
    {                                                                                           \
        sizeof(cotel_prometheus_options), "127.0.0.1", 9464, COTEL_PROMETHEUS_PORT_AUTO,        \
            "/metrics", true, COTEL_PROMETHEUS_UNDERSCORES_WITH_SUFFIXES, true, true, NULL, 0,  \
            NULL, 0, NULL, NULL, NULL, NULL, NULL, 0, true, 5000, 10000, 120000, 64, 64u << 20, \
    }

/** Writes every default. Since 0.1. */
COTEL_API void cotel_prometheus_options_init(cotel_prometheus_options *options);

/* ---- the exporter -------------------------------------------------------------------------- */

/** A reader that Prometheus reads from: over HTTP, from files, or through the program's own server.
 *  Counted: the maker holds one reference, the provider that gets its reader another one. */
typedef struct cotel_prometheus_exporter cotel_prometheus_exporter;

/** Makes an exporter and starts it: it listens from now on, and answers with status 503 until its
 *  reader was given to a provider. One thread, which blocks all signals, serves all clients and
 *  writes the file; recording never waits for it, and no client for another one's slowness. Scrapes
 *  are served in turn, each by a collection of its own.
 *
 *  That it can't listen (the port is taken, the address is not this machine's) is no failure: it is
 *  told to diagnostics, the address in force is then empty, and all else works.
 *
 *  In a forked child it does not listen, writes no file, and leaves the parent's files alone, until
 *  cotel_prometheus_exporter_start() is called there.
 *  @param options NULL: all defaults.
 *  @param out gets it, yours to destroy.
 *  @return OK; INVALID_ARGUMENT (a size that was not set, an empty host, file or target_host, a
 *          path that does not begin with '/' or has a character that a URL can't have there, a
 *          textfile that does not end in ".prom", a timeout of 0, a number out of range, what
 *          cotel_metric_reader_create() refuses, out is NULL); OUT_OF_MEMORY; SYSTEM_ERROR (no
 *          thread or descriptor). Looks `host` up when it is a name, and reads what
 *          cotel_resource_detect() reads when there is a target file; else never blocks.
 *  Since 0.1. Implements: metrics/sdk_exporters/prometheus.md. */
COTEL_API cotel_status cotel_prometheus_exporter_create(
    const cotel_prometheus_options *options, cotel_prometheus_exporter **out) COTEL_MUST_CHECK;

/** The reader to give to a meter provider; once. Since 0.1. */
COTEL_API cotel_metric_reader *cotel_prometheus_exporter_as_reader(
    cotel_prometheus_exporter *exporter);

/** Starts what the options ask for and what does not run: in a forked child, or to try a port
 *  again. In a child the port is the parent's, so it takes port_policy OR_NEXT to be scraped too.
 *  @return OK (also when all runs); SYSTEM_ERROR (it does not listen, or there is no thread: errno
 *          tells; diagnostics too); OUT_OF_MEMORY; SHUT_DOWN; INVALID_ARGUMENT. Any thread; blocks
 *          as create does. Since 0.1. */
COTEL_API cotel_status cotel_prometheus_exporter_start(cotel_prometheus_exporter *exporter);

/** Where it listens, as a target of Prometheus: "127.0.0.1:9464"; "" when it does not. Good until
 *  the exporter is destroyed, or started after it had stopped. Any thread; never blocks. Since 0.1.
 */
COTEL_API const char *cotel_prometheus_exporter_address(const cotel_prometheus_exporter *exporter);

/** The port in force; 0 when it does not listen. Any thread; never blocks. Since 0.1. */
COTEL_API uint16_t cotel_prometheus_exporter_port(const cotel_prometheus_exporter *exporter);

/** Gives the maker's reference back; an exporter whose reader no provider has is stopped and freed.
 *  Takes NULL. Any thread but a callback's; waits for a collection that is under way. Since 0.1. */
COTEL_API void cotel_prometheus_exporter_destroy(cotel_prometheus_exporter *exporter);

/* ---- without the server -------------------------------------------------------------------- */

/** An exposition: how it is wanted, and what it then is. */
typedef struct cotel_prometheus_exposition {
    size_t size;                        /**< sizeof of this struct */
    cotel_prometheus_format format;     /**< wanted; TEXT has no exemplars */
    cotel_prometheus_escaping escaping; /**< wanted */
    cotel_prometheus_version version;   /**< wanted; TEXT has no 0.0.1, OPENMETRICS no 0.0.4 */
    bool gzip;                          /**< wanted: whether the body is compressed */
    const char *content_type;           /**< what to say of the body; static */
    const char *body;                   /**< followed by a zero byte */
    size_t length;                      /**< of the body in bytes */
    void *owner;                        /**< cotel's */
} cotel_prometheus_exposition;

/** Nothing yet: text 0.0.4 with underscores, not compressed. */
#define COTEL_PROMETHEUS_EXPOSITION_INIT                                                      \
    {                                                                                         \
        sizeof(cotel_prometheus_exposition), COTEL_PROMETHEUS_TEXT,                           \
            COTEL_PROMETHEUS_ESCAPE_UNDERSCORES, COTEL_PROMETHEUS_VERSION_USUAL, false, NULL, \
            NULL, 0, NULL,                                                                    \
    }

/** Sets what is wanted by what a client says it accepts: the values of its headers Accept and
 *  Accept-Encoding, no data where there is none. Whoever accepts nothing that there is gets text
 *  0.0.4, as from every client library. Any bytes may stand there. Any thread; never blocks.
 *  Since 0.1. Implements: RFC 9110, section 12.5. */
COTEL_API void cotel_prometheus_negotiate(cotel_str accept, cotel_str accept_encoding,
                                          cotel_prometheus_exposition *exposition);

/** Collects and renders, for a program that serves HTTP itself, or none at all.
 *  @param exposition says what is wanted, and gets the rest; what it held before is freed.
 *  @param timeout_ms for the collection.
 *  @return OK; TIMEOUT (another collection takes that long); SHUT_DOWN (also: no provider has the
 *          reader yet); WOULD_DEADLOCK (from a callback of an observable); OUT_OF_MEMORY;
 *          INVALID_ARGUMENT. The exposition is then empty. Any thread. Since 0.1. */
COTEL_API cotel_status
cotel_prometheus_exporter_render(cotel_prometheus_exporter *exporter, uint64_t timeout_ms,
                                 cotel_prometheus_exposition *exposition) COTEL_MUST_CHECK;

/** Frees what it holds, and empties it. Takes NULL. Since 0.1. */
COTEL_API void cotel_prometheus_exposition_fini(cotel_prometheus_exposition *exposition);

/** Takes a part of an exposition. @return false when it wants no more. */
typedef bool (*cotel_prometheus_sink)(void *user, const char *bytes, size_t length);

/** The same into a function, which is called once or several times, on this thread and with no lock
 *  held; content_type is set before, the body is nobody's.
 *  @return as cotel_prometheus_exporter_render(); EXPORT_FAILED when the function returned false;
 *          INVALID_ARGUMENT without one. Since 0.1. */
COTEL_API cotel_status cotel_prometheus_exporter_render_to(cotel_prometheus_exporter *exporter,
                                                           uint64_t timeout_ms,
                                                           cotel_prometheus_exposition *exposition,
                                                           cotel_prometheus_sink sink, void *user);

/** Collects, renders and puts the result where `path` leads: under another name that does not end
 *  in .prom first, synchronised with the disk, and then renamed. Readers see the old file or the
 *  new one, and a failure leaves the old one. Mode 0666 less the umask.
 *  @param path "%p" is not special here.
 *  @return as cotel_prometheus_exporter_render(); SYSTEM_ERROR (errno tells); INVALID_ARGUMENT
 *          (also: an empty path). Any thread; blocks as the disk does. Since 0.1. */
COTEL_API cotel_status cotel_prometheus_exporter_write_file(cotel_prometheus_exporter *exporter,
                                                            const char *path,
                                                            cotel_prometheus_format format,
                                                            uint64_t timeout_ms);

/* ---- counts -------------------------------------------------------------------------------- */

/** What an exporter did since it was made (or since this process was forked). */
typedef struct cotel_prometheus_counts {
    size_t size;            /**< sizeof of this struct, set by the caller */
    uint64_t connections;   /**< that were taken */
    uint64_t refused;       /**< connections that were closed since there were too many */
    uint64_t slow;          /**< connections that were closed since the client was too slow */
    uint64_t scrapes;       /**< requests that were answered with an exposition */
    uint64_t scrape_bytes;  /**< of their bodies, as they were sent */
    uint64_t failures;      /**< requests for the exposition that were answered with 503 */
    uint64_t misdirected;   /**< requests for something else, or by another method */
    uint64_t files;         /**< that were written (textfile, target file, write_file) */
    uint64_t file_failures; /**< that were not */
} cotel_prometheus_counts;

/** Fills *out as far as out->size goes; all zeros for NULL. Any thread; never blocks. Since 0.1. */
COTEL_API void cotel_prometheus_stats(const cotel_prometheus_exporter *exporter,
                                      cotel_prometheus_counts *out);

COTEL_END_DECLS

#endif
