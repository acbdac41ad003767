import Ancestral
import Foundation

/// What designs cost: cells of tables in a second, as a share of the same family's without a design. Both are measured in turn, a slice
/// of each, by the processor time of the fastest slices, so that what else the machine does hardly counts.
struct DesignBench {
  /// To measure each case for.
  let seconds: Double
  /// What the names of the cases hold that are wanted.
  let part: String

  static let families: [(String, [String: JSONValue])] = [
    ("linear", [:]), ("mlp", ["mechanism_proportions": .object(["mlp": .integer(1)])]),
  ]

  /// By name: the design's text and the tables of a task that it fills, in tables of its rows.
  static let designs: [(name: String, json: String, tables: Double)] = [
    ("rows", #"{"n_samples": 1000}"#, 1),
    ("query", #"{"n_samples": 1000, "query": 0.5}"#, 1),
    ("do", #"{"n_samples": 500, "interventions": {"n_samples": 500, "regimes": 20}}"#, 1),
    (
      "do, shared noise", #"{"n_samples": 500, "interventions": {"n_samples": 500, "regimes": 5, "noise": "shared"}}"#,
      1
    ),
    (
      "do, shuffled", #"{"n_samples": 500, "interventions": {"n_samples": 500, "regimes": 20, "order": "shuffled"}}"#, 1
    ),
    (
      "do, marginal", #"{"n_samples": 500, "interventions": {"n_samples": 500, "regimes": 20, "values": "marginal"}}"#,
      1
    ),
    ("shift", #"{"n_samples": 500, "interventions": {"n_samples": 500, "regimes": 20, "kind": "shift"}}"#, 1),
    (
      "noise scale", #"{"n_samples": 500, "interventions": {"n_samples": 500, "regimes": 20, "kind": "noise_scale"}}"#,
      1
    ),
    ("mechanism", #"{"n_samples": 500, "interventions": {"n_samples": 500, "regimes": 20, "kind": "mechanism"}}"#, 1),
    (
      "edge removal",
      #"{"n_samples": 500, "interventions": {"n_samples": 500, "regimes": 20, "kind": "edge_removal"}}"#, 1
    ),
    (
      "counterfactuals",
      #"{"n_samples": 1, "interventions": {"n_samples": 999, "regimes": 20}, "counterfactuals": {}}"#, 2
    ),
    ("hidden", #"{"n_samples": 1000, "hidden": {"share": 0.2}}"#, 1),
    ("observation", #"{"n_samples": 1000, "observation": {"missing": "mar"}}"#, 1),
    ("selection", #"{"n_samples": 1000, "selection": {}}"#, 1),
    ("knowledge", #"{"n_samples": 1000, "knowledge": {}}"#, 1),
    ("effects", #"{"n_samples": 1000, "query": 0.5, "effects": {"mu_draws": 2, "population_rows": 2}}"#, 1),
    ("avici-interventional, 200 rows", #"{"n_samples": 150, "interventions": {"n_samples": 50, "regimes": 10}}"#, 1),
  ]

  /// The names of the cases that hold some text.
  static func names(_ part: String) -> [String] {
    families.flatMap { family in designs.map { "\(family.0), \($0.name)" } }.filter { isWanted($0, part) }
  }

  private static func isWanted(_ name: String, _ part: String) -> Bool { part.isEmpty || name.contains(part) }

  func run(_ report: (String, Double) -> Void) throws {
    for (kind, members) in Self.families {
      let family = try SCMFamily(FamilyConfig(members))
      for entry in Self.designs where Self.isWanted("\(kind), \(entry.name)", part) {
        let design = try Design(json: entry.json)
        let rows = design.rows.sampleCount + (design.interventions?.sampleCount ?? 0)
        var plain = TaskBatch(family, taskCount: 32, sampleCount: rows)
        var data = try family.experiments(design, seeds: Self.seeds(ofBatch: 0))
        let (without, with) = try fastest {
          try plain.fill(seeds: $0)
        } and: {
          try family.experiments(design, seeds: $0, into: &data)
        }
        report("\(kind), \(entry.name)", entry.tables * without / with)
      }
    }
  }

  private static func seeds(ofBatch number: UInt64) -> [UInt64] {
    let seeds = SeedSequence.training(base: 0)
    return (0..<32).map { seeds[32 * number + $0] }
  }

  /// Processor seconds of the fastest slice of each, which have the same tasks.
  private func fastest(
    _ one: ([UInt64]) throws -> Void, and other: ([UInt64]) throws -> Void
  ) throws -> (Double, Double) {
    func slice(_ body: ([UInt64]) throws -> Void) throws -> Double {
      let start = clock()
      for batch in 0..<(8 as UInt64) { try body(Self.seeds(ofBatch: batch)) }
      return Double(clock() - start)
    }
    var least = (try slice(one), try slice(other))
    let start = ContinuousClock.now
    repeat {
      least = (min(least.0, try slice(one)), min(least.1, try slice(other)))
    } while ContinuousClock.now - start < .seconds(seconds)
    return least
  }
}
