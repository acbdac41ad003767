// Many blocks at once. The words of a block go to four separate arrays, so that the loop over blocks is vectorised.

// Computed and inlinable: other modules read a stored global through a function, and inner loops read these.

/// The most blocks that one call of a kernel handles: 64 blocks are 256 rows.
@inlinable
package var blocksPerTile: Int { 64 }
/// Rows of a tile, whose columns stay in the cache from node to node.
@inlinable
package var rowsPerTile: Int { 2 * 4 * blocksPerTile }

/// A few blocks, rounded up to what the vectorised loop over blocks takes at once: one by one those left over would cost more.
@inlinable
package func wholeLanes(ofBlocks count: Int) -> Int { count > 1 ? (count + 7) & ~7 : count }

extension TaskKey {
  /// Words of blocks `first ..< first + count`: word w of block b goes to `out[w * blocksPerTile + b]`.
  ///
  /// - Precondition: `count <= blocksPerTile`, and `out` holds `4 * blocksPerTile` words.
  @unsafe
  func fillWords(
    _ out: UnsafeMutablePointer<UInt32>, first: UInt32, count: Int, site: UInt32, purpose: Purpose, draw: UInt32
  ) {
    let w0 = unsafe out
    let w1 = unsafe out + blocksPerTile
    let w2 = unsafe out + 2 * blocksPerTile
    let w3 = unsafe out + 3 * blocksPerTile
    for b in 0..<count {
      let (c0, c1, c2, c3) = blockWords(first &+ UInt32(truncatingIfNeeded: b), site, purpose, draw)
      unsafe w0[b] = c0
      unsafe w1[b] = c1
      unsafe w2[b] = c2
      unsafe w3[b] = c3
    }
  }

  /// Hands out the first `count` words of an address, a tile at a time, whose
  /// word t is `words[(t & 3) * blocksPerTile + t >> 2]`. The same words as ``WordSequence/next32()``, many times faster.
  @unsafe
  package func forEachTile(
    ofWords count: Int, site: UInt32 = 0, purpose: Purpose, draw: UInt32 = 0,
    _ body: (_ words: UnsafePointer<UInt32>, _ size: Int) -> Void
  ) {
    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * blocksPerTile) { words in
      guard let base = words.baseAddress else { return }
      for first in stride(from: 0, to: count, by: 4 * blocksPerTile) {
        let size = min(4 * blocksPerTile, count - first)
        unsafe fillWords(
          base, first: UInt32(truncatingIfNeeded: first / 4), count: (size + 3) / 4, site: site, purpose: purpose,
          draw: draw)
        unsafe body(UnsafePointer(base), size)
      }
    }
  }

  /// Hands out the words of some rows, a tile at a time: row r has word r mod 4 of block r / 4.
  ///
  /// - Parameter body: gets the words, as ``fillWords`` orders them, the first row of their first block, and the rows that they are for.
  @unsafe
  package func forEachTile(
    ofRows rows: Range<Int>, site: UInt32 = 0, purpose: Purpose, draw: UInt32 = 0,
    _ body: (_ words: UnsafePointer<UInt32>, _ start: Int, _ rows: Range<Int>) -> Void
  ) {
    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * blocksPerTile) { words in
      guard let base = words.baseAddress else { return }
      for start in stride(from: rows.lowerBound & ~3, to: rows.upperBound, by: 4 * blocksPerTile) {
        let end = min(start + 4 * blocksPerTile, rows.upperBound)
        unsafe fillWords(
          base, first: UInt32(truncatingIfNeeded: start >> 2), count: wholeLanes(ofBlocks: (end - start + 3) >> 2),
          site: site, purpose: purpose, draw: draw)
        unsafe body(UnsafePointer(base), start, max(start, rows.lowerBound)..<end)
      }
    }
  }

  /// One block, as a step of a loop that is vectorised: the same as ``block(_:site:purpose:draw:attempt:)``.
  @inline(__always)
  func blockWords(
    _ index: UInt32, _ site: UInt32, _ purpose: Purpose, _ draw: UInt32
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    let m0 = UInt64(Philox4x32.multipliers.0)
    let m1 = UInt64(Philox4x32.multipliers.1)
    var (c0, c1, c2, c3) = (index, site, purpose.rawValue, draw)
    var (k0, k1) = (words.x, words.y)
    for _ in 0..<10 {
      let p0 = m0 &* UInt64(c0)
      let p1 = m1 &* UInt64(c2)
      c0 = UInt32(truncatingIfNeeded: p1 >> 32) ^ c1 ^ k0
      c2 = UInt32(truncatingIfNeeded: p0 >> 32) ^ c3 ^ k1
      c1 = UInt32(truncatingIfNeeded: p1)
      c3 = UInt32(truncatingIfNeeded: p0)
      k0 = k0 &+ Philox4x32.weyl.0
      k1 = k1 &+ Philox4x32.weyl.1
    }
    return (c0, c1, c2, c3)
  }
}
