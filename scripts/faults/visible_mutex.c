/*
 * The waiting lock of Swift's Synchronization.Mutex, told to ThreadSanitizer.
 *
 * The fast path of a Mutex is inlined and seen; the slow one lies in libswiftSynchronization, which is not instrumented, so every
 * contended Mutex looks like a race. Preloaded, this takes its place: it waits by trying again, so that the lock's word never says
 * "contended" and the inlined unlock always suffices. Linux, Swift 6.3; see scripts/sanitize.sh.
 */
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

/* There only in a process under ThreadSanitizer; its symbolizer is preloaded with this too. */
void __tsan_acquire(void *address) __attribute__((weak));

#define METHOD __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) _Atomic uint32_t *

METHOD void lock_slow(uint32_t thread, SELF word) __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
METHOD void unlock_slow(SELF word) __asm__("$s15Synchronization12_MutexHandleV11_unlockSlowyyF");

METHOD void lock_slow(uint32_t thread, SELF word) {
  for (;;) {
    uint32_t unlocked = 0;
    if (atomic_compare_exchange_weak_explicit(word, &unlocked, thread, memory_order_acquire, memory_order_relaxed)) {
      if (__tsan_acquire) __tsan_acquire((void *)word);
      return;
    }
    sched_yield();
  }
}

METHOD void unlock_slow(SELF word) {
  (void)word;
  abort(); /* Only a contended lock is unlocked here. */
}
