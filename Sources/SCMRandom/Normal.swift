extension TaskKey {
  /// Standard normals in Float64, for parameters: normals 2b and 2b + 1 come from block b (Box–Muller, 1958).
  public func normals(count: Int, site: UInt32 = 0, purpose: Purpose, draw: UInt32 = 0) -> [Double] {
    unsafe [Double](unsafeUninitializedCapacity: (count + 1) & ~1) { buffer, written in
      guard let out = buffer.baseAddress else { return }
      forEachNormal(pairs: (count + 1) / 2, site: site, purpose: purpose, draw: draw) { unsafe out[$0] = $1 }
      written = count
    }
  }

  /// ``normals(count:site:purpose:draw:)`` times a scale, each rounded once to Float32.
  package func scaledNormals(
    count: Int, scale: Double, site: UInt32 = 0, purpose: Purpose, draw: UInt32 = 0
  ) -> [Float] {
    unsafe [Float](unsafeUninitializedCapacity: (count + 1) & ~1) { buffer, written in
      guard let out = buffer.baseAddress else { return }
      forEachNormal(pairs: (count + 1) / 2, site: site, purpose: purpose, draw: draw) {
        unsafe out[$0] = Float(scale * $1)
      }
      written = count
    }
  }

  @inline(__always)
  private func forEachNormal(
    pairs: Int, site: UInt32, purpose: Purpose, draw: UInt32, _ body: (Int, Double) -> Void
  ) {
    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * blocksPerTile) { scratch in
      guard let words = scratch.baseAddress else { return }
      for first in stride(from: 0, to: pairs, by: blocksPerTile) {
        let count = min(blocksPerTile, pairs - first)
        unsafe fillWords(
          words, first: UInt32(truncatingIfNeeded: first), count: count, site: site, purpose: purpose, draw: draw)
        for b in 0..<count {
          let low = unsafe UInt64(words[b]) | UInt64(words[blocksPerTile + b]) << 32
          let high = unsafe UInt64(words[2 * blocksPerTile + b]) | UInt64(words[3 * blocksPerTile + b]) << 32
          let radius = (-2 * Elementary.log(Double(openUnit: low))).squareRoot()
          let angle = Double(openUnit: high) - 0.5
          body(2 * (first + b), radius * Elementary.cosTurns(angle))
          body(2 * (first + b) + 1, radius * Elementary.sinTurns(angle))
        }
      }
    }
  }
}
