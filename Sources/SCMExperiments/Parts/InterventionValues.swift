public import SCMBase
import SCMMechanisms
import SCMRandom

/// The law of the values that targets take, or by which they are shifted.
public struct InterventionValues: Configurable {
  public enum Law: String, NamedChoice {
    case normal
    case uniform
    /// A uniform magnitude with a random sign.
    case signedUniform = "signed_uniform"
    /// The node's own observational value in another row.
    case marginal
  }

  /// What has a value of its own.
  public enum Per: String, NamedChoice {
    case row
    case regime
  }

  public var law = Law.normal
  public var mean = 0.0
  public var deviation = 2.0
  public var least = 1.0
  public var most = 3.0
  public var per = Per.row
  public var areScaled = false

  public init() {}

  public var fields: [Field<Self>] {
    [
      .choice(
        "values", \.law,
        "Law of the values: normal, uniform, signed_uniform or marginal (the node's own value in another row, one of "
          + "calibration_rows that nobody is shown). Under each but marginal, a node of classes "
          + "takes one of them, all with equal probability, and a count the value rounded, 0 where that is below."
      ),
      Field.number("value_mean", \.mean, in: .from(-1e6, to: 1e6), "Mean of normal values.").when { $0.law == .normal },
      Field.number("value_deviation", \.deviation, in: .from(0, to: 1e6), "Standard deviation of normal values.")
        .when { $0.law == .normal },
      Field.number(
        "value_min", \.least, in: .from(-1e6, to: 1e6), "Least uniform value, or magnitude of signed_uniform."
      )
      .when(\.isUniform),
      Field.number(
        "value_max", \.most, in: .from(-1e6, to: 1e6), "Largest uniform value, or magnitude of signed_uniform."
      )
      .when(\.isUniform),
      .choice("values_per", \.per, "What has a value of its own: each row, or each regime as a whole."),
      Field.flag(
        "values_scaled", \.areScaled,
        "Whether values are in units of the node's own law: its observational mean plus its standard deviation times the value, as "
          + "calibration_rows rows have them; a shift adds both."
      ).when { $0.law != .marginal },
    ]
  }

  private var isUniform: Bool { law == .uniform || law == .signedUniform }

  /// Whether they need rows of the SCM as it is.
  var readsMarginals: Bool { law == .marginal || areScaled }

  func check() throws(ConfigError) {
    guard isUniform else { return }
    try ConfigError.checkBounds("value", least, most)
    if law == .signedUniform, least < 0 {
      throw ConfigError(
        path: "value_min", value: "\(least)", reason: "must be at least 0 with values = signed_uniform, a magnitude")
    }
  }

  /// The values of one node in the rows `rows` of a regime.
  ///
  /// - Parameters:
  ///   - kind: what the node's values are.
  ///   - scratch: room for ``scratchCount(of:)`` numbers.
  ///   - normals: those behind normal values, where they have been made.
  @unsafe
  func fill(
    _ out: UnsafeMutablePointer<Float>, rows: Range<Int>, address: Address, marginals: MarginalRows?, node: Int,
    kind: ValueKind, scratch: UnsafeMutablePointer<Float>, normals: UnsafePointer<Float>? = nil
  ) {
    if kind.classCount > 0, law != .marginal {
      unsafe fillClasses(out, kind.classCount, rows: rows, address: address)
      return
    }
    unsafe fillNumbers(
      out, rows: rows, address: address, marginals: marginals, node: node, scratch: scratch, normals: normals)
    guard kind == .count, law != .marginal else { return }
    for r in 0..<rows.count { unsafe out[r] = max(0, out[r].rounded()) }
  }

  /// Classes, all with equal probability.
  @unsafe
  private func fillClasses(_ out: UnsafeMutablePointer<Float>, _ count: Int, rows: Range<Int>, address: Address) {
    unsafe address.key.forEachTile(ofRows: rows, site: address.site, purpose: address.purpose, draw: address.draw) {
      words, start, tile in
      for r in tile {
        let word = unsafe words[(r & 3) * blocksPerTile + (r - start) >> 2]
        unsafe out[r - rows.lowerBound] = Float((UInt64(word) * UInt64(count)) >> 32)
      }
    }
  }

  @unsafe
  private func fillNumbers(
    _ out: UnsafeMutablePointer<Float>, rows: Range<Int>, address: Address, marginals: MarginalRows?, node: Int,
    scratch: UnsafeMutablePointer<Float>, normals: UnsafePointer<Float>?
  ) {
    let first = rows.lowerBound & ~3
    let skipped = rows.lowerBound - first
    let (key, site, purpose, draw) = (address.key, address.site, address.purpose, address.draw)
    var (gain, shift): (Float, Float) = (1, 0)
    if areScaled, let moments = marginals?.moments(of: node) {
      (gain, shift) = (Float(moments.deviation), Float(moments.mean))
    }
    switch law {
    case .normal:
      if unsafe normals == nil {
        let blocks = wholeLanes(ofBlocks: (rows.upperBound - first + 3) >> 2)
        unsafe NoiseSource(.gaussian).fillTile(
          scratch, firstRow: first, rows: blocks << 2, key: key, site: site, purpose: purpose, draw: draw)
      }
      let standard = unsafe normals ?? UnsafePointer(scratch + skipped)
      let (mean, deviation) = (Float(mean), Float(deviation))
      for r in 0..<rows.count {
        unsafe out[r] = shift.addingProduct(gain, mean.addingProduct(deviation, standard[r]))
      }
    case .uniform, .signedUniform:
      let (least, span) = (Float(least), Float(most - least))
      // Bit 0 is left for the sign.
      let signBit: UInt32 = law == .signedUniform ? 1 : 0
      unsafe key.forEachTile(ofRows: rows, site: site, purpose: purpose, draw: draw) { words, start, rows in
        for lane in 0..<4 {
          for block in 0..<((rows.upperBound - start + 3) >> 2) {
            let word = unsafe words[lane * blocksPerTile + block]
            // In (0, 1), a multiple of 2⁻²⁴.
            let magnitude = least.addingProduct(span, Float(word >> 9) * 0x1p-23 + 0x1p-24)
            unsafe scratch[start - first + 4 * block + lane] = word & signBit == 1 ? -magnitude : magnitude
          }
        }
      }
      for r in 0..<rows.count { unsafe out[r] = shift.addingProduct(gain, scratch[skipped + r]) }
    case .marginal:
      unsafe marginals?.fill(out, node: node, rows: rows, address: address)
    }
  }

  /// The numbers that ``fill(_:rows:address:marginals:node:scratch:)`` needs beside the values of some rows.
  static func scratchCount(of rows: Int) -> Int { rows + 40 }

  /// Where a target's random words are.
  struct Address {
    let key: TaskKey
    let site: UInt32
    let purpose: TaskKey.Purpose
    let draw: UInt32

    /// - Parameter draw: of the rows; `nil` for what the whole regime shares.
    init(_ key: TaskKey, node: Int, regime: Int, draw: UInt32?) {
      self.key = key
      // A node has eleven bits.
      site = UInt32(truncatingIfNeeded: node | regime << 11)
      purpose = draw == nil ? .interventionConstant : .interventionValue
      self.draw = draw ?? 0
    }

    /// Of the rows that stand in for a parent that a regime removes.
    init(removed key: TaskKey, node: Int, regime: Int, draw: UInt32) {
      self.key = key
      site = UInt32(truncatingIfNeeded: node | regime << 11)
      purpose = .removedEdge
      self.draw = draw
    }
  }
}
