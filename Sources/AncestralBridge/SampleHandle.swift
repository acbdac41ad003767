import Ancestral

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What an `anc_sample` points to.
///
/// Its lock is the system's own: in a forked child Swift's `Mutex` takes the calling thread for one of its parent's, and traps as soon as
/// two threads meet at it.
final class SampleHandle: @unchecked Sendable {
  private var sample = FamilySample()
  private let lock: UnsafeMutablePointer<pthread_mutex_t>

  init() {
    lock = .allocate(capacity: 1)
    lock.initialize(to: pthread_mutex_t())
    pthread_mutex_init(lock, nil)
  }

  deinit {
    pthread_mutex_destroy(lock)
    lock.deallocate()
  }

  var value: FamilySample { locked { sample } }

  func append(_ other: FamilySample) throws { try locked { try sample.append(other) } }

  private func locked<Value>(_ body: () throws -> Value) rethrows -> Value {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return try body()
  }
}
