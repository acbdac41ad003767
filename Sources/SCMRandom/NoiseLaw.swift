package import SCMBase
import SCMElementary

/// The law of a node's noise: mean 0 and variance 1 (Cauchy: median 0 and scale 1, as it has neither).
///
/// A new law is one file with such a type, and its line in ``NoiseLaws/all``; a ``WordwiseNoiseLaw`` is the least to write.
public protocol NoiseLaw: Hashable, Sendable {
  /// The name in a configuration, such as "laplace".
  static var kind: String { get }
  init()
  /// Its options, each once.
  static var parameters: [NoiseParameter<Self>] { get }
  /// Rows `4 * first ..< 4 * (first + blocks)` of one address. Row r reads lane r mod 4 of block r / 4 alone, so that any range
  /// of rows has the same bits.
  ///
  /// - Precondition: there are at most as many blocks as a tile of rows has.
  @unsafe
  func fillTile(
    _ out: UnsafeMutablePointer<Float>, first: UInt32, blocks: Int, key: TaskKey, site: UInt32,
    purpose: TaskKey.Purpose, draw: UInt32)
}

extension NoiseLaw {
  public static var parameters: [NoiseParameter<Self>] { [] }

  /// The names of its options in a configuration.
  public static var parameterNames: [String] { parameters.map(\.name) }

  /// Refuses a law that was made in code with an option out of its range.
  package func checkParameters() throws(ConfigError) {
    for parameter in Self.parameters {
      switch parameter.place {
      case .number(let place, let lower, let most):
        let (value, range) = (self[keyPath: place], NumberRange.above(lower, to: most))
        guard range.contains(value) else {
          throw ConfigError(path: parameter.name, value: "\(value)", reason: range.words)
        }
      case .count(let place, let range):
        let value = self[keyPath: place]
        guard range.contains(value) else {
          throw ConfigError(
            path: parameter.name, value: "\(value)",
            reason: "must be an integer from \(range.lowerBound) to \(range.upperBound)")
        }
      }
    }
  }
}

/// An option of a noise law: a number above a bound, or a whole number in a range.
public struct NoiseParameter<Law: NoiseLaw>: Sendable {
  /// Where the law keeps it, and what it may be.
  public enum Place: Sendable {
    case number(any WritableKeyPath<Law, Double> & Sendable, above: Double, most: Double)
    case count(any WritableKeyPath<Law, Int> & Sendable, in: ClosedRange<Int>)
  }

  /// In a configuration.
  public let name: String
  public let place: Place
  public let summary: String

  public init(
    _ name: String, _ place: any WritableKeyPath<Law, Double> & Sendable, above: Double, most: Double, _ summary: String
  ) {
    self.name = name
    self.place = .number(place, above: above, most: most)
    self.summary = summary
  }

  public init(
    _ name: String, _ place: any WritableKeyPath<Law, Int> & Sendable, in range: ClosedRange<Int>, _ summary: String
  ) {
    self.name = name
    self.place = .count(place, in: range)
    self.summary = summary
  }
}

/// The laws that a configuration can name.
public enum NoiseLaws {
  public static let all: [any NoiseLaw.Type] = [
    GaussianNoise.self,
    LaplaceNoise.self,
    UniformNoise.self,
    GumbelNoise.self,
    LogisticNoise.self,
    ExponentialNoise.self,
    CauchyNoise.self,
    StudentTNoise.self,
    GaussianMixtureNoise.self,
  ]

  public static var kinds: [String] { all.map { $0.kind } }

  public static func named(_ kind: String) -> (any NoiseLaw.Type)? { all.first { $0.kind == kind } }
}

/// A law whose rows are a function of one word each.
public protocol WordwiseNoiseLaw: NoiseLaw {
  /// The value of a row. It has no branch, so that the loop over rows is vectorised.
  func value(_ word: UInt32) -> Float
}

extension WordwiseNoiseLaw {
  @unsafe
  public func fillTile(
    _ out: UnsafeMutablePointer<Float>, first: UInt32, blocks: Int, key: TaskKey, site: UInt32,
    purpose: TaskKey.Purpose, draw: UInt32
  ) {
    unsafe key.eachWords(first: first, blocks: blocks, site: site, purpose: purpose, draw: draw) {
      words, start, count in
      let out = unsafe out + 4 * start
      for b in 0..<count {
        unsafe out[4 * b] = value(words[b])
        unsafe out[4 * b + 1] = value(words[blocksPerTile + b])
        unsafe out[4 * b + 2] = value(words[2 * blocksPerTile + b])
        unsafe out[4 * b + 3] = value(words[3 * blocksPerTile + b])
      }
    }
  }
}

/// A law that a kernel makes the rows of.
protocol KernelNoiseLaw: NoiseLaw {
  static var kernel: KernelTable.Fill { get }
}

extension KernelNoiseLaw {
  @unsafe
  public func fillTile(
    _ out: UnsafeMutablePointer<Float>, first: UInt32, blocks: Int, key: TaskKey, site: UInt32,
    purpose: TaskKey.Purpose, draw: UInt32
  ) {
    unsafe Self.kernel(out, first, blocks, key.seed, site, purpose.rawValue, draw)
  }
}

extension TaskKey {
  /// Words of blocks `first ..< first + blocks`, in portions that fit the stack: their words, as ``fillWords`` orders them, the
  /// number of blocks before them, and how many there are.
  @unsafe @inline(__always)
  func eachWords(
    first: UInt32, blocks: Int, site: UInt32, purpose: Purpose, draw: UInt32,
    _ body: (_ words: UnsafePointer<UInt32>, _ start: Int, _ count: Int) -> Void
  ) {
    for start in stride(from: 0, to: blocks, by: blocksPerTile) {
      let count = min(blocksPerTile, blocks - start)
      // A kibibyte, the most that is taken from the stack.
      unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * blocksPerTile) { scratch in
        guard let words = scratch.baseAddress else { return }
        unsafe fillWords(
          words, first: first &+ UInt32(start), count: count, site: site, purpose: purpose, draw: draw)
        unsafe body(words, start, count)
      }
    }
  }
}
