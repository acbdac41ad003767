#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Lets somebody else end the work of a thread: long loops look at a number in memory and give up when it is no longer 0.
///
/// What they then return means nothing; whoever set the number throws it away. In Swift nobody does unless asked: without a number
/// nothing is ever interrupted.
package enum Interruption {
  /// Whether the work that this thread does is no longer wanted.
  package static var isRequested: Bool { flag.map { unsafe $0.pointee != 0 } ?? false }

  /// The number that this thread looks at. Threads of ``JoinedThreads`` look at that of the thread which started them.
  package static var flag: UnsafePointer<Int32>? {
    get { unsafe UnsafePointer(pthread_getspecific(key)?.assumingMemoryBound(to: Int32.self)) }
    set { unsafe pthread_setspecific(key, newValue) }
  }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    unsafe pthread_key_create(&key, nil)
    return key
  }()
}
