public import SCMBase

/// One array that a design gives for each task: its name, what it holds, and how it is filled.
///
/// A new output is one such value in one of the lists of ``all``; layouts, other languages' batches and the reference page follow.
public struct Output: Sendable {
  /// The type of an element.
  public enum ElementType: String, Sendable {
    case float32, int32, int8, bool

    /// Bytes of an element.
    public var size: Int {
      switch self {
      case .float32, .int32: 4
      case .int8, .bool: 1
      }
    }
  }

  /// Whose scale the numbers are on, so that what normalises a table can move them with it.
  public enum Scale: String, Sendable {
    case none
    /// The last axis is that of the variables, each on its own scale.
    case columns
    /// All numbers are on the treatment's scale.
    case treatment
    /// All numbers are on the outcome's scale.
    case outcome
    /// Differences of outcomes: they are scaled and never moved.
    case effect
  }

  /// The name under a design; some say by it that they are truth and no input.
  let name: @Sendable (Design) -> String
  /// The name where nothing is hidden.
  public let plainName: String
  public let type: ElementType
  public let scale: Scale
  public let meaning: String
  /// For the reference page: the shape in letters.
  public let axes: String
  /// The shape for one task, or `nil` where the design has no such output.
  let shape: @Sendable (Design, LayoutSizes) -> [Int]?
  /// How it is filled.
  let source: Source

  enum Source: Sendable {
    /// With the rows, as they are computed.
    case rows(RowOutput)
    /// At once, from the experiment.
    case experiment(@Sendable (Experiment, LayoutSizes, UnsafeMutableRawPointer) throws -> Void)
  }

  init(
    _ plainName: String, _ type: ElementType, _ axes: String, _ meaning: String, scale: Scale = .none,
    name: (@Sendable (Design) -> String)? = nil, shape: @escaping @Sendable (Design, LayoutSizes) -> [Int]?,
    source: Source
  ) {
    self.plainName = plainName
    self.name = name ?? { _ in plainName }
    self.type = type
    self.axes = axes
    self.meaning = meaning
    self.scale = scale
    self.shape = shape
    self.source = source
  }

  /// Every output, in the order of layouts.
  public static let all: [Output] = tables + regimes + graphs + potentialOutcomes

  /// The table of all outputs, for a reference page.
  public static var reference: JSONValue {
    .array(
      all.map {
        .object([
          "name": .string($0.plainName), "dtype": .string($0.type.rawValue), "axes": .string($0.axes),
          "meaning": .string($0.meaning), "scale": .string($0.scale.rawValue),
        ])
      })
  }
}

/// The outputs that are filled with the rows.
enum RowOutput: Int, CaseIterable {
  case x, xCounterfactual, truthNoise
  case treatment, outcome, propensity
  case xQuery, treatmentQuery, outcomeQuery
  case y0, y1, mu0, mu1, mu0Error, mu1Error
  case yAt, muAt, muAtError
}
