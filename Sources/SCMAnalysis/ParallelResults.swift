import Synchronization

/// One number for each index, written by many threads.
final class ParallelResults: Sendable {
  private let storage: Mutex<[Double]>

  init(count: Int) { storage = Mutex([Double](repeating: 0, count: count)) }

  func set(_ index: Int, _ value: Double) { storage.withLock { $0[index] = value } }

  var values: [Double] { storage.withLock { $0 } }
}
