import SCMBase
import SCMRandom

/// argmax_k(log p_k + g_k), where p is the row of a table that the parents' classes name.
public struct TableMechanism: Mechanism, Hashable {
  /// The number of classes of each parent.
  public let parentClasses: [Int]
  public let classCount: Int
  /// `probabilities[row * classCount + k]`; of the rows' numbers the last parent's class changes fastest.
  public let probabilities: [Float]
  /// log p in units of the noise; −∞ where p is 0, so that such a class is never drawn.
  private let scores: [Float]

  /// - Parameters:
  ///   - classCount: at least 1.
  ///   - probabilities: `classCount` for each combination of the parents' classes, each sum 1.
  /// - Precondition: there are so many.
  public init(parentClasses: [Int], classCount: Int, probabilities: [Float]) {
    requireInRelease(
      probabilities.count == parentClasses.reduce(classCount, *), "A table has a row for each combination of classes.")
    self.parentClasses = parentClasses
    self.classCount = classCount
    self.probabilities = probabilities
    scores = probabilities.map { p in
      p > 0 ? Float(Double(GumbelUnits.scale) * Elementary.log(Double(p))) : -.infinity
    }
  }

  /// How many rows a table has; `nil` where they are more than `most`.
  static func rowCount(_ parentClasses: [Int], most: Int) -> Int? {
    var rows = 1
    for count in parentClasses {
      guard count <= most / rows else { return nil }
      rows *= count
    }
    return rows
  }

  public var kind: String { "table" }
  public var values: ValueKind { .classes(classCount) }
  public var parentCount: Int { parentClasses.count }
  public var readsParentsInPlace: Bool { true }
  public var readsClassNumbers: Bool { true }
  public var noise: [NoiseChannel] { NoiseChannel.gumbels(classCount) }

  public var parameters: [MechanismParameter] {
    [MechanismParameter("probability", shape: parentClasses + [classCount], probabilities)]
  }

  public func evaluate(_ rows: MechanismRows) {
    let table = unsafe rows.scratch + rowsPerTile
    // Scores of as many rows at once as find room, and two numbers of each besides.
    let rowsAtOnce =
      (MechanismRows.scratchCount - rowsPerTile) / (classCount + 2) & ~(MechanismRows.laneCount - 1)
    unsafe rows.scratch.withMemoryRebound(to: Int32.self, capacity: rowsPerTile) { places in
      unsafe writePlaces(rows, to: places)
      unsafe scores.withUnsafeBufferPointer { scores in
        for first in stride(from: 0, to: rows.count, by: rowsAtOnce) {
          let count = min(rowsAtOnce, rows.count - first)
          for r in 0..<count {
            let place = unsafe Int(places[first + r])
            for k in 0..<classCount { unsafe table[k * count + r] = scores[place + k] }
          }
          unsafe rows.takeBest(
            of: classCount, noiseColumn: parentCount, first: first, count: count, scores: table,
            scratch: table + classCount * count)
        }
      }
    }
  }

  /// Where each row's probabilities begin.
  @unsafe
  private func writePlaces(_ rows: MechanismRows, to places: UnsafeMutablePointer<Int32>) {
    for r in 0..<rows.count { unsafe places[r] = 0 }
    for (parent, count) in parentClasses.enumerated() {
      let x = unsafe rows.parent(parent)
      let last = Float(count - 1)
      for r in 0..<rows.count {
        // Whatever stands there, a row of the table is read.
        let number = unsafe x[r] > 0 ? (x[r] < last ? x[r] : last) : 0
        unsafe places[r] = places[r] &* Int32(count) &+ Int32(number)
      }
    }
    for r in 0..<rows.count { unsafe places[r] &*= Int32(classCount) }
  }
}
