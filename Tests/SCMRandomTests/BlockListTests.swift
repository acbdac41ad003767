import SCMElementary
import SCMRandom
import Testing

struct BlockListTests {
  private let key = TaskKey(seed: 0xF00D_0000_BEEF)

  /// Adds some rows of a draw.
  ///
  /// - Returns: their places among the rows of all blocks.
  private func add(_ rows: [Int], from first: Int = 0, draw: UInt32, to list: BlockList) -> [Int32] {
    var sources = [Int32](repeating: -1, count: rows.count + 1)
    unsafe sources.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      unsafe list.add(rows, from: first, draw: draw, sources: base)
    }
    #expect(sources.last == -1)
    return sources.dropLast()
  }

  /// What a list writes into a column with room for the rows of a tile, each in a block of its own.
  private func normals(of list: BlockList) -> [Float] {
    var out = [Float](repeating: 0.25, count: 4 * rowsPerTile)
    unsafe out.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      unsafe list.fillNormals(base, key: key, site: 9, purpose: .latent)
    }
    return out
  }

  @Test func neighboursOfOneBlockAndDrawShareIt() {
    let list = BlockList()
    #expect(add([0, 1, 3, 4], from: 4, draw: 1, to: list) == [0, 1, 3, 4])
    #expect(add([7, 8, 5], draw: 2, to: list) == [8 + 3, 12, 16 + 1])
    #expect(add([], draw: 3, to: list) == [])
    #expect((0..<list.count).map { list[$0].block } == [1, 2, 1, 2, 1])
    #expect((0..<list.count).map { list[$0].draw } == [1, 1, 2, 2, 2])
    list.removeAll()
    #expect(add([6], draw: 2, to: list) == [2])
    #expect(list.count == 1)
  }

  /// Of whole vectors and of fewer, of blocks at the counter's ends, out of order and twice; rows beyond are nobody's.
  @Test(arguments: [1, 3, 15, 16, 17, 31, 40, 512]) func normalsAreThoseOfTheirColumns(count: Int) {
    let numbers: [UInt32] = [0, 1, 5, .max, .max - 1, 1 << 31, 7, 7, 1 << 31 - 1]
    let draws: [UInt32] = [0, 3, 0xC000_0001, .max]
    let list = BlockList()
    for index in 0..<count {
      _ = add([Int(numbers[index % numbers.count]) << 2], draw: draws[index % draws.count], to: list)
    }
    #expect(list.count == count)
    let out = normals(of: list)
    for place in 0..<count {
      let (block, draw) = list[place]
      #expect(block == numbers[place % numbers.count] && draw == draws[place % draws.count])
      var rows = [Float](repeating: .nan, count: 4)
      NoiseSource(.gaussian).fill(&rows, first: Int(block) << 2, key: key, site: 9, purpose: .latent, draw: draw)
      #expect(
        Array(out[(4 * place)..<(4 * place + 4)]) == rows, "block \(block) under draw \(draw), at \(place) of \(count)")
    }
    #expect(out.dropFirst((count + 15) / 16 * 64).allSatisfy { $0 == 0.25 })
  }

  /// Of each its own site, all of one draw; what has no room isn't added.
  @Test func normalsOfSitesAreThoseOfTheirColumns() {
    let list = BlockList(capacity: 32)
    let added: [(Range<Int>, UInt32)] = [(0..<3, 9), (2..<9, 10), (5..<5, 3), (1 << 30..<(1 << 30 + 9), 0x0F_FFFF)]
    #expect(added.map { list.add($0.0, site: $0.1) } == [0, 3, 10, 10])
    #expect(list.add(0..<14, site: 1) == nil)
    #expect(list.add(0..<2, site: 1) == 19)
    var out = [Float](repeating: 0.25, count: 4 * 32 + 1)
    unsafe out.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      unsafe list.fillNormals(base, key: key, draw: 0xC000_0001, purpose: .latent)
    }
    var plain: [Float] = []
    for (blocks, site) in added + [(0..<2, 1)] where !blocks.isEmpty {
      var rows = [Float](repeating: .nan, count: 4 * blocks.count)
      NoiseSource(.gaussian).fill(
        &rows, first: 4 * blocks.lowerBound, key: key, site: site, purpose: .latent, draw: 0xC000_0001)
      plain += rows
    }
    #expect(Array(out[..<(4 * 21)]) == plain)
    #expect(out.last == 0.25)
  }

  @Test func anEmptyListWritesNothing() {
    let list = BlockList()
    #expect(normals(of: list).allSatisfy { $0 == 0.25 })
    list.forEachWindow { _, _, _ in Issue.record("An empty list has no window.") }
  }

  /// A window ends where the draw does, where sixteen blocks do, and where the next block is an earlier one; the counter's end is none.
  @Test func windowsHoldEachBlockOnce() {
    let list = BlockList()
    let added: [([UInt32], UInt32)] = [([3, 4, 18, 19], 1), ([19, 30, 29, .max - 2, 2, 14], 2)]
    for (blocks, draw) in added { _ = add(blocks.map { Int($0) << 2 }, draw: draw, to: list) }
    var windows: [[Int]] = []
    list.forEachWindow { windows.append([$0.lowerBound, $0.upperBound, Int($1), $2]) }
    #expect(
      windows == [
        [0, 3, 3, 16], [3, 4, 19, 1], [4, 6, 19, 12], [6, 7, 29, 1], [7, 9, Int(UInt32.max) - 2, 6], [9, 10, 14, 1],
      ])
  }
}
