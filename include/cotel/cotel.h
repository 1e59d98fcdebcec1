/* SPDX-License-Identifier: Apache-2.0 */
/** @file cotel.h
 *  All of the API that instrumented code uses. The program that owns the process also includes
 *  <cotel/sdk/sdk.h>.
 */
#ifndef COTEL_COTEL_H
#define COTEL_COTEL_H

#include <cotel/attribute.h>
#include <cotel/baggage.h>
#include <cotel/context.h>
#include <cotel/metrics.h>
#include <cotel/propagation.h>
#include <cotel/span_context.h>
#include <cotel/status.h>
#include <cotel/trace.h>
#include <cotel/version.h>
#include <cotel/visibility.h>

#endif
