import Ancestral

/// What `describe` tells of a family under a design: the options, the fingerprint of both, and statistics of experiments.
struct UnderDesign {
  private let design: Design
  private let fingerprint: String
  private let summary: DesignSummary?

  /// - Parameter taskCount: of the statistics; 0 for none.
  /// - Throws: `ConfigError` where the family can't have the design.
  init(
    _ family: SCMFamily, _ specification: FamilySpecification, _ design: Design, taskCount: Int, threads: Int,
    _ output: OutputOptions
  ) throws {
    self.design = design
    fingerprint = design.fingerprint(family: specification.fingerprint)
    guard taskCount > 0 else {
      summary = nil
      return
    }
    let bar = output.bar("experimenting")
    defer { bar.clear() }
    summary = try DesignSummary(
      family, design, taskCount: taskCount, threads: threads, isCancelled: bar.counting(to: taskCount))
  }

  private var options: [String: JSONValue] { design.relevantMembers(former: false) }

  var json: JSONValue {
    var members: [String: JSONValue] = ["config": .object(options), "fingerprint": .string(fingerprint)]
    members["summary"] = summary?.json
    return .object(members)
  }

  func list() {
    print("Under the design")
    for (name, value) in options.sorted(by: { $0.key < $1.key }) where value != .null {
      print("  \(name): \(value.text)")
    }
    print("fingerprint: \(fingerprint)\n")
    guard let summary else { return }
    StatisticsTable(title: "Over \(counted(summary.taskCount, "experiment"))", laws: summary.laws).list()
    print("")
  }
}
