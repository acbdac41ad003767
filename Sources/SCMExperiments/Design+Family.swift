public import SCMBase
public import SCMFamilies
import SCMMechanisms
import SCMRandom
package import SCMGraphs

extension Design {
  /// What stands for plain rows of a family's tasks, where it has to be told what nodes' values are: the design of rows alone for
  /// families whose nodes may have classes or counts. `nil` for other families, and without rows.
  public static func plainRows(_ count: Int, of family: SCMFamily) -> Design? {
    guard family.mayBeDiscrete, count > 0 else { return nil }
    var design = Design()
    design.rows.sampleCount = count
    return design
  }

  /// What can't be had of a family's tasks, whatever the task.
  public func check(_ family: SCMFamily) throws(ConfigError) {
    try check(nodeCounts: family.nodeCounts)
    for component in family.components {
      do {
        try check(component.family)
      } catch {
        throw error.inside("design")
      }
    }
    if let effects, !family.components.contains(where: { effects.mayHaveRoles($0.family) }) {
      throw ConfigError(
        path: "design.effects", value: "given",
        reason:
          "must not be asked of a family all of whose nodes with parents have classes or counts: treatment and outcome are "
          + "continuous"
      )
    }
  }

  private func check(_ family: PlainFamily) throws(ConfigError) {
    let kinds = (family.mechanismFactory as? MixedMechanisms)?.kinds ?? []
    if interventions?.kind == .mechanism, let anchored = kinds.first(where: \.needsAnchors) {
      throw ConfigError(
        path: "interventions.kind", value: "\"mechanism\"",
        reason: Interventions.cannotChange(anchored.name, unless: anchored.remedy))
    }
    if interventions?.kind == .coefficient, let other = kinds.first(where: { $0.name != LinearModel.kind }) {
      throw ConfigError(
        path: "interventions.kind", value: "\"coefficient\"",
        reason: "must be another one where mechanisms may be \(other.name): only linear ones have coefficients")
    }
    try checkAdditions(mayBeDiscrete: family.mechanismFactory.mayBeDiscrete)
    try check(family.network)
    try checkMeans(family.noise, family.rootNoise)
    if family.config?.sparsity == 0 { try checkWithoutEdges(nodeCounts: family.nodeCounts) }
    if effects?.treatment == .graph, !(family.graphGenerator is any EffectStructure) {
      throw ConfigError(
        path: "effects.treatment", value: "\"graph\"",
        reason: "must be another one where graphs have no structure that names a treatment, as "
          + "back_door, hidden_confounder, instrument and front_door have")
    }
  }
}

extension Design {
  /// What can't be had of graphs without an edge.
  private func checkWithoutEdges(nodeCounts: ClosedRange<Int>) throws(ConfigError) {
    let without = "where sparsity_param is 0: no graph of the family has an edge"
    if let effects, effects.treatment != .graph {
      if effects.outcome == .descendant {
        throw ConfigError(path: "effects.outcome", value: "\"descendant\"", reason: "must be \"any\" \(without)")
      }
      if effects.treatment != .any {
        throw ConfigError(
          path: "effects.treatment", value: "\"\(effects.treatment.rawValue)\"", reason: "must be \"any\" \(without)")
      }
    }
    if let hidden, hidden.which == .confounders, hidden.scarcity == .redraw,
      nodeCounts.allSatisfy({ hidden.counts(of: $0).lowerBound > 0 })
    {
      throw ConfigError(
        path: "hidden.which", value: "\"confounders\"", reason: "must be \"any\" or \"sources\" \(without)")
    }
  }

  /// What can't be had of one SCM, whatever else its family may draw.
  func check(_ instance: SCMInstance, of family: SCMFamily?) throws(ConfigError) {
    if let family, !family.components.indices.contains(instance.component) {
      throw ConfigError(path: "family", value: "another one", reason: "must be the family that the instance is from")
    }
    do {
      try checkAdditions(mayBeDiscrete: !instance.valueKinds.isEmpty)
      try check(family?.components[instance.component].family.network)
      try checkMeans(instance.noise, instance.rootNoise)
    } catch {
      throw error.inside("design")
    }
  }

  private func checkAdditions(mayBeDiscrete: Bool) throws(ConfigError) {
    guard mayBeDiscrete, let kind = interventions?.kind, kind == .shift || kind == .noiseScale else { return }
    throw ConfigError(
      path: "interventions.kind", value: "\"\(kind.rawValue)\"",
      reason:
        "must be another one where nodes may have classes or counts, to which nothing can be added and whose noise has no size"
    )
  }

  private func checkMeans(_ noise: NoiseSource, _ rootNoise: NoiseSource?) throws(ConfigError) {
    guard effects != nil, noise.kind == CauchyNoise.kind || rootNoise?.kind == CauchyNoise.kind else { return }
    throw ConfigError(
      path: "effects", value: "given",
      reason: "must not be asked of a family with cauchy noise, whose outcomes have no mean")
  }

  /// What can't be had of a network, whose laws are given.
  private func check(_ network: BayesianNetwork?) throws(ConfigError) {
    guard let network else { return }
    if interventions?.kind == .mechanism {
      throw ConfigError(
        path: "interventions.kind", value: "\"mechanism\"",
        reason: "must be another one for a network: its laws are given, and there is none to draw")
    }
    if interventions?.kind == .coefficient, let other = network.variables.first(where: { !$0.states.isEmpty }) {
      throw ConfigError(
        path: "interventions.kind", value: "\"coefficient\"",
        reason: "must be another one where variables are discrete, as \(other.name): only linear ones have coefficients"
      )
    }
  }
}

extension Effects {
  /// Whether a family's nodes may have values of the kind that treatment and outcome have: continuous ones.
  fileprivate func mayHaveRoles(_ family: PlainFamily) -> Bool {
    if let network = family.network { return network.variables.contains { $0.states.isEmpty } }
    guard let nodes = (family.mechanismFactory as? MixedMechanisms)?.continuousNodes else { return true }
    // What lies behind the treatment has parents.
    return treatment == .graph || outcome == .descendant ? nodes.children : nodes.roots
  }
}

extension PlainFamily {
  /// Who plays which role in a graph of the family, where its structure says so. A caller's own graph may have fewer nodes than roles.
  package func roles(of graph: DirectedAcyclicGraph) -> EffectRoles? {
    guard let structure = graphGenerator as? any EffectStructure, graph.nodeCount >= type(of: structure).roles.count
    else { return nil }
    return structure.roles(nodeCount: graph.nodeCount)
  }
}
