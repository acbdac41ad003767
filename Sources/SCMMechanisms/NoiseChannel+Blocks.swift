package import SCMRandom

extension NoiseChannel {
  /// Four rows of each block of a list, as ``fillTile(_:law:firstRow:rows:key:site:purpose:draw:)`` has them in a column.
  ///
  /// - Parameter out: has room for the rows of a tile, each in a block of its own.
  @unsafe
  package func fill(
    _ out: UnsafeMutablePointer<Float>, _ list: BlockList, law: NoiseSource, key: TaskKey, site: UInt32
  ) {
    let isNormal =
      switch self {
      case .latent, .nugget, .process: true
      case .noise: type(of: law.law) == GaussianNoise.self
      case .rowScale, .gumbel, .uniform: false
      }
    if isNormal {
      unsafe list.fillNormals(out, key: key, site: site, purpose: purpose)
      return
    }
    // Sixteen blocks, and as many rows more as a column is written beyond its end.
    unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: 64 + 64) { scratch in
      guard let rows = scratch.baseAddress else { return }
      list.forEachWindow { places, first, blocks in
        unsafe fillTile(
          rows, law: law, firstRow: Int(first) << 2, rows: blocks << 2, key: key, site: site, purpose: purpose,
          draw: list[places.lowerBound].draw)
        for place in places {
          unsafe (out + 4 * place).update(from: rows + 4 * Int(list[place].block &- first), count: 4)
        }
      }
    }
  }
}
