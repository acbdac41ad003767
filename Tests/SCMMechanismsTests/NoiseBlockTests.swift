import SCMElementary
import SCMMechanisms
import SCMRandom
import Testing

/// Blocks of noise that don't follow each other, against whole columns.
struct NoiseBlockTests {
  private static let laws = NoiseLaws.all.map { NoiseSource($0.init()) }
  private static let others: [NoiseChannel] = [
    .latent, .nugget, .process, .rowScale(Gamma(shape: 0.4, scale: 2), isVariance: false),
    .rowScale(Gamma(shape: 2.5, scale: 0.4), isVariance: true), .gumbel(0), .gumbel(3), .uniform,
  ]

  /// Rows of few blocks, near each other and far, in several draws, as rows that are drawn again come.
  private static let rows: [(row: Int, draw: UInt32)] =
    [0, 1, 3, 4, 60, 63, 64, 200, 300, 301, 511].map { ($0, 0xC000_0001) } + [2, 508].map { ($0, 0xC000_0002) }
    + [(66, 0xC000_0003), (67, 0xC000_0004), (65, 0xC000_0005), (1 << 33, 7)]

  private func check(_ channel: NoiseChannel, _ law: NoiseSource) {
    let key = TaskKey(seed: 4242)
    let list = BlockList()
    var places = [Int32](repeating: 0, count: Self.rows.count)
    unsafe places.withUnsafeMutableBufferPointer { buffer in
      for (index, (row, draw)) in Self.rows.enumerated() {
        guard let base = buffer.baseAddress else { return }
        unsafe list.add([row], from: 0, draw: draw, sources: base + index)
      }
    }
    var out = [Float](repeating: .nan, count: 4 * rowsPerTile)
    unsafe out.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      unsafe channel.fill(base, list, law: law, key: key, site: 5)
    }
    for ((row, draw), place) in zip(Self.rows, places) {
      var column = [Float](repeating: .nan, count: MechanismRows.stride)
      unsafe column.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        unsafe channel.fillTile(
          base, law: law, firstRow: row & ~63, rows: 64, key: key, site: 5, purpose: channel.purpose, draw: draw)
      }
      #expect(
        out[Int(place)].bitPattern == column[row & 63].bitPattern, "row \(row) of draw \(draw), \(channel) of \(law)")
    }
  }

  @Test(arguments: laws) func blocksOfALawAreThoseOfItsColumns(_ law: NoiseSource) { check(.noise, law) }

  @Test(arguments: others) func blocksOfAChannelAreThoseOfItsColumns(_ channel: NoiseChannel) {
    check(channel, NoiseSource(.laplace))
  }
}
