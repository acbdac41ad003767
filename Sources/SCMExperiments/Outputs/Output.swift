public import SCMBase

/// One array that a design gives for each task: its name, what it holds, and how it is filled.
///
/// A new output is one such value in one of the lists of ``all``; layouts, other languages' batches and the reference page follow.
public struct Output: Sendable {
  /// The type of an element.
  public enum ElementType: String, Sendable {
    case float32, int32, int16, int8, bool

    /// Bytes of an element.
    public var size: Int {
      switch self {
      case .float32, .int32: 4
      case .int16: 2
      case .int8, .bool: 1
      }
    }
  }

  /// What an axis counts.
  public enum Axis: String, Sendable {
    /// Rows; with effects, those of the context.
    case rows = "n"
    /// Rows that are asked about.
    case query = "m"
    /// Shown variables.
    case variables = "d"
    case covariates = "p"
    /// Regimes, the observational one counted.
    case regimes = "E"
    /// Values of a continuous treatment.
    case doses = "G"
  }

  /// Whose scale the numbers are on, so that what normalises a table can move them with it.
  public enum Scale: String, Sendable {
    case none
    /// The last axis is that of the variables, each on its own scale.
    case columns
    /// Differences of variables, along the last axis: they are scaled and never moved.
    case differences
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
  public let meaning: String
  /// What elements past a task's own sizes hold.
  let padding: Int
  /// The scale under a design.
  let scale: @Sendable (Design) -> Scale
  /// The name of the array of truth values that says where this one holds, if there is one.
  let mask: @Sendable (Design) -> String?
  /// What the axes of one task's array count, or `nil` where the design has no such output.
  let axes: @Sendable (Design, LayoutSizes) -> [Axis]?
  /// How it is filled.
  let source: Source

  enum Source: Sendable {
    /// With the rows, as they are computed.
    case rows(RowOutput)
    /// At once, from the experiment.
    case experiment(@Sendable (Experiment, LayoutSizes, OutputArray) throws -> Void)
  }

  init(
    _ plainName: String, _ type: ElementType, _ meaning: String, padding: Int = 0,
    scale: @escaping @Sendable (Design) -> Scale = { _ in .none }, name: (@Sendable (Design) -> String)? = nil,
    mask: @escaping @Sendable (Design) -> String? = { _ in nil },
    axes: @escaping @Sendable (Design, LayoutSizes) -> [Axis]?, source: Source
  ) {
    self.plainName = plainName
    self.name = name ?? { _ in plainName }
    self.type = type
    self.meaning = meaning
    self.padding = padding
    self.scale = scale
    self.mask = mask
    self.axes = axes
    self.source = source
  }

  /// Every output, in the order of layouts.
  public static let all: [Output] = tables + regimes + graphs + potentialOutcomes + observations + kinds

  /// The table of all outputs, for a reference page.
  public static var reference: JSONValue {
    let designs = Design.all
    return .array(
      all.map { output in
        let shapes = designs.compactMap { design in
          output.axes(design, LayoutSizes(design, nodeCounts: 3...4, mayBeDiscrete: true)).map {
            "[" + $0.map(\.rawValue).joined(separator: ", ") + "]"
          }
        }
        var distinct: [String] = []
        for shape in shapes where !distinct.contains(shape) { distinct.append(shape) }
        return .object([
          "name": .string(output.plainName), "dtype": .string(output.type.rawValue),
          "axes": .string(distinct.joined(separator: " or ")), "meaning": .string(output.meaning),
        ])
      })
  }
}

extension Design {
  /// Designs that have all outputs between them: what comes of several parts, then each part alone.
  fileprivate static var all: [Design] {
    var interventional = Design()
    interventional.interventions = Interventions()
    interventional.interventions?.values.per = .regime
    interventional.interventions?.maxRegimes = 20
    interventional.counterfactuals = Counterfactuals()
    interventional.hidden = HiddenVariables()
    interventional.knowledge = PriorKnowledge()
    interventional.observation = Observation()
    interventional.outputs = ExtraOutput.allCases
    var effects = Design()
    effects.effects = Effects()
    effects.effects?.kind = .probit
    interventional.rows.query = 10
    effects.rows.query = 10
    interventional.rows.maxSampleCount = 2000
    effects.rows.maxSampleCount = 2000
    var doses = effects
    doses.effects?.kind = .continuous
    let parts = Design().fieldNames.compactMap { name in
      var design = Design()
      return (try? design.read([name: .object([:])])) == nil ? nil : design
    }
    return [interventional, effects, doses] + parts
  }
}

/// The outputs that are filled with the rows.
enum RowOutput: Int, CaseIterable {
  case x, xCounterfactual, truthNoise
  case treatment, outcome, propensity
  case xQuery, treatmentQuery, outcomeQuery
  case y0, y1, mu0, mu1, mu0Error, mu1Error
  case yAt, muAt, muAtError
  case complete, observed, tries
}
