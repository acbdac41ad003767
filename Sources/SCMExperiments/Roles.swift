import SCMBase
import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMRandom

/// The nodes of a task that are treatment, outcome and covariates, and how a treatment is made of its node.
struct Roles {
  let effects: Effects
  let treatment: Int
  let outcome: Int
  let covariates: [Int]
  let instrument: Int?
  let mediator: Int?
  /// The treatment's descendants, in topological order.
  let descendants: [Int]
  /// The nodes that the outcome learns of the treatment through, in topological order; the outcome is the last, where it is a descendant.
  let path: [Int]
  /// What else leads to the outcome, in topological order.
  let beside: [Int]
  /// The cut of a threshold, in the data's units.
  let threshold: Float
  /// Of the treatment's node as it was, for scores.
  let mean: Double
  let deviation: Double
  /// The values of the treatment at which outcomes are told.
  let arms: [Float]
  /// From the values that the treatment's mechanism makes to those of the data.
  let shown: SCMInstance.AffineMap

  init(_ effects: Effects, _ pair: Pair, _ instance: SCMInstance, shown nodes: [Int], marginals: MarginalRows) {
    self.effects = effects
    treatment = pair.treatment
    outcome = pair.outcome
    instrument = pair.instrument
    mediator = pair.mediator
    let adjacency = instance.adjacency
    var descends = adjacency.isReached(from: [treatment])
    descends[treatment] = false
    let leads = instance.leads(to: [outcome])
    let order = instance.topologicalOrder
    descendants = order.filtered { descends[$0] }
    path = descendants.filtered { leads[$0] }
    beside = order.filtered { [treatment] in leads[$0] && !descends[$0] && $0 != treatment }
    let parents = Array(instance.parents[pair.treatment])
    covariates = nodes.filtered { node in
      guard node != pair.treatment, node != pair.outcome else { return false }
      // What a structure names is there to be read.
      if node == pair.mediator || node == pair.instrument { return true }
      switch effects.covariates {
      case .preTreatment: return !descends[node]
      case .all: return true
      case .adjustment: return parents.contains(node)
      }
    }
    shown = instance.scalings[treatment].shown
    let moments = effects.hasScore ? marginals.moments(of: treatment) : (mean: 0, deviation: 1)
    (mean, deviation) = (moments.mean, max(moments.deviation, 1e-8))
    // Ascending where many quantiles are asked for.
    var law = Array(marginals[treatment])
    if !effects.isBinary { law.sort() }
    func place(_ q: Double) -> Int { min(max(Int(q * Double(law.count)), 0), law.count - 1) }
    arms =
      effects.isBinary
      ? [0, 1] : (0..<effects.grid).map { law[place(0.05 + 0.9 * Double($0) / Double(effects.grid - 1))] }
    let u = Double(unit: instance.key.block(0, site: 1, purpose: .roles).word64(0))
    threshold =
      effects.kind == .threshold
      ? law.smallest(place(effects.leastThreshold + (effects.mostThreshold - effects.leastThreshold) * u)) : 0
  }

  /// The SCM whose treated node has the values of the treatment: its children read a binary one as it is. Means and deviations of
  /// standardisation stay as they were.
  func apply(to instance: inout SCMInstance) {
    guard effects.isBinary else { return }
    instance.scalings[treatment].shown = .identity
    for child in instance.adjacency.children(of: treatment) where !instance.scalings[child].inputs.isEmpty {
      if let index = Array(instance.parents[child]).firstIndex(of: treatment) {
        instance.scalings[child].inputs[index] = .identity
      }
    }
  }

  /// Treatment and outcome, and what a graph's structure says of others.
  struct Pair {
    let treatment: Int
    let outcome: Int
    var hidden: [Int]?
    var instrument: Int?
    var mediator: Int?
  }
}

extension Effects {
  /// - Throws: `ConfigError` where the SCM has no such pair.
  func pair(in instance: SCMInstance, graphRoles: EffectRoles?, key: TaskKey) throws(ConfigError) -> Roles.Pair {
    let kinds = instance.valueKinds
    guard let pair = pair(in: instance.graph, kinds: kinds, graphRoles: graphRoles, key: key) else {
      throw ConfigError(
        path: "design.effects.treatment", value: "\"\(treatment.rawValue)\"",
        reason: treatment == .graph
          ? "must be another one for a graph whose structure names no treatment"
          : "must be another one for a graph of \(instance.nodeCount) nodes and \(instance.graph.edgeCount) edges, which has no such "
            + "treatment and outcome" + (kinds.isEmpty ? "" : " of continuous values"))
    }
    return pair
  }

  /// `nil` where the graph has no such treatment and outcome, or where they were drawn so and the task is to be drawn again.
  ///
  /// - Parameter kinds: what nodes' values are, empty where all are continuous; the others are neither treatment nor outcome.
  func pair(
    in graph: DirectedAcyclicGraph, kinds: [ValueKind], graphRoles: EffectRoles?, key: TaskKey
  ) -> Roles.Pair? {
    func isContinuous(_ node: Int) -> Bool { kinds.isEmpty || kinds[node] == .continuous }
    if treatment == .graph {
      guard let graphRoles, isContinuous(graphRoles.treatment), isContinuous(graphRoles.outcome) else { return nil }
      return Optional(graphRoles).map {
        Roles.Pair(
          treatment: $0.treatment, outcome: $0.outcome, hidden: $0.hidden.map { [$0] }, instrument: $0.instrument,
          mediator: $0.mediator)
      }
    }
    let count = graph.nodeCount
    let adjacency = graph.adjacency
    var isChild = [Bool](equal: false, count: count)
    if treatment == .root { for node in 0..<count { adjacency.forEachChild(of: node) { isChild[$0] = true } } }
    func admits(_ node: Int) -> Bool {
      switch treatment {
      case .any, .graph: true
      case .withDescendant: adjacency.hasChildren(node)
      case .root: !isChild[node] && adjacency.hasChildren(node)
      }
    }
    var words = key.words(purpose: .roles)
    let needsDescendant = outcome == .descendant
    let candidates = (0..<count).filtered { node in
      isContinuous(node) && admits(node) && (!needsDescendant || impossible == .task || adjacency.hasChildren(node))
    }
    guard !candidates.isEmpty, count > 1 else { return nil }
    let treated = candidates[words.next(below: candidates.count)]
    let isReached = needsDescendant ? adjacency.isReached(from: [treated]) : []
    let outcomes = (0..<count).filtered {
      $0 != treated && isContinuous($0) && (!needsDescendant || isReached[$0])
    }
    guard !outcomes.isEmpty else { return nil }
    return Roles.Pair(treatment: treated, outcome: outcomes[words.next(below: outcomes.count)])
  }
}
