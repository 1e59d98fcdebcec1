/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_SRC_SDK_PIPELINE_CULPRIT_H
#define COTEL_SRC_SDK_PIPELINE_CULPRIT_H

#include <cotel/sdk/exporter.h>

/* Room for a culprit's name in a message. */
#define CT_CULPRIT_SIZE 192

/* Names the one record of a batch, such as "the span GET (trace ..., span ..., 321 bytes)".
 * @return false when it can't be read. */
bool ct_culprit_name(const cotel_batch *batch, char name[CT_CULPRIT_SIZE]);

#endif
