/// Standard noise of one law, addressed by row.
///
///     NoiseSource(.studentT(degreesOfFreedom: 4)).fill(&rows, first: 0, key: TaskKey(seed: 7), site: 0)
public struct NoiseSource: Hashable, Sendable {
  public let law: any NoiseLaw

  public var kind: String { type(of: law).kind }

  public init(_ law: some NoiseLaw) { self.law = law }

  public static func == (a: NoiseSource, b: NoiseSource) -> Bool { AnyHashable(a.law) == AnyHashable(b.law) }

  public func hash(into hasher: inout Hasher) { law.hash(into: &hasher) }

  /// Rows `first ..< first + out.count` at one address. Row r reads lane r mod 4 of block r / 4 whatever range is asked
  /// for, so overlapping ranges agree to the bit.
  ///
  /// - Precondition: the law's options lie in the ranges that its `parameters` state; a family refuses others. `first` is not negative.
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
    unsafe law.fillTile(
      out, first: UInt32(truncatingIfNeeded: firstRow >> 2), blocks: rows >> 2, key: key, site: site, purpose: purpose,
      draw: draw)
  }
}
