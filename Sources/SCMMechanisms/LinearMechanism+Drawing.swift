import SCMBase
import SCMRandom

extension [Float] {
  /// Two numbers of the caller's, then the normal weights of one node: those of ``TaskKey/scaledNormals``, in one array with them, and one
  /// more where their number is odd.
  init(_ first: Float, _ second: Float, weights count: Int, scale: Double, node: UInt32, key: TaskKey) {
    let before = LinearMechanism.before
    unsafe self.init(over: 0, count: before + (count + 1) & ~1) { out in
      unsafe (out[0], out[1]) = (first, second)
      unsafe Kernels.table.scaledNormals(
        out + before, (count + 1) / 2, scale, key.seed, node, TaskKey.Purpose.weights.rawValue, 0)
    }
  }

  /// For each node two numbers of the caller's, then a normal weight for each parent: those of ``TaskKey/scaledNormals``, drawn for all
  /// nodes at once.
  init(
    weightsOf parentCounts: [Int], scale: Double, key: TaskKey, first: (_ node: Int) -> (Float, Float)
  ) {
    // A block of words gives two weights; a node's blocks are numbered from 0.
    let blockCount = parentCounts.reduce(0) { $0 + ($1 + 1) / 2 }
    let padded = (blockCount + 7) & ~7
    let total = parentCounts.reduce(0) { $0 + LinearMechanism.before + $1 }
    unsafe self.init(over: 0, count: total) { out in
      unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * padded) { scratch in
        guard let blocks = scratch.baseAddress else { return }
        let sites = unsafe blocks + padded
        let normals = unsafe UnsafeMutableRawPointer(sites + padded).assumingMemoryBound(to: Float.self)
        var place = 0
        for (node, count) in parentCounts.enumerated() {
          for block in 0..<((count + 1) / 2) {
            unsafe blocks[place] = UInt32(truncatingIfNeeded: block)
            unsafe sites[place] = UInt32(truncatingIfNeeded: node)
            place += 1
          }
        }
        for place in blockCount..<padded { unsafe (blocks[place], sites[place]) = (0, 0) }
        unsafe Kernels.table.scatteredNormals(
          normals, blocks, sites, padded, scale, key.seed, TaskKey.Purpose.weights.rawValue, 0)
        var (next, pair) = unsafe (out, normals)
        for (node, count) in parentCounts.enumerated() {
          unsafe (next[0], next[1]) = first(node)
          for index in 0..<count { unsafe next[LinearMechanism.before + index] = pair[index] }
          unsafe next += LinearMechanism.before + count
          unsafe pair += (count + 1) / 2 * 2
        }
      }
    }
  }
}
