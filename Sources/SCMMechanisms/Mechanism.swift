public import SCMRandom

/// A mechanism, by which a node's value follows from its parents and its noise: one fixed function per node of an SCM.
///
/// A mechanism reads whole columns of rows and writes one. It must treat each row by itself, in the same order of
/// operations, so that any range of rows has the same bits.
public protocol Mechanism: Sendable {
  /// The name in a configuration, such as "linear".
  var kind: String { get }
  /// The columns that it reads of its parents: one for each, but for classes that are read one-hot.
  var parentCount: Int { get }
  /// What the noise columns hold, in order. They follow the parents' columns.
  var noise: [NoiseChannel] { get }
  /// What its node's values are.
  var values: ValueKind { get }
  /// Whether the parents must arrive with mean 0 and variance 1.
  var readsStandardizedParents: Bool { get }
  /// Whether a parent's class arrives as its number, whatever other mechanisms read; else as its family's ``ClassReading`` says.
  var readsClassNumbers: Bool { get }
  /// All numbers that define the function: what another language needs to rebuild it.
  var parameters: [MechanismParameter] { get }
  /// What is not learned, such as a slope or the name of an activation.
  var settings: [String: MechanismSetting] { get }
  func evaluate(_ rows: MechanismRows)

  /// Whether it reads its parents through `MechanismRows.parent` alone, so that they need not be copied side by side.
  var readsParentsInPlace: Bool { get }
  /// Whether ``anchored(at:)`` must come before rows are computed: the function is drawn jointly at given rows.
  var needsAnchors: Bool { get }
  /// The mechanism with its function drawn at rows 0, 1, ….
  ///
  /// - Parameter columns: parents as the mechanism reads them, then its noise.
  /// - Returns: `nil` where the function can't be drawn there.
  func anchored(at columns: [[Float]]) -> (any Mechanism)?
}

extension Mechanism {
  public var readsParentsInPlace: Bool { false }
  public var needsAnchors: Bool { false }
  public func anchored(at columns: [[Float]]) -> (any Mechanism)? { self }
  public var values: ValueKind { .continuous }
  public var readsStandardizedParents: Bool { false }
  public var readsClassNumbers: Bool { false }
  public var settings: [String: MechanismSetting] { [:] }
}

/// A column of noise that a mechanism reads.
public enum NoiseChannel: Hashable, Sendable {
  /// The family's noise law.
  case noise
  /// A latent variable, standard normal whatever the family's law.
  case latent
  /// Standard normal, in place of features that oscillate too fast to be told from noise.
  case nugget
  /// Standard normal, what an exact draw of a Gaussian process makes its values from.
  case process
  /// A standard deviation of its own for each row: a Gamma variate, or its root where the variance is Gamma.
  case rowScale(Gamma, isVariance: Bool)
  /// A Gumbel law's, one for each class k. The column holds its words, as bits of floats, for the choice that reads them needs few of its
  /// values to all their digits; see ``value(_:)``.
  case gumbel(Int)
  /// Uniform, whose quantile a count is.
  case uniform

  /// Noise, its size, a latent variable, and what a process is made of or its nugget.
  package static let mostPerMechanism = 4
  /// The list of most mechanisms, made once.
  package static let noiseAlone: [NoiseChannel] = [.noise]

  /// One for each class.
  package static func gumbels(_ classCount: Int) -> [NoiseChannel] {
    classCount < gumbelLists.count ? gumbelLists[classCount] : (0..<classCount).map { .gumbel($0) }
  }
  /// The lists of few classes, made once.
  private static let gumbelLists: [[NoiseChannel]] = (0...CategoricalModel.classCounts.upperBound).map { count in
    (0..<count).map { .gumbel($0) }
  }

  public var name: String {
    switch self {
    case .noise: "noise"
    case .latent: "latent"
    case .nugget: "nugget"
    case .process: "process"
    case .rowScale: "scale"
    case .gumbel: "gumbel"
    case .uniform: "uniform"
    }
  }

  /// E[c²] of the column's values c, where the family's noise law has variance 1.
  package var meanSquare: Double {
    switch self {
    case .noise, .latent, .nugget, .process, .gumbel, .uniform: 1
    case .rowScale(let gamma, isVariance: true): gamma.shape * gamma.scale
    case .rowScale(let gamma, isVariance: false): gamma.shape * (gamma.shape + 1) * gamma.scale * gamma.scale
    }
  }

  /// The noise that a number of the column stands for: the number itself, but for a Gumbel law's word.
  public func value(_ number: Float) -> Float {
    if case .gumbel = self { NoiseFormula.gumbel(number.bitPattern) } else { number }
  }

  package var purpose: TaskKey.Purpose {
    switch self {
    case .noise: .noise
    case .latent: .latent
    case .nugget: .nugget
    case .process: .gaussianProcess
    case .rowScale: .rowScale
    case .gumbel, .uniform: .classNoise
    }
  }

  /// Tells channels apart where they share a purpose.
  package var number: UInt32 {
    switch self {
    case .noise: 0
    case .latent: 1
    case .nugget: 2
    case .rowScale: 3
    case .process: 4
    // Classes are told apart in the address; see ``fillTile``.
    case .gumbel: 5
    case .uniform: 6
    }
  }

  /// Fills a column; see ``NoiseSource``. Up to 16 rows more may be written, for which a column of ``MechanismRows/stride`` has room.
  @unsafe
  package func fillTile(
    _ out: UnsafeMutablePointer<Float>, law: NoiseSource, firstRow: Int, rows: Int, key: TaskKey, site: UInt32,
    purpose: TaskKey.Purpose, draw: UInt32
  ) {
    // Blocks left over by the vectorised loop would be made one by one.
    let whole = wholeLanes(ofBlocks: rows >> 2) << 2
    switch self {
    case .noise:
      unsafe law.fillTile(out, firstRow: firstRow, rows: whole, key: key, site: site, purpose: purpose, draw: draw)
    case .latent, .nugget, .process:
      unsafe NoiseSource(.gaussian).fillTile(
        out, firstRow: firstRow, rows: whole, key: key, site: site, purpose: purpose, draw: draw)
    case .gumbel(let k):
      unsafe Kernels.table.rowWords(
        out, UInt32(truncatingIfNeeded: firstRow >> 2), whole >> 2, key.seed, site,
        purpose.rawValue | UInt32(truncatingIfNeeded: k) << 16, draw)
    case .uniform:
      unsafe NoiseSource(.uniform).fillTile(
        out, firstRow: firstRow, rows: whole, key: key, site: site, purpose: purpose, draw: draw)
    case .rowScale(let gamma, let isVariance):
      unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: rows) { scratch in
        guard let values = scratch.baseAddress else { return }
        unsafe gamma.fillUnscaled(
          values, first: firstRow, count: rows, key: key, site: site, purpose: purpose, draw: draw)
        for r in 0..<rows {
          let value = unsafe values[r] * gamma.scale
          unsafe out[r] = Float(isVariance ? value.squareRoot() : value)
        }
      }
    }
  }
}

/// A value of a mechanism that no gradient reaches.
public enum MechanismSetting: Sendable, Equatable {
  case number(Double)
  /// A case of an enumeration, by the name that it has in configurations.
  case name(String)
}

/// A named array of a mechanism; an empty shape is a scalar.
public struct MechanismParameter: Sendable, Equatable {
  public let name: String
  public let shape: [Int]
  public let values: [Float]

  public init(_ name: String, shape: [Int], _ values: [Float]) {
    self.name = name
    self.shape = shape
    self.values = values
  }

  public init(_ name: String, _ value: Float) { self.init(name, shape: [], [value]) }
  public init(_ name: String, _ values: [Float]) { self.init(name, shape: [values.count], values) }
}

/// The columns of one tile of rows: parents first, then noise, and the output.
///
///     for row in 0..<rows.count { rows.setOutput(row, 2 * rows[column: 0, row: row]) }
@safe
public struct MechanismRows {
  /// Floats from one column to the next: a tile and a cache line, so that columns don't fall on the same cache sets.
  @inlinable package static var stride: Int { rowsPerTile + 16 }
  /// Rows to compute, a multiple of `laneCount`.
  public let count: Int
  /// The first of them that are asked for; the rest fills up the lanes.
  package let rowCount: Int
  /// The number of the first row.
  package let firstRow: Int
  package let inputs: UnsafePointer<Float>
  /// Where each parent's column lies, if not side by side at `inputs`.
  private let parents: UnsafePointer<UnsafePointer<Float>>?
  package let output: UnsafeMutablePointer<Float>
  package let scratch: UnsafeMutablePointer<Float>

  /// Rows that a kernel treats at once.
  @inlinable package static var laneCount: Int { 16 }
  /// Floats of scratch that every mechanism may use.
  @inlinable package static var scratchCount: Int { 2 * 16 * 1024 }

  @unsafe
  package init(
    count: Int, firstRow: Int = 0, rowCount: Int? = nil, inputs: UnsafePointer<Float>,
    parents: UnsafePointer<UnsafePointer<Float>>? = nil, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    self.count = count
    self.firstRow = firstRow
    self.rowCount = rowCount ?? count
    unsafe self.inputs = inputs
    unsafe self.parents = parents
    unsafe self.output = output
    unsafe self.scratch = scratch
  }

  /// The column of a parent.
  @unsafe
  package func parent(_ index: Int) -> UnsafePointer<Float> {
    if let parents = unsafe parents { unsafe parents[index] } else { unsafe inputs + index * Self.stride }
  }

  public subscript(column column: Int, row row: Int) -> Float { unsafe inputs[column * Self.stride + row] }

  public func setOutput(_ row: Int, _ value: Float) { unsafe output[row] = value }
}
