import SCMBase
import SCMExperiments
import SCMFamilies
import SCMGraphs
import SCMRandom

/// The strategies of a family that were written in Python, as far as a configuration tells of them.
///
/// It has them beside the fields, as "graph_generator" and "mechanism_factory": a name, a version and parameters for people, and a
/// fingerprint of what determines the results.
struct OwnStrategies {
  static let roles = ["graph_generator", "mechanism_factory"]

  /// By role.
  private let entries: [String: JSONValue]
  /// The engine's share of the configuration.
  let specification: FamilySpecification
  /// What a design is held against: graphs of a user's own may have edges, though a stand-in has none.
  private let designed: FamilySpecification

  /// - Throws: for a configuration that no engine reads.
  init(_ members: [String: JSONValue]) throws(ConfigError) {
    entries = members.filter { Self.roles.contains($0.key) && $0.value.members != nil }
    var fields = members.filter { [entries] in entries[$0.key] == nil }
    let graphs = Self.graphFields
    if entries["graph_generator"] != nil {
      fields = fields.filter { !graphs.contains($0.key) }
      // No edges of the engine's own, which fit any number of nodes.
      fields["sparsity_param"] = .integer(0)
    }
    if entries["mechanism_factory"] != nil {
      let noise = NoiseLaws.all.flatMap { $0.parameterNames }
      let kept = graphs.union(["n_nodes", "n_nodes_max", "noise_type", "standardization"]).union(noise)
      fields = fields.filter { kept.contains($0.key) }
    }
    specification = try FamilySpecification(fields)
    if entries["graph_generator"] != nil, let nodes = fields["n_nodes"]?.natural {
      fields["sparsity_param"] = .number(min(1, Double(nodes - 1) / 2))
    }
    designed = try FamilySpecification(fields)
  }

  var isEmpty: Bool { entries.isEmpty }

  /// Whether the engine draws the graphs.
  var haveEngineGraphs: Bool { entries["graph_generator"] == nil }

  /// Such as "graphs are drawn by train.Chain".
  var description: String {
    [("graph_generator", "graphs"), ("mechanism_factory", "mechanisms")].compactMap { role, things in
      entries[role].map { "\(things) are drawn by \($0["name"]?.string ?? "a strategy")" }
    }.joined(separator: " and its ")
  }

  /// As the family in Python has it, of its tasks or of a design's experiments: over the engine's share, and a line for each
  /// strategy's own.
  func fingerprint(under design: Design? = nil) -> String {
    let engine = design.map { $0.fingerprint(family: designed.fingerprint) } ?? specification.fingerprint
    guard !isEmpty else { return engine }
    let lines = entries.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value["fingerprint"]?.string ?? "")" }
    return SHA256.hex(of: Array(([engine] + lines).joined(separator: "\n").utf8))
  }

  /// The fields that are about graphs alone.
  private static var graphFields: Set<String> {
    Set(GraphModels.all.flatMap { $0.init().fieldNames }).union(["graph", "sparsity_param"])
  }
}
