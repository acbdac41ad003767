import Synchronization

/// The results of `body(0) … body(count - 1)`, in order and the same for any number of threads.
///
/// Indices are dealt out one after another, and every one that is dealt is done. So what comes back where the caller cancels is what
/// the first few gave, and of several that fail the first one's error is thrown.
///
/// - Parameters:
///   - isCancelled: asked before each index, by every thread.
///   - makeContext: what a thread works with for all its indices, such as buffers.
/// - Returns: fewer than `count` results only where `isCancelled` said so.
package func parallelMap<Context, Element: Sendable>(
  _ count: Int, threads: Int, isCancelled: @escaping @Sendable () -> Bool = { false },
  with makeContext: @escaping @Sendable () -> Context,
  _ body: @escaping @Sendable (_ index: Int, _ context: Context) throws -> Element
) throws -> [Element] {
  let dealer = Dealer(count: count)
  let parts = (0..<max(1, min(threads, count))).map { _ in Part<Element>() }
  JoinedThreads.run(parts.count) { number in
    let (part, context) = (parts[number], makeContext())
    // The parts may share a cache line, so each is written once.
    var (indices, elements): ([Int], [Element]) = ([], [])
    defer { (part.indices, part.elements) = (indices, elements) }
    while !isCancelled(), let index = dealer.next() {
      do {
        elements.append(try body(index, context))
        indices.append(index)
      } catch {
        dealer.stop()
        part.failure = (index, error)
        return
      }
    }
  }
  // Of those that were dealt before it every one is done, so the first failure is the same whatever the threads.
  // No key paths here: what they resolve at run time takes as long as a small task.
  if let first = parts.compactMap({ $0.failure }).min(by: { $0.index < $1.index }) { throw first.error }
  if parts.count == 1 { return parts[0].elements }  // In order.
  let (indices, elements) = (parts.flatMap { $0.indices }, parts.flatMap { $0.elements })
  return indices.indices.sorted { indices[$0] < indices[$1] }.map { elements[$0] }
}

package func parallelMap<Element: Sendable>(
  _ count: Int, threads: Int, isCancelled: @escaping @Sendable () -> Bool = { false },
  _ body: @escaping @Sendable (_ index: Int) throws -> Element
) throws -> [Element] {
  try parallelMap(count, threads: threads, isCancelled: isCancelled, with: {}) { index, _ in try body(index) }
}

/// A counter that deals out indices.
private final class Dealer: Sendable {
  private let count: Int
  private let dealt = Atomic(0)

  init(count: Int) { self.count = count }

  func next() -> Int? {
    let index = dealt.wrappingAdd(1, ordering: .relaxed).oldValue
    return index < count ? index : nil
  }

  /// No more indices are dealt out.
  func stop() { dealt.store(count, ordering: .relaxed) }
}

/// What one thread has done, which nobody else reads before it is joined.
///
/// No `Mutex` holds the results together: in a forked child Swift's takes the calling thread for one of its parent's, and traps as
/// soon as two threads meet at it.
private final class Part<Element>: @unchecked Sendable {
  var indices: [Int] = []
  var elements: [Element] = []
  var failure: (index: Int, error: any Error)?
}
