import SCMBase
public import SCMFamilies
package import SCMGraphs
package import SCMMechanisms
package import SCMRandom

/// One realised experiment: a task, its regimes, what is hidden of it, and who plays which role. A pure function of the design, the
/// SCM and the number of the draw.
public struct Experiment {
  public let design: Design
  /// The SCM; with a binary treatment, its children read that.
  public let instance: SCMInstance
  /// The draw of the rows: the regimes, the hidden nodes and the roles of an SCM are the same in all of them.
  public internal(set) var draw: UInt32
  /// Rows without and with an intervention.
  public let rowCount: Int
  /// The last of them, which are asked about.
  public let queryCount: Int
  /// The nodes that are shown, ascending.
  public let shown: [Int]
  public let hidden: [Int]
  /// The nodes whose values no array of rows has: the hidden ones and, with roles, those that play none and are no covariate.
  let unseen: [Int]
  /// Latent projection onto the shown nodes; `nil` where all are.
  let projection: LatentProjection?
  let plan: RegimePlan
  let roles: Roles?
  /// The treatment, where it is 0 or 1.
  let binaryTreatment: Int?
  let marginals: MarginalRows?
  let observation: ObservationPlan?
  /// Which rows are kept; `nil` for all.
  let selection: SelectionPlan?
  /// What a treatment does to the population.
  private(set) var population: Population? = nil
  /// Whether the data hold what mechanisms read and write.
  let isShownAsComputed: Bool
  /// `place[r]`: where natural row r stands in `X`; `nil` where all stand where they are.
  let places: [Int32]?
  /// Whether rows are computed more than once with the same noise.
  let readsNoiseAgain: Bool

}

extension Experiment {
  /// - Parameters:
  ///   - family: where the SCM is from, which draws other mechanisms for regimes that change them.
  ///   - rows: the number of observational rows, where a batch decides it.
  /// - Throws: `ConfigError` where the SCM can't have what is asked, `SamplingError` where a value is not finite.
  package init(
    _ design: Design, _ task: consuming SCMInstance, family: PlainFamily?, draw: UInt32 = 0, rows: Int? = nil,
    workspace: ExperimentWorkspace
  ) throws {
    // Everything is made before any of it is kept: a half-made value would be copied in the end, each list's references counted.
    var instance = task
    let key = instance.key
    let observational = rows ?? design.rows.count(key: key)
    let rowCount = observational + (design.interventions?.sampleCount ?? 0)
    let pair = try design.effects?.pair(in: instance, graphRoles: family?.roles(of: instance.graph), key: key)
    if let pair, instance.scalings[pair.treatment].held != nil {
      throw ConfigError(
        path: "design.effects", value: "given",
        reason:
          "must not be asked for under a do that holds the treatment, node \(pair.treatment): run it on the SCM before")
    }
    let hidden = try design.hiddenNodes(of: instance, pair: pair)
    var isHidden = [Bool](equal: false, count: instance.nodeCount)
    for node in hidden { isHidden[node] = true }
    let shown = hidden.isEmpty ? Array(isHidden.indices) : isHidden.indices.filtered { !isHidden[$0] }
    var plan =
      design.interventions.map {
        RegimePlan($0, observational: observational, nodeCount: instance.nodeCount, key: key)
      } ?? RegimePlan(observational: observational, nodeCount: instance.nodeCount)
    let law = design.readsLaws ? LinearLaw(of: instance) : nil
    let isCalibrated = design.readsLaws && law == nil
    let calibrated = isCalibrated ? design.selection == nil ? shown : Array(isHidden.indices) : []
    let read =
      calibrated + (pair.map { [$0.treatment] } ?? design.interventions?.nodesRead(by: plan, in: instance) ?? [])
    let marginals =
      read.isEmpty
      ? nil
      : try MarginalRows(
        of: instance, nodes: read, count: family?.calibrationRows ?? 256, workspace: workspace.sampling)
    let laws = law.map(ColumnLaws.normal) ?? (isCalibrated ? marginals.map(ColumnLaws.rows) : nil)
    let observation = design.observation.map {
      ObservationPlan(
        $0, shown: shown, kinds: instance.valueKinds, laws: laws, shares: &workspace.shares, key: key)
    }
    let selection = design.selection.flatMap { part in
      laws.map { SelectionPlan(part, $0, shares: &workspace.shares, instance) }
    }
    let roles: Roles? =
      if let effects = design.effects, let pair, let marginals {
        Roles(effects, pair, instance, shown: shown, marginals: marginals)
      } else { nil }
    roles?.apply(to: &instance)
    if let interventions = design.interventions {
      try plan.prepare(interventions, instance: instance, family: family, marginals: marginals)
    }
    let projection = hidden.isEmpty ? nil : LatentProjection(of: instance.graph, hiding: hidden)
    var unseen = hidden
    if let roles {
      var isSeen = [Bool](equal: false, count: instance.nodeCount)
      for node in roles.covariates + [roles.treatment, roles.outcome] { isSeen[node] = true }
      unseen = isSeen.indices.filtered { !isSeen[$0] }
    }
    let isShownAsComputed = instance.scalings.allSatisfy { $0.shown == .identity && $0.held == nil }
    let places = design.interventions.flatMap { plan.places($0.order, key: key, draw: draw) }
    self.init(
      design: design, instance: consume instance, draw: draw, rowCount: rowCount,
      queryCount: design.rows.queryCount(of: rowCount), shown: shown, hidden: hidden, unseen: unseen,
      projection: projection, plan: consume plan, roles: roles,
      binaryTreatment: roles.flatMap { $0.effects.isBinary ? $0.treatment : nil }, marginals: marginals,
      observation: observation, selection: selection,
      isShownAsComputed: isShownAsComputed, places: places,
      readsNoiseAgain: design.effects != nil || design.counterfactuals != nil
        || design.interventions?.noise == .shared)
    if let roles { population = try population(roles, workspace: workspace) }
  }

  /// What its treatment does to the population, by rows of its own where that is needed.
  private func population(_ roles: Roles, workspace: ExperimentWorkspace) throws(SamplingError) -> Population {
    if roles.effects.isBinary, let exact = linearEffect(roles) { return Population(exact: exact) }
    var rows = self
    rows.draw = Population.draw
    return try Population(of: rows, roles, workspace: workspace)
  }

  /// Where a natural row stands in `X`.
  func place(of row: Int) -> Int { places.map { Int($0[row]) } ?? row }

  /// Rows before it are context.
  public var contextCount: Int { rowCount - queryCount }

  /// The regimes, the observational one counted.
  var regimeCount: Int { plan.regimeCount + 1 }

  /// Makes room for the task's rows.
  func begin(_ workspace: ExperimentWorkspace) {
    instance.reserve(workspace.sampling, columns: columnCount)
    if readsNoiseAgain {
      workspace.kept.begin(nodeCount: instance.nodeCount, channelCount: instance.noiseChannelCount)
    }
  }
}

extension Interventions {
  /// The nodes whose own laws a plan reads.
  fileprivate func nodesRead(by plan: RegimePlan, in instance: SCMInstance) -> [Int] {
    if kind == .edgeRemoval {
      var isRead = [Bool](equal: false, count: instance.nodeCount)
      for target in plan.targets { instance.parents.forEach(of: target) { isRead[$1] = true } }
      return isRead.indices.filtered { isRead[$0] }
    }
    return kind.hasValues && values.readsMarginals ? plan.targets : []
  }
}

extension Design {
  /// The nodes that nobody sees, ascending: those that are chosen, and those that a structure of effects hides in any case.
  fileprivate func hiddenNodes(of instance: SCMInstance, pair: Roles.Pair?) throws(ConfigError) -> [Int] {
    guard let hidden else { return pair?.hidden ?? [] }
    let spared = pair.map { [$0.treatment, $0.outcome] } ?? []
    guard let chosen = hidden.choose(in: instance.adjacency, key: instance.key, sparing: spared) else {
      throw ConfigError(
        path: "design.hidden.which", value: "\"\(hidden.which.rawValue)\"",
        reason: "must be another one for an SCM with too few such nodes, or scarcity be fewer")
    }
    return pair?.hidden.map { Set(chosen + $0).sorted() } ?? chosen
  }

  /// Whether anything is decided by the law of the SCM's own columns.
  var readsLaws: Bool { selection != nil || observation?.readsMarginals == true }

  /// Whether a task's graph has what the design asks for; where not, the task is drawn again.
  ///
  /// - Parameter kinds: what nodes' values are; empty where all are continuous.
  package func admits(
    _ graph: DirectedAcyclicGraph, kinds: [ValueKind], key: TaskKey, roles: EffectRoles?
  ) -> Bool {
    var spared: [Int] = []
    if let effects {
      guard let pair = effects.pair(in: graph, kinds: kinds, graphRoles: roles, key: key) else { return false }
      spared = [pair.treatment, pair.outcome]
    }
    guard let hidden, hidden.scarcity == .redraw, hidden.which != .any else { return true }
    return hidden.choose(in: graph.adjacency, key: key, sparing: spared) != nil
  }

  /// Whether an SCM's graph has what the design asks for.
  package func admits(instance: SCMInstance, of family: SCMFamily?) -> Bool {
    let components = family?.components ?? []
    let roles =
      components.indices.contains(instance.component)
      ? components[instance.component].family.roles(of: instance.graph) : nil
    return admits(instance.graph, kinds: instance.valueKinds, key: instance.key, roles: roles)
  }

  /// Whether some graphs are refused.
  package var refusesGraphs: Bool {
    effects != nil || hidden.map { $0.scarcity == .redraw && $0.which != .any } ?? false
  }
}

extension RegimePlan {
  /// Where each natural row stands.
  func places(_ order: Interventions.RowOrder, key: TaskKey, draw: UInt32) -> [Int32]? {
    let count = rowStarts.last ?? 0
    switch order {
    case .byRegime: return nil
    case .shuffled: return key.quickPermutation(of: count, purpose: .rowOrder, draw: draw)
    case .interleaved:
      var places = [Int32](equal: 0, count: count)
      var (next, turn) = (Int32(0), 0)
      var left = Array(0...regimeCount)
      while next < count {
        left.removeAll { rows(of: $0).count <= turn }
        for regime in left {
          places[rowStarts[regime] + turn] = next
          next += 1
        }
        turn += 1
      }
      return places
    }
  }
}
