import SCMFamilies
import SCMMechanisms
import SCMRandom

/// Rows of a tile whose noise is of other draws than the tile's.
@safe
final class RedrawnRows {
  /// Whether the tile has no others: then each row stands behind the one that was added before it.
  let areAll: Bool
  private(set) var count = 0
  /// What the noise of these is made of.
  private let blocks = BlockList()
  /// Of each row, its place in the tile and that among the rows of all blocks.
  private let places = UnsafeMutablePointer<Int32>.allocate(capacity: rowsPerTile)
  private let sources = UnsafeMutablePointer<Int32>.allocate(capacity: rowsPerTile)
  /// Room for noise, each row in a block of its own.
  private let drawn = UnsafeMutablePointer<Float>.allocate(capacity: 4 * rowsPerTile)

  init(areAll: Bool) { self.areAll = areAll }

  deinit {
    unsafe places.deallocate()
    unsafe sources.deallocate()
    unsafe drawn.deallocate()
  }

  func removeAll() {
    blocks.removeAll()
    count = 0
  }

  /// Adds rows of a tile, of one draw.
  func add(_ rows: [Int], of tile: RowTile, draw: UInt32) {
    unsafe blocks.add(rows, from: tile.firstRow, draw: draw, sources: sources + count)
    for (index, row) in rows.enumerated() {
      unsafe places[count + index] = Int32(truncatingIfNeeded: areAll ? count + index : row)
    }
    count += rows.count
  }

  /// Writes numbers of the rows to their places.
  ///
  /// - Parameter fill: writes those of all blocks, four each.
  @unsafe
  func write(to column: UnsafeMutablePointer<Float>, _ fill: (BlockList, UnsafeMutablePointer<Float>) -> Void) {
    guard count > 0 else { return }
    unsafe fill(blocks, drawn)
    for index in 0..<count { unsafe column[Int(places[index])] = drawn[Int(sources[index])] }
    guard areAll else { return }
    // Mechanisms compute whole lanes.
    for index in count..<SCMInstance.padded(count) { unsafe column[index] = column[count - 1] }
  }
}

extension Experiment {
  /// Fills a column of noise that a node reads in a tile some rows of which were drawn again.
  @unsafe
  func fillNoise(
    _ channel: NoiseChannel, of node: Int, _ tile: RowTile, rows: Int, _ redrawn: RedrawnRows,
    to column: UnsafeMutablePointer<Float>
  ) {
    if !redrawn.areAll {
      unsafe instance.fillNoise(
        channel, of: node, firstRow: tile.firstRow, rows: rows, to: column, purpose: channel.purpose, draw: draw)
    }
    unsafe redrawn.write(to: column) { unsafe instance.fillNoise(channel, of: node, $0, to: $1) }
  }
}
