/* SPDX-License-Identifier: Apache-2.0 */
/* Two copies of the setting, of which bit 0 of `version` says which is in force. The writer fills
 * the other one and then counts up, so readers never wait, and nothing is ever allocated or freed:
 * cotel_diagnostics_set() cannot fail.
 *
 * Why a reader never mixes two settings: it reads the version, the fields and the version again.
 * The fields of version v's copy are written next on the way to v + 2, after v + 1 was published.
 * Each is stored with release and loaded with acquire, so a reader that sees any such newer field
 * also sees a version of at least v + 1 at its second look, and starts anew. */
#include "sdk/diagnostics/setting.h"

#include <stdatomic.h>

#include "base/fork.h"

struct copy {
    _Atomic(cotel_diagnostics_fn) function;
    void *_Atomic user;
    _Atomic int level;
};

static struct copy copies[2];
static _Atomic unsigned version;
static struct ct_fork_lock writer_lock = CT_FORK_LOCK_INIT;

struct ct_diagnostics_setting ct_diagnostics_setting_get(void)
{
    for (;;) {
        unsigned before = atomic_load_explicit(&version, memory_order_acquire);
        struct copy *copy = &copies[before & 1];
        struct ct_diagnostics_setting setting = {
            .function = atomic_load_explicit(&copy->function, memory_order_acquire),
            .user = atomic_load_explicit(&copy->user, memory_order_acquire),
            .level = (cotel_log_level)atomic_load_explicit(&copy->level, memory_order_acquire),
        };
        if (atomic_load_explicit(&version, memory_order_relaxed) == before)
            return setting;
    }
}

/* Under the lock. */
static void publish(const struct ct_diagnostics_setting *setting)
{
    unsigned before = atomic_load_explicit(&version, memory_order_relaxed);
    struct copy *copy = &copies[(before + 1) & 1];
    atomic_store_explicit(&copy->function, setting->function, memory_order_release);
    atomic_store_explicit(&copy->user, setting->user, memory_order_release);
    atomic_store_explicit(&copy->level, (int)setting->level, memory_order_release);
    atomic_store_explicit(&version, before + 1, memory_order_release);
}

/* A half-written copy that a fork left behind is not in force, and is written by the next change:
 * nothing to put right in a child. */
void cotel_diagnostics_set(cotel_diagnostics_fn function, void *user, cotel_log_level level)
{
    struct ct_diagnostics_setting setting = {function, user, level};
    (void)ct_fork_lock(&writer_lock);
    publish(&setting);
    ct_fork_unlock(&writer_lock);
}

void cotel_diagnostics_set_level(cotel_log_level level)
{
    (void)ct_fork_lock(&writer_lock);
    struct ct_diagnostics_setting setting = ct_diagnostics_setting_get();
    setting.level = level;
    publish(&setting);
    ct_fork_unlock(&writer_lock);
}
