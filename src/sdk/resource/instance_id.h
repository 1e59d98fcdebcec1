/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_SRC_SDK_RESOURCE_INSTANCE_ID_H
#define COTEL_SRC_SDK_RESOURCE_INSTANCE_ID_H

/* A UUID in its text form, with the NUL. */
#define CT_INSTANCE_ID_SIZE 37

/* A new service.instance.id: a random UUID (version 4 of RFC 9562). */
void ct_instance_id_generate(char out[CT_INSTANCE_ID_SIZE]);

#endif
