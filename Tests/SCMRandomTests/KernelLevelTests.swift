import Foundation
import SCMElementary
import SCMRandom
import Testing

/// The kernels of all levels that this processor has, against each other and against plain loops.
struct KernelLevelTests {
  private static var levels: [Kernels.Level] { Kernels.Level.allCases.filter { $0.isHere } }

  /// What a kernel writes, by the bits.
  private func bits(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) -> [UInt32] {
    var values = [Float](repeating: 0.25, count: count)
    unsafe values.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { unsafe body(base) }
    }
    return values.map(\.bitPattern)
  }

  private func bits(_ count: Int, _ body: (UnsafeMutablePointer<Double>) -> Void) -> [UInt64] {
    var values = [Double](repeating: 0.25, count: count)
    unsafe values.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { unsafe body(base) }
    }
    return values.map(\.bitPattern)
  }

  @Test func allLevelsMakeTheSameNoise() {
    let baseline = Kernels.Level.baseline.table
    let laws: [(String, KeyPath<KernelTable, KernelTable.Fill>)] = [
      ("gaussian", \.gaussian), ("laplace", \.laplace), ("uniform", \.uniform), ("gumbel", \.gumbel),
      ("logistic", \.logistic), ("exponential", \.exponential), ("cauchy", \.cauchy),
    ]
    for level in Self.levels {
      let table = level.table
      for (law, kernel) in laws {
        for blocks in [0, 1, 4, 15, 16, 17, 64, 65, 128] {
          let fills = [table, baseline].map { table in
            bits(4 * blocks + 1) { unsafe table[keyPath: kernel]($0, 3, blocks, 77, 5, 6, 1) }
          }
          #expect(fills[0] == fills[1], "\(law) of \(blocks) blocks, \(level)")
          // The number behind the last row is nobody's.
          #expect(fills[0].last == Float(0.25).bitPattern)
        }
      }
      for blocks in [1, 16, 17, 128] {
        let fills = [table, baseline].map { table in
          bits(4 * blocks + 1) { unsafe table.studentT($0, 3, blocks, 77, 5, 6, 7, 1, 2.5) }
        }
        #expect(fills[0] == fills[1], "student_t of \(blocks) blocks, \(level)")
      }
    }
  }

  /// Blocks at the counter's ends, out of order and twice, each as the kernel of whole columns makes it.
  @Test func allLevelsMakeTheSameNormalsOfScatteredBlocks() {
    let baseline = Kernels.Level.baseline.table
    let numbers: [UInt32] = [0, .max, 5, 5, 1 << 31, 4, 1 << 31 - 1, 600, .max - 1]
    for count in [0, 16, 32, 48, 128] {
      let blocks = (0..<count).map { numbers[$0 % numbers.count] &+ UInt32($0 / 30) }
      let draws = (0..<count).map { [0, 0xC000_0001, .max, 1 << 31][$0 % 4] &+ UInt32($0 / 20) }
      let sites = (0..<count).map { [7, 0, .max][$0 % 3] &- UInt32($0 / 25) }
      let plain = blocks.indices.flatMap { index in
        bits(4) { unsafe baseline.gaussian($0, blocks[index], 1, 0xABCD_0000_0077, sites[index], 6, draws[index]) }
      }
      for level in Self.levels {
        let found = bits(4 * count + 1) {
          unsafe level.table.gaussianBlocks($0, blocks, sites, draws, count, 0xABCD_0000_0077, 6)
        }
        #expect(Array(found.dropLast()) == plain, "\(count) blocks, \(level)")
        #expect(found.last == Float(0.25).bitPattern)
      }
    }
  }

  /// Scores as they come, so near each other that noise decides, so large that sums are rounded, none, and none that is finite.
  @Test(arguments: 1...9, [1, 1e-3, 1e6, 1e30] as [Float]) func allLevelsChooseClassesAsDefined(
    count: Int, size: Float
  ) {
    let rows = 512
    var scores = [Float](repeating: 0, count: count * rows)
    NoiseSource(.gaussian).fill(&scores, first: 0, key: TaskKey(seed: 17), site: UInt32(count))
    for place in scores.indices { scores[place] *= size }
    for k in 0..<count {
      for (row, value) in [(5, Float.nan), (70, .infinity), (71, -.infinity)] where row % count == k {
        scores[k * rows + row] = value
      }
      (scores[k * rows + 90], scores[k * rows + 91]) = (-.infinity, 0)
    }
    let words = (0..<UInt32(count * rows / 4)).flatMap { block in
      let words = TaskKey(seed: 18).block(block, site: UInt32(count), purpose: .classNoise)
      return (0..<4).map { words[$0] }
    }
    let plain = (0..<rows).map { row -> UInt32 in
      var (best, number) = (scores[row] + NoiseFormula.gumbel(words[row]), Float(0))
      for k in 1..<max(count, 1) {
        let value = scores[k * rows + row] + NoiseFormula.gumbel(words[k * rows + row])
        if value > best { (best, number) = (value, Float(k)) }
      }
      return best.isFinite ? number.bitPattern : Float.nan.bitPattern
    }
    for level in Self.levels {
      var scratch = [Float](repeating: 0, count: 2 * rows)
      let classes = bits(rows) { out in
        unsafe level.table.classes(scores, rows, words, rows, count, rows, out, &scratch)
      }
      #expect(classes.map { Float(bitPattern: $0).isNaN ? Float.nan.bitPattern : $0 } == plain, "\(level)")
    }
  }

  @Test(arguments: [0.3, 1, 2.5]) func allLevelsDrawTheSameParameters(shape: Double) {
    let key = TaskKey(seed: 991)
    let gamma = Gamma(shape: shape, scale: 1)
    for level in Self.levels {
      let table = level.table
      for count in [1, 7, 64, 130] {
        let gammas = bits(count) { (out: UnsafeMutablePointer<Double>) in
          unsafe table.gammas(out, 2, count, shape, key.seed, 4, TaskKey.Purpose.weights.rawValue, 3)
        }
        let plain = (0..<UInt32(count)).map {
          gamma.sample($0 + 2, key: key, site: 4, purpose: .weights, draw: 3).bitPattern
        }
        #expect(gammas == plain, "\(count) of shape \(shape), \(level)")
        let sites = bits(count) { (out: UnsafeMutablePointer<Double>) in
          unsafe table.siteGammas(out, count, shape, key.seed, TaskKey.Purpose.weights.rawValue, 3)
        }
        let plainSites = (0..<UInt32(count)).map {
          gamma.sample(0, key: key, site: $0, purpose: .weights, draw: 3).bitPattern
        }
        #expect(sites == plainSites, "\(count) sites of shape \(shape), \(level)")
      }
    }
  }

  @Test func allLevelsDrawTheSameNormals() {
    let key = TaskKey(seed: 992)
    for level in Self.levels {
      let table = level.table
      let (blocks, sites): ([UInt32], [UInt32]) = ([0, 1, 0, 0, 1, 2, 0], [0, 0, 1, 7, 7, 7, 9])
      let scattered = bits(2 * blocks.count) { (out: UnsafeMutablePointer<Float>) in
        unsafe table.scatteredNormals(
          out, blocks, sites, blocks.count, 1.5, key.seed, TaskKey.Purpose.weights.rawValue, 0)
      }
      let plain = zip(blocks, sites).flatMap { block, site in
        key.normals(count: 2 * Int(block) + 2, site: site, purpose: .weights).suffix(2).map {
          Float(1.5 * $0).bitPattern
        }
      }
      #expect(scattered == plain, "\(level)")
      for pairs in [1, 8, 9, 150] {
        let doubles = bits(2 * pairs) { (out: UnsafeMutablePointer<Double>) in
          unsafe table.normals(out, 0, pairs, 0, key.seed, 3, TaskKey.Purpose.weights.rawValue, 1)
        }
        let floats = bits(2 * pairs) { (out: UnsafeMutablePointer<Float>) in
          unsafe table.scaledNormals(out, pairs, 0.5, key.seed, 3, TaskKey.Purpose.weights.rawValue, 1)
        }
        #expect(doubles.map { Float(0.5 * Double(bitPattern: $0)).bitPattern } == floats, "\(pairs) pairs, \(level)")
        let same = key.normals(count: 2 * pairs, site: 3, purpose: .weights, draw: 1)
        #expect(doubles == same.map(\.bitPattern), "\(pairs) pairs, \(level)")
      }
    }
  }

  @Test(arguments: [1, 3, 7, 8, 9, 16, 20]) func allLevelsStandardizeAlike(columns: Int) {
    let key = TaskKey(seed: 993)
    for rows in [1, 2, 33, 1000] {
      // Columns of all sizes, far from 0 and constant ones.
      let normals = key.normals(count: rows * columns + 1, site: 1, purpose: .noise)
      let x = (0..<rows * columns).map { index in
        let column = index % columns
        let value = normals[index] * pow(10, Double(column * 7 % 60 - 30))
        return Float([value, value + 1e4, 0.1][column % 3])
      }
      let right = (0..<columns).map { column in
        let values = (0..<rows).map { Double(x[$0 * columns + column]) }
        let mean = values.reduce(0) { $0 + ($1 - values[0]) } / Double(rows)
        let square = values.reduce(0) { $0 + ($1 - values[0]) * ($1 - values[0]) } / Double(rows)
        let variance = square - mean * mean
        return values.map { Float(($0 - values[0] - mean) * (1 / (variance > 0 ? variance.squareRoot() : 1))) }
      }
      let plain = (0..<rows * columns).map { right[$0 % columns][$0 / columns].bitPattern }
      for level in Self.levels {
        let found = bits(rows * columns + 1) { out in unsafe level.table.standardize(x, rows, columns, out) }
        #expect(Array(found.dropLast()) == plain, "\(rows) rows, \(level)")
        #expect(found.last == Float(0.25).bitPattern)
      }
    }
  }

  @Test func aNameThatIsNoLevelIsRefusedInASentence() throws {
    #expect(try Kernels.level(named: nil) == nil)
    #expect(try Kernels.level(named: "") == nil)
    #expect(try Kernels.level(named: Kernels.best.rawValue) == Kernels.best)
    let error = #expect(throws: (any Error).self) { try Kernels.level(named: "v5") }
    #expect("\(error as Any)".contains("baseline"))
    for level in Kernels.Level.allCases where !level.isHere {
      let error = #expect(throws: (any Error).self) { try Kernels.level(named: level.rawValue) }
      #expect("\(error as Any)".contains("at most \(Kernels.best.rawValue)"))
    }
  }
}
