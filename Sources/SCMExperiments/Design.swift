public import SCMBase

/// A distribution of experiments on one SCM: which rows are drawn, what is done to them, what is hidden, and what is asked.
///
///     var design = Design()
///     design.rows.sampleCount = 150
///     design.interventions = Interventions()
///     let data = try family.sampleTask(seed: 7).run(design)
///
/// Each part is absent unless it is given, and draws from random words of its own: adding, dropping or changing one moves no bit of
/// the SCM, nor of what the others draw.
public struct Design: Configurable, Equatable {
  public var rows = RowSizes()
  /// What is done to some of the rows.
  public var interventions: Interventions?
  /// Both worlds of each row.
  public var counterfactuals: Counterfactuals?
  /// Which variables nobody sees.
  public var hidden: HiddenVariables?
  /// Treatment, outcome and potential outcomes.
  public var effects: Effects?
  /// Which rows come to be seen.
  public var selection: Selection?
  /// What becomes of the values before anyone reads them.
  public var observation: Observation?
  /// What is known of the graph beforehand.
  public var knowledge: PriorKnowledge?
  /// What else is told of a task.
  public var outputs: [ExtraOutput] = []

  public init() {}

  /// - Throws: when a key is unknown, a value is of the wrong type or out of its range, or two of them contradict.
  public init(_ members: [String: JSONValue]) throws(ConfigError) {
    do {
      try read(members)
      try check()
    } catch {
      throw error.inside("design")
    }
  }

  /// - Throws: `ConfigError` in words, also where the text is not JSON.
  public init(json: String) throws(ConfigError) { try self.init(JSONValue.object(in: json)) }

  public var fields: [Field<Design>] { Self.fields }

  private static let fields: [Field<Design>] =
    RowSizes().fields.map { $0.of(\.rows) } + [
      .part(
        "interventions", \.interventions, Interventions(), "What is done to some of the rows; null for nothing."),
      .part(
        "counterfactuals", \.counterfactuals, Counterfactuals(),
        "Both worlds of each row: as it is, and under its regime; null for one world."),
      .part("hidden", \.hidden, HiddenVariables(), "Variables that are not shown; null for none."),
      .part("effects", \.effects, Effects(), "Treatment, outcome and potential outcomes; null for none."),
      // Parts that came later are named only where they are given, so that designs without them keep their fingerprints.
      Field.part("selection", \.selection, Selection(), "Which rows come to be seen; null for all.")
        .when { $0.selection != nil },
      Field.part(
        "observation", \.observation, Observation(),
        "Holes, errors, bounds and bins of what is seen; null for the values as they are."
      ).when { $0.observation != nil },
      .part("knowledge", \.knowledge, PriorKnowledge(), "What is known of the graph beforehand; null for nothing."),
      .choices(
        "outputs", \.outputs, count: 0...ExtraOutput.allCases.count, "What else is told of a task."),
    ]

  /// The options that shape experiments, sorted by name.
  public var canonicalJSON: String { JSONValue.object(relevantMembers(former: false)).text }

  /// Identifies the stream of a family under this design: 64 hex digits.
  ///
  /// - Parameter family: the family's own fingerprint.
  public func fingerprint(family: String) -> String {
    SHA256.hex(of: Array("ancestral experiments \(experimentsVersion)\n\(family)\n\(canonicalJSON)".utf8))
  }

  public static func == (a: Design, b: Design) -> Bool { a.canonicalJSON == b.canonicalJSON }

  /// What the values contradict, whatever the family.
  private func check() throws(ConfigError) {
    try rows.check()
    try rows.checkQuery(further: interventions?.sampleCount ?? 0)
    try inside("interventions") { () throws(ConfigError) in try interventions?.check() }
    try inside("hidden") { () throws(ConfigError) in try hidden?.check() }
    try inside("effects") { () throws(ConfigError) in try effects?.check() }
    try inside("knowledge") { () throws(ConfigError) in try knowledge?.check() }
    try inside("observation") { () throws(ConfigError) in try observation?.check() }
    try checkObserved()
    if counterfactuals != nil, interventions == nil, effects == nil {
      throw ConfigError(
        path: "counterfactuals", value: "given", reason: "must stand beside interventions, which make the other world")
    }
    if effects != nil, interventions != nil {
      throw ConfigError(
        path: "interventions", value: "given",
        reason: "must not stand beside effects, whose treatment is the intervention: drop one of them")
    }
    if effects != nil, counterfactuals != nil {
      throw ConfigError(
        path: "counterfactuals", value: "given",
        reason: "must not stand beside effects, which have both worlds of each query row already: drop it")
    }
    if outputs.contains(.cpdag), hidden != nil || effects?.treatment == .graph {
      throw ConfigError(
        path: "outputs", value: "\"cpdag\"",
        reason: "must not be asked for with hidden variables, among which no acyclic graph is left; ask for mag")
    }
    if outputs.contains(.truthNoise), effects != nil {
      throw ConfigError(
        path: "outputs", value: "\"truth_noise\"", reason: "must not be asked for with effects, whose tables are parted"
      )
    }
    let repeated = outputs.first { name in outputs.filter { $0 == name }.count > 1 }
    if let repeated {
      throw ConfigError(path: "outputs", value: "\"\(repeated.rawValue)\"", reason: "must be named once")
    }
  }

  /// What can't be had of rows that are drawn again, or that nobody sees whole.
  private func checkObserved() throws(ConfigError) {
    for (name, isGiven) in [("selection", selection != nil), ("observation", observation != nil)]
    where isGiven && effects != nil {
      throw ConfigError(
        path: name, value: "given", reason: "must not stand beside effects, whose rows are all seen whole")
    }
    if selection != nil, counterfactuals != nil {
      throw ConfigError(
        path: "selection", value: "given", reason: "must not stand beside counterfactuals, whose rows have both worlds")
    }
    if selection != nil, interventions?.noise == .shared {
      throw ConfigError(
        path: "selection", value: "given",
        reason: "must not stand beside interventions of shared noise: rows that are drawn again have noise of their own"
      )
    }
    if observation == nil, outputs.contains(.complete) {
      throw ConfigError(
        path: "outputs", value: "\"complete\"", reason: "must stand beside an observation: without one X is complete")
    }
  }

  /// What can't be had of tasks with some numbers of nodes.
  public func check(nodeCounts: ClosedRange<Int>) throws(ConfigError) {
    do {
      try inside("interventions") { () throws(ConfigError) in try interventions?.check(nodeCounts: nodeCounts) }
      try inside("hidden") { () throws(ConfigError) in
        try hidden?.check(nodeCounts: nodeCounts, spared: effects == nil ? 0 : 2)
      }
      try inside("effects") { () throws(ConfigError) in try effects?.check(nodeCounts: nodeCounts) }
      let fewest = nodeCounts.lowerBound - (hidden?.counts(of: nodeCounts.lowerBound).upperBound ?? 0)
      try inside("observation") { () throws(ConfigError) in try observation?.check(shown: fewest) }
    } catch {
      throw error.inside("design")
    }
  }

  private func inside(_ part: String, _ body: () throws(ConfigError) -> Void) throws(ConfigError) {
    do { try body() } catch { throw error.inside(part) }
  }

  /// JSON Schema (draft 2020-12) of a design; its `x-order` members hold the order of the options.
  public static var schema: JSONValue {
    .object([
      "$schema": .string("https://json-schema.org/draft/2020-12/schema"), "title": .string("Design"),
      "type": .string("object"), "additionalProperties": .bool(false), "properties": .object(Design().properties),
      "x-order": .array(fields.map { .string($0.name) }),
    ])
  }
}

/// Changes with the bits of any experiment, the SCMs being what they are; see the CHANGELOG.
public let experimentsVersion = 1

/// An output that a design has on request.
public enum ExtraOutput: String, NamedChoice {
  /// The directed paths between observed variables.
  case ancestors
  /// A topological order of the observed variables.
  case order
  /// The (interventional) essential graph.
  case cpdag
  /// The maximal ancestral graph.
  case mag
  /// The noise of each cell.
  case truthNoise = "truth_noise"
  /// The rows before anything became of their values.
  case complete
}
