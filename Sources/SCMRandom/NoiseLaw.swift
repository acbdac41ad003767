/// The law of a node's noise: mean 0 and variance 1 (Cauchy: median 0 and scale 1, as it has neither).
public enum NoiseLaw: String, CaseIterable, Codable, Hashable, Sendable {
  case gaussian, laplace, uniform, gumbel, logistic, exponential, cauchy
  case studentT = "student_t"
}

/// Standard noise of one law, addressed by row.
public struct NoiseSource: Hashable, Sendable {
  public let law: NoiseLaw
  /// Of Student's t only; above 2, so that the variance exists.
  public let degreesOfFreedom: Double

  public init(_ law: NoiseLaw, degreesOfFreedom: Double = 5) {
    self.law = law
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// Rows `first ..< first + out.count` at one address. Row r reads lane r mod 4 of block r / 4 whatever range is asked
  /// for, so overlapping ranges agree to the bit.
  public func fill(
    _ out: inout [Float], first: Int, key: TaskKey, site: UInt32, purpose: TaskKey.Purpose = .noise, draw: UInt32 = 0
  ) {
    var tile = [Float](repeating: 0, count: rowsPerTile)
    var written = 0
    while written < out.count {
      let row = first + written
      let start = row & ~3
      if start == row, out.count - written >= rowsPerTile {
        unsafe out.withUnsafeMutableBufferPointer { buffer in
          guard let base = buffer.baseAddress else { return }
          unsafe fillTile(
            base + written, firstRow: row, rows: rowsPerTile, key: key, site: site, purpose: purpose, draw: draw)
        }
        written += rowsPerTile
        continue
      }
      let rows = min(rowsPerTile, ((out.count - written) + (row - start) + 3) & ~3)
      unsafe tile.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        unsafe fillTile(base, firstRow: start, rows: rows, key: key, site: site, purpose: purpose, draw: draw)
      }
      for r in (row - start)..<rows where written < out.count {
        out[written] = tile[r]
        written += 1
      }
    }
  }

  /// Rows `firstRow ..< firstRow + rows` into `out`.
  ///
  /// - Precondition: `firstRow` and `rows` are multiples of 4, `rows <= rowsPerTile`.
  @unsafe
  package func fillTile(
    _ out: UnsafeMutablePointer<Float>, firstRow: Int, rows: Int, key: TaskKey, site: UInt32,
    purpose: TaskKey.Purpose, draw: UInt32
  ) {
    let first = UInt32(truncatingIfNeeded: firstRow >> 2)
    let blocks = rows >> 2
    if law == .gaussian {
      unsafe key.fillNormals(out, first: first, blocks: blocks, site: site, purpose: purpose, draw: draw)
      return
    }
    for start in stride(from: 0, to: blocks, by: blocksPerTile) {
      unsafe fillBlocks(
        out + 4 * start, first: first &+ UInt32(start), blocks: min(blocksPerTile, blocks - start), key: key,
        site: site,
        purpose: purpose, draw: draw)
    }
  }

  /// As many blocks as the words have room for.
  @unsafe
  private func fillBlocks(
    _ out: UnsafeMutablePointer<Float>, first: UInt32, blocks: Int, key: TaskKey, site: UInt32,
    purpose: TaskKey.Purpose,
    draw: UInt32
  ) {
    // A kibibyte, the most that is taken from the stack.
    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * blocksPerTile) { scratch in
      guard let words = scratch.baseAddress else { return }
      unsafe key.fillWords(words, first: first, count: blocks, site: site, purpose: purpose, draw: draw)
      switch law {
      case .gaussian: return
      case .laplace: unsafe each(words, blocks, out, laplace)
      case .uniform: unsafe each(words, blocks, out, symmetricUniform)
      case .gumbel: unsafe each(words, blocks, out, gumbel)
      case .logistic: unsafe each(words, blocks, out, logistic)
      case .exponential: unsafe each(words, blocks, out) { exponential($0) - 1 }
      case .cauchy: unsafe each(words, blocks, out, cauchy)
      case .studentT:
        unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * blocksPerTile) { scratch in
          guard let angles = scratch.baseAddress else { return }
          unsafe key.fillWords(angles, first: first, count: blocks, site: site, purpose: .auxiliaryNoise, draw: draw)
          unsafe studentT(words, angles, blocks, degreesOfFreedom, out)
        }
      }
    }
  }
}
