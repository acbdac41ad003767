import SCMMechanisms

/// The noise of a tile's first rows, node by node, for rows that are computed more than once: in another world, in another arm, or under
/// regimes that share it.
@safe
final class KeptNoise {
  /// A node's channels side by side.
  private var columns: UnsafeMutablePointer<Float>
  private var capacity = 1
  /// The most channels of a node.
  private var channelCount = 1
  /// Which rows of each node are kept, from a first one on.
  private var firstRows: [Int] = []
  private var counts: [Int] = []

  init() { unsafe columns = .allocate(capacity: MechanismRows.stride) }

  deinit { unsafe columns.deallocate() }

  /// Makes room for a task, of whose noise nothing is kept yet.
  func begin(nodeCount: Int, channelCount: Int) {
    let needed = nodeCount * channelCount
    if needed > capacity {
      unsafe columns.deallocate()
      unsafe columns = .allocate(capacity: needed * MechanismRows.stride)
      capacity = needed
    }
    self.channelCount = channelCount
    if counts.count < nodeCount {
      firstRows = [Int](repeating: 0, count: nodeCount)
      counts = firstRows
    }
    for node in 0..<nodeCount { counts[node] = 0 }
  }

  /// A channel's column, where as many rows of a node are kept.
  @unsafe
  func column(_ channel: Int, of node: Int, firstRow: Int, count: Int) -> UnsafePointer<Float>? {
    guard counts[node] >= count, firstRows[node] == firstRow else { return nil }
    return unsafe UnsafePointer(place(channel, of: node))
  }

  /// Keeps a node's columns, which lie side by side.
  @unsafe
  func keep(_ source: UnsafePointer<Float>, channels: Int, of node: Int, firstRow: Int, count: Int) {
    for channel in 0..<channels {
      unsafe place(channel, of: node).update(from: source + channel * MechanismRows.stride, count: count)
    }
    (firstRows[node], counts[node]) = (firstRow, count)
  }

  @unsafe
  private func place(_ channel: Int, of node: Int) -> UnsafeMutablePointer<Float> {
    unsafe columns + (node * channelCount + channel) * MechanismRows.stride
  }
}
