/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/resource/instance_id.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/random.h"

#define VERSION_MASK UINT64_C(0xf000)
#define VERSION_4 UINT64_C(0x4000)
#define VARIANT_MASK (UINT64_C(0xc) << 60)
#define VARIANT_RFC (UINT64_C(0x8) << 60)

void ct_instance_id_generate(char out[CT_INSTANCE_ID_SIZE])
{
    struct ct_random random;
    ct_random_seed(&random);
    uint64_t high = (ct_random_next(&random) & ~VERSION_MASK) | VERSION_4;
    uint64_t low = (ct_random_next(&random) & ~VARIANT_MASK) | VARIANT_RFC;
    (void)snprintf(out, CT_INSTANCE_ID_SIZE,
                   "%08" PRIx64 "-%04" PRIx64 "-%04" PRIx64 "-%04" PRIx64 "-%012" PRIx64,
                   high >> 32, high >> 16 & 0xffff, high & 0xffff, low >> 48,
                   low & UINT64_C(0xffffffffffff));
}
