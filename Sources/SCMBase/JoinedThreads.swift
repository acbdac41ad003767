#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Threads that live within one call. They are plain pthreads, as Dispatch and Swift concurrency hang in a process that
/// forked after it had used them.
package enum JoinedThreads {
  /// Runs `body(0) … body(count - 1)`, one of them on the calling thread, and returns when all have. A thread that can't be
  /// started leaves its part to the calling thread.
  package static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    var threads: [pthread_t] = []
    nonisolated(unsafe) let flag = Interruption.flag
    let watched: @Sendable (Int) -> Void = { index in
      Interruption.flag = unsafe flag
      body(index)
    }
    var left: [Int] = [0]
    for index in 1..<max(count, 1) {
      let argument = unsafe Unmanaged.passRetained(Start(index: index, body: watched))
      #if canImport(Darwin)
        var thread: pthread_t?
      #else
        var thread = pthread_t()
      #endif
      let status = unsafe pthread_create(
        &thread, nil,
        { raw in
          #if canImport(Darwin)
            let start = unsafe Unmanaged<Start>.fromOpaque(raw).takeRetainedValue()
          #else
            guard let raw = unsafe raw else { return nil }
            let start = unsafe Unmanaged<Start>.fromOpaque(raw).takeRetainedValue()
          #endif
          start.body(start.index)
          return nil
        }, argument.toOpaque())
      #if canImport(Darwin)
        if status == 0, let thread { threads.append(thread); continue }
      #else
        if status == 0 { threads.append(thread); continue }
      #endif
      unsafe argument.release()
      left.append(index)
    }
    left.forEach(body)
    for thread in threads { pthread_join(thread, nil) }
  }

  private final class Start: Sendable {
    let index: Int
    let body: @Sendable (Int) -> Void

    init(index: Int, body: @escaping @Sendable (Int) -> Void) {
      self.index = index
      self.body = body
    }
  }
}
