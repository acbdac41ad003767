public import SCMFamilies
public import SCMGraphs
public import SCMMechanisms
import SCMRandom

/// What the values of one data set are, and how much its edges tell: numbers that make as much sense of classes as of measurements.
public struct KindDescriptors: Sendable {
  /// Shares of the columns; the rest is continuous.
  public let binaryShare: Double
  public let categoricalShare: Double
  public let countShare: Double
  /// The entropy of a column's classes over that of as many equally frequent ones, mean over columns with classes; 0 without any.
  public let classBalance: Double
  /// The mutual information of an edge's two ends in nats, mean over edges; 0 without any. Classes are taken as they are, other values
  /// cut at their quartiles. From it is taken what independent columns have on average, (a − 1)(b − 1)/2n for a and b values
  /// in n rows, so that it may be a little below 0.
  ///
  /// Source: Miller, "Note on the bias of information estimates", Information Theory in Psychology (1955).
  public let edgeInformation: Double

  /// - Parameter valueKinds: what each column's values are; empty where all are continuous.
  public init(_ samples: SampleMatrix, graph: AdjacencyMatrix, valueKinds: [ValueKind]) {
    let d = samples.columnCount
    let kinds = valueKinds.isEmpty ? [ValueKind](repeating: .continuous, count: d) : valueKinds
    func share(_ number: Int8) -> Double { Double(kinds.count { $0.number == number }) / Double(max(d, 1)) }
    binaryShare = share(ValueKind.classes(2).number)
    categoricalShare = share(ValueKind.classes(3).number)
    countShare = share(ValueKind.count.number)
    let columns = kinds.indices.map { CodedColumn(samples.column($0), kinds[$0]) }
    classBalance =
      kinds.indices.filter { kinds[$0].classCount > 0 }.map {
        columns[$0].entropy / Elementary.log(Double(kinds[$0].classCount))
      }.mean
    edgeInformation = graph.edges.map { columns[$0.parent].information(about: columns[$0.child]) }.mean
  }

  /// By name.
  static let numbers: [(name: String, value: @Sendable (Self) -> Double)] = [
    ("binary_nodes", { $0.binaryShare }), ("categorical_nodes", { $0.categoricalShare }),
    ("count_nodes", { $0.countShare }), ("class_balance", { $0.classBalance }),
    ("edge_information", { $0.edgeInformation }),
  ]

  /// The names of ``vector``'s entries.
  public static let names = numbers.map { $0.name }

  public var vector: [Double] { Self.numbers.map { $0.value(self) } }

  /// Whether some column has classes or counts.
  public var isDiscrete: Bool { binaryShare + categoricalShare + countShare > 0 }
}

/// A column as few whole numbers: classes as they are, other values cut at their quartiles.
private struct CodedColumn {
  /// Of each row; -1 where the cell is missing.
  let codes: [Int]
  let codeCount: Int

  init(_ values: [Float], _ kind: ValueKind) {
    if kind.classCount > 0 {
      // What no class has is a class of its own, past the others.
      let last = Float(kind.classCount)
      codes = values.map { $0.isNaN ? -1 : Int(min(max($0, 0), last)) }
      codeCount = kind.classCount + 1
    } else {
      let seen = values.filter { !$0.isNaN }.sorted()
      let edges = seen.isEmpty ? [] : (1...3).map { seen[$0 * (seen.count - 1) / 4] }
      codes = values.map { value in value.isNaN ? -1 : edges.count { value > $0 } }
      codeCount = edges.count + 1
    }
  }

  var entropy: Double { Self.entropy(Self.counts(codes.filter { $0 >= 0 }, below: codeCount)) }

  /// Mutual information over the rows that have both, less what independent columns have on average.
  func information(about other: CodedColumn) -> Double {
    let pairs = zip(codes, other.codes).filter { $0 >= 0 && $1 >= 0 }
    guard !pairs.isEmpty else { return 0 }
    let own = Self.counts(pairs.map { $0.0 }, below: codeCount)
    let others = Self.counts(pairs.map { $0.1 }, below: other.codeCount)
    let together = Self.counts(pairs.map { $0 * other.codeCount + $1 }, below: codeCount * other.codeCount)
    func found(_ counts: [Int]) -> Int { counts.count { $0 > 0 } - 1 }
    return Self.entropy(own) + Self.entropy(others) - Self.entropy(together)
      - Double(found(own) * found(others)) / Double(2 * pairs.count)
  }

  /// How often each code comes, ascending; of many codes those that come alone are told, as two columns of thousands of classes have
  /// millions of pairs.
  private static func counts(_ codes: [Int], below codeCount: Int) -> [Int] {
    guard codeCount > 1 << 16 else {
      var counts = [Int](repeating: 0, count: codeCount)
      for code in codes { counts[code] += 1 }
      return counts
    }
    var (counts, last) = ([Int](), -1)
    for code in codes.sorted() {
      if code == last { counts[counts.count - 1] += 1 } else { counts.append(1) }
      last = code
    }
    return counts
  }

  private static func entropy(_ counts: [Int]) -> Double {
    let total = Double(counts.reduce(0, +))
    return counts.reduce(0) { sum, count in
      guard count > 0 else { return sum }
      let share = Double(count) / total
      return sum - share * Elementary.log(share)
    }
  }
}
