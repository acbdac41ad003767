import SCMRandom
import Testing

/// A row's noise depends on its number alone, whatever range it is asked for in.
struct RowRangeTests {
  private static let sources = NoiseLaws.all.map { NoiseSource($0.init()) }

  private func bits(_ source: NoiseSource, first: Int, count: Int) -> [UInt32] {
    var rows = [Float](repeating: .nan, count: count)
    source.fill(&rows, first: first, key: TaskKey(seed: 77), site: 1, draw: 2)
    return rows.map(\.bitPattern)
  }

  @Test(arguments: sources) func fewerRowsAreThePrefixOfMore(_ source: NoiseSource) {
    let all = bits(source, first: 0, count: 1100)
    for count in [0, 1, 2, 3, 4, 5, 63, 64, 255, 256, 257, 512, 1023] {
      #expect(bits(source, first: 0, count: count) == Array(all.prefix(count)), "\(count) rows of \(source.kind)")
    }
  }

  @Test(arguments: sources) func anyRangeIsThatPartOfTheWhole(_ source: NoiseSource) {
    let all = bits(source, first: 0, count: 1100)
    for first in [1, 2, 3, 4, 7, 253, 255, 256, 257, 511, 770] {
      for count in [1, 2, 3, 4, 5, 250, 256, 259, 300] {
        #expect(
          bits(source, first: first, count: count) == Array(all[first..<(first + count)]),
          "rows from \(first), \(count) of \(source.kind)")
      }
    }
  }

  @Test(arguments: sources) func rowsFarOutAreAddressedAsWell(_ source: NoiseSource) {
    let far = 1 << 34 - 1024
    let all = bits(source, first: far, count: 1024)
    #expect(bits(source, first: far + 513, count: 400) == Array(all[513..<913]), "\(source.kind)")
    #expect(all != bits(source, first: 0, count: 1024), "\(source.kind)")
  }
}
