/// Blocks of random words that don't follow each other, each of a draw of its own, such as those of rows that are drawn again; at most as
/// many as a tile has rows.
@safe
package final class BlockList {
  private let blocks = UnsafeMutablePointer<UInt32>.allocate(capacity: rowsPerTile)
  private let draws = UnsafeMutablePointer<UInt32>.allocate(capacity: rowsPerTile)
  package private(set) var count = 0

  package init() {}

  deinit {
    unsafe blocks.deallocate()
    unsafe draws.deallocate()
  }

  /// The number and the draw of a block.
  package subscript(index: Int) -> (block: UInt32, draw: UInt32) { unsafe (blocks[index], draws[index]) }

  package func removeAll() { count = 0 }

  /// Adds the blocks of some rows of a draw, one for neighbours that share it.
  ///
  /// - Parameters:
  ///   - places: of the rows, counted from a first one on.
  ///   - sources: gets each row's place among the rows of all blocks.
  @unsafe
  package func add(_ places: [Int], from firstRow: Int, draw: UInt32, sources: UnsafeMutablePointer<Int32>) {
    precondition(count + places.count <= rowsPerTile, "A list has the rows of one tile at most.")
    let start = count
    var (end, last) = (start, -1)
    for (index, place) in places.enumerated() {
      let row = firstRow + place
      // No branch: whether rows share a block can't be foretold.
      end &+= row >> 2 == last ? 0 : 1
      last = row >> 2
      unsafe blocks[end - 1] = UInt32(truncatingIfNeeded: last)
      unsafe sources[index] = Int32(truncatingIfNeeded: 4 * (end - 1) + row & 3)
    }
    unsafe (draws + start).update(repeating: draw, count: end - start)
    count = end
  }

  /// Standard normals of all blocks, four rows each.
  ///
  /// - Parameter out: has room for the rows of a tile, each in a block of its own.
  @unsafe
  package func fillNormals(_ out: UnsafeMutablePointer<Float>, key: TaskKey, site: UInt32, purpose: TaskKey.Purpose) {
    guard count > 0 else { return }
    // The kernel makes whole vectors, so the last block is repeated.
    let whole = (count + 15) & ~15
    for index in count..<whole { unsafe (blocks[index], draws[index]) = (blocks[count - 1], draws[count - 1]) }
    unsafe Kernels.table.gaussianBlocks(out, blocks, draws, whole, key.seed, site, purpose.rawValue)
  }

  /// Hands out, part by part, ascending blocks of one draw that lie within sixteen: their places in the list, the number of the first and
  /// how many blocks there are from it to the last.
  package func forEachWindow(_ body: (_ places: Range<Int>, _ first: UInt32, _ blocks: Int) -> Void) {
    var start = 0
    while start < count {
      let first = self[start]
      var end = start + 1
      while end < count, self[end].draw == first.draw, self[end].block &- self[end - 1].block < 16,
        self[end].block &- first.block < 16
      {
        end += 1
      }
      body(start..<end, first.block, Int(self[end - 1].block &- first.block) + 1)
      start = end
    }
  }
}
