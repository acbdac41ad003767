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
  let work = DealtWork<Element>(count: count)
  JoinedThreads.run(max(1, min(threads, count))) { _ in
    let context = makeContext()
    var (indices, elements) = ([Int](), [Element]())
    while !isCancelled(), let index = work.next() {
      do {
        elements.append(try body(index, context))
        indices.append(index)
      } catch {
        work.fail(index, error)
        return
      }
    }
    work.add(indices, elements)
  }
  return try work.results()
}

package func parallelMap<Element: Sendable>(
  _ count: Int, threads: Int, isCancelled: @escaping @Sendable () -> Bool = { false },
  _ body: @escaping @Sendable (_ index: Int) throws -> Element
) throws -> [Element] {
  try parallelMap(count, threads: threads, isCancelled: isCancelled, with: {}) { index, _ in try body(index) }
}

/// What the threads share: a counter that deals out indices, the first failure, and what each thread has done.
private final class DealtWork<Element: Sendable>: Sendable {
  private let count: Int
  private let dealt = Atomic(0)
  private let failure = Mutex<(index: Int, error: any Error)?>(nil)
  private let done = Mutex<(indices: [Int], elements: [Element])>(([], []))

  init(count: Int) { self.count = count }

  func next() -> Int? {
    let index = dealt.wrappingAdd(1, ordering: .relaxed).oldValue
    return index < count ? index : nil
  }

  /// No more indices are dealt out; those before this one are, so the first failure is the same whatever the threads.
  func fail(_ index: Int, _ error: any Error) {
    dealt.store(count, ordering: .relaxed)
    failure.withLock { known in
      if index < known?.index ?? .max { known = (index, error) }
    }
  }

  func add(_ indices: [Int], _ elements: [Element]) {
    done.withLock { done in
      done.indices += indices
      done.elements += elements
    }
  }

  func results() throws -> [Element] {
    if let failure = failure.withLock({ $0 }) { throw failure.error }
    return done.withLock { done in
      let indices = done.indices
      // One thread has them in order.
      if zip(indices, indices.dropFirst()).allSatisfy(<) { return done.elements }
      return indices.indices.sorted { indices[$0] < indices[$1] }.map { done.elements[$0] }
    }
  }
}
