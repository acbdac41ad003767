import SCMBase

extension TaskKey {
  /// Standard normals in Float64, for parameters: normals 2b and 2b + 1 come from block b (Box–Muller, 1958).
  ///
  /// - Precondition: `count` is not negative.
  public func normals(count: Int, site: UInt32 = 0, purpose: Purpose, draw: UInt32 = 0) -> [Double] {
    requireInRelease(count >= 0, "There can't be a negative number of normals.")
    return unsafe [Double](unsafeUninitializedCapacity: (count + 1) & ~1) { buffer, written in
      guard let out = buffer.baseAddress else { return }
      unsafe Kernels.table.normals(out, 0, (count + 1) / 2, 0, seed, site, purpose.rawValue, draw)
      written = count
    }
  }

  /// ``normals(count:site:purpose:draw:)`` times a scale, each rounded once to Float32.
  package func scaledNormals(
    count: Int, scale: Double, site: UInt32 = 0, purpose: Purpose, draw: UInt32 = 0
  ) -> [Float] {
    unsafe [Float](unsafeUninitializedCapacity: (count + 1) & ~1) { buffer, written in
      guard let out = buffer.baseAddress else { return }
      unsafe Kernels.table.scaledNormals(out, (count + 1) / 2, scale, seed, site, purpose.rawValue, draw)
      written = count
    }
  }
}
