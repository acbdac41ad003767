// Many blocks at once. The words of a block go to four separate arrays, so that loops over blocks are vectorised.

@_exported public import SCMElementary

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
    unsafe Kernels.table.words(out, first, count, seed, site, purpose.rawValue, draw)
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
}
