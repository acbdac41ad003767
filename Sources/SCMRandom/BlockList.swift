/// Blocks of random words that don't follow each other: each of a draw of its own, such as those of rows that are drawn again, or each of
/// a site of its own.
@safe
package final class BlockList {
  private let blocks: UnsafeMutablePointer<UInt32>
  private let sites: UnsafeMutablePointer<UInt32>
  private let draws: UnsafeMutablePointer<UInt32>
  private let capacity: Int
  package private(set) var count = 0

  /// - Parameter capacity: the most blocks, a multiple of sixteen; unless told as many as a tile has rows.
  package init(capacity: Int = rowsPerTile) {
    self.capacity = capacity
    unsafe blocks = .allocate(capacity: capacity)
    unsafe sites = .allocate(capacity: capacity)
    unsafe draws = .allocate(capacity: capacity)
  }

  deinit {
    unsafe blocks.deallocate()
    unsafe sites.deallocate()
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
    precondition(count + places.count <= capacity, "A list has room for the rows of one tile.")
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

  /// Adds blocks of a site that follow each other.
  ///
  /// - Returns: the place of the first in the list, or `nil` where there is no room for all.
  package func add(_ range: Range<Int>, site: UInt32) -> Int? {
    let start = count
    guard start + range.count <= capacity else { return nil }
    for block in range { unsafe blocks[start + block - range.lowerBound] = UInt32(truncatingIfNeeded: block) }
    unsafe (sites + start).update(repeating: site, count: range.count)
    count = start + range.count
    return start
  }

  /// Standard normals of blocks of draws, four rows each, all of one site.
  ///
  /// - Parameter out: has room for as many blocks as the list.
  @unsafe
  package func fillNormals(_ out: UnsafeMutablePointer<Float>, key: TaskKey, site: UInt32, purpose: TaskKey.Purpose) {
    unsafe fillNormals(out, key, purpose, own: draws, shared: sites, site)
  }

  /// The same of blocks of sites, all of one draw.
  @unsafe
  package func fillNormals(_ out: UnsafeMutablePointer<Float>, key: TaskKey, draw: UInt32, purpose: TaskKey.Purpose) {
    unsafe fillNormals(out, key, purpose, own: sites, shared: draws, draw)
  }

  /// - Parameters:
  ///   - own: what each block has of its own, draws or sites.
  ///   - shared: of the two the other one, which gets the value that all have.
  @unsafe
  private func fillNormals(
    _ out: UnsafeMutablePointer<Float>, _ key: TaskKey, _ purpose: TaskKey.Purpose, own: UnsafeMutablePointer<UInt32>,
    shared: UnsafeMutablePointer<UInt32>, _ value: UInt32
  ) {
    guard count > 0 else { return }
    // The kernel makes whole vectors, so the last block is repeated.
    let whole = (count + 15) & ~15
    for index in count..<whole { unsafe (blocks[index], own[index]) = (blocks[count - 1], own[count - 1]) }
    unsafe shared.update(repeating: value, count: whole)
    unsafe Kernels.table.gaussianBlocks(out, blocks, sites, draws, whole, key.seed, purpose.rawValue)
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
