/* SPDX-License-Identifier: Apache-2.0 */
/* Buckets by rules. */
#include <cotel/prom.h>
#include <cotel/sdk/diagnostics.h>
#include <cotel/sdk/view.h>

#include <math.h>

#define COMPONENT "prom"

/* The bound at an index. */
typedef double (*rule)(double start, double step, size_t index);

static double linear(double start, double width, size_t index)
{
    return start + width * (double)index;
}

/* By a power and not step by step, so that no error adds up. */
static double exponential(double start, double factor, size_t index)
{
    return start * pow(factor, (double)index);
}

static bool ascends(rule bound, double start, double step, size_t count)
{
    if (count == 0 || count > COTEL_MAX_BOUNDARIES || !isfinite(start))
        return false;
    for (size_t i = 1; i < count; i++) {
        double value = bound(start, step, i);
        if (!isfinite(value) || !(value > bound(start, step, i - 1)))
            return false;
    }
    return true;
}

static bool refuse(const char *what)
{
    cotel_diagnostics_report(COTEL_LOG_WARNING, COMPONENT,
                             "%s buckets that do not ascend, or none, or too many: not made", what);
    return false;
}

static bool fill(const char *what, rule bound, double start, double step, size_t count,
                 double *bounds)
{
    if (!bounds || !ascends(bound, start, step, count))
        return refuse(what);
    for (size_t i = 0; i < count; i++)
        bounds[i] = bound(start, step, i);
    return true;
}

bool cotel_prom_linear_buckets(double start, double width, size_t count, double *bounds)
{
    return fill("linear", linear, start, width, count, bounds);
}

bool cotel_prom_exponential_buckets(double start, double factor, size_t count, double *bounds)
{
    return fill("exponential", exponential, start, factor, count, bounds);
}

bool cotel_prom_exponential_buckets_range(double least, double greatest, size_t count,
                                          double *bounds)
{
    if (count < 2 || !(least > 0) || !(greatest > least))
        return refuse("exponential");
    double factor = pow(greatest / least, 1 / (double)(count - 1));
    if (!fill("exponential", exponential, least, factor, count, bounds))
        return false;
    bounds[count - 1] = greatest; /* as it was given, and not as it was computed */
    return true;
}
