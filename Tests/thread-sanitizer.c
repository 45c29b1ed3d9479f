// Makes every Swift `Mutex` on Linux visible to the thread sanitizer. Scripts/prove --sanitize=thread links it.
//
// Taking a free mutex is an atomic instruction in our own code, which the sanitizer sees. Waiting for one
// is a call into the standard library, which is not built for the sanitizer: to it, a thread that had to
// wait has not synchronised with the one it waited for, so everything that the mutex guards looks like a
// race. So these two functions replace those calls, make them, and inform the sanitizer.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>
#include <stdint.h>

// _MutexHandle._lockSlow(_: UInt32) and _MutexHandle._unlockSlow(), as the compiler spells them.
#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

// How Swift calls a method: `self`, here the address of the mutex, has a register of its own.
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self

SWIFT void lock_slow(uint32_t thread, SELF) __asm__(LOCK_SLOW);
SWIFT void unlock_slow(SELF) __asm__(UNLOCK_SLOW);

SWIFT void lock_slow(uint32_t thread, SELF) {
  SWIFT void (*original)(uint32_t, SELF) = dlsym(RTLD_NEXT, LOCK_SLOW);
  original(thread, self);
  __tsan_acquire(self);
}

SWIFT void unlock_slow(SELF) {
  SWIFT void (*original)(SELF) = dlsym(RTLD_NEXT, UNLOCK_SLOW);
  __tsan_release(self);
  original(self);
}
