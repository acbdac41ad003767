import SCMBase
import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMRandom

/// What a treatment does to a population, by rows of its own that nobody is shown.
struct Population {
  /// The mean outcome in each arm, and its standard error; none where they were not needed.
  let means: [Double]
  let errors: [Double]
  /// The mean of the last arm's outcome less the first's, and its standard error: 0 where it is exact.
  let effect: Double
  let effectError: Double

  static let draw: UInt32 = 0xFFFF_FE00

  /// Where the effect is known, and means aren't needed.
  init(exact effect: Double) { (means, errors, self.effect, effectError) = ([], [], effect, 0) }

  init(of experiment: Experiment, _ roles: Roles, workspace: ExperimentWorkspace) throws(SamplingError) {
    let (instance, rows) = (experiment.instance, roles.effects.populationRows)
    var arms = [RunningMoments](equal: RunningMoments(), count: roles.arms.count)
    var difference = RunningMoments()
    let shown = instance.scalings[roles.outcome].told
    var first = [Float](equal: 0, count: rowsPerTile)
    experiment.begin(workspace)
    for start in stride(from: 0, to: rows, by: rowsPerTile) {
      let tile = RowTile(natural: start, row: start, atMost: rows - start)
      unsafe experiment.compute(tile, regimes: false, nodes: roles.beside, workspace: workspace)
      let outcome = unsafe workspace.sampling.columns + roles.outcome * MechanismRows.stride
      for (arm, value) in roles.arms.enumerated() {
        unsafe experiment.computePath(roles, value, tile, noise: .own, workspace)
        for r in 0..<tile.count {
          let y = unsafe shown(outcome[r])
          arms[arm].add(Double(y))
          if arm == 0 { first[r] = y }
          if arm == roles.arms.count - 1 { difference.add(Double(y) - Double(first[r])) }
        }
      }
    }
    guard arms.allSatisfy(\.isFinite) else { throw instance.notFinite(roles.outcome) }
    means = arms.map { $0.mean }
    errors = arms.map { $0.error }
    (effect, effectError) = (difference.mean, difference.error)
  }
}

extension Experiment {
  /// The effect of a binary treatment in the data's units: the sum over paths of the products of their weights; `nil` where a mechanism
  /// between is not linear.
  ///
  /// Source: Wright, "The method of path coefficients", Annals of Mathematical Statistics 5 (1934).
  func linearEffect(_ roles: Roles) -> Double? {
    var effects = [Double](equal: 0, count: instance.nodeCount)
    effects[roles.treatment] = 1
    for node in roles.path {
      guard let linear = instance.mechanisms[node] as? LinearMechanism else { return nil }
      var sum = 0.0
      instance.forEachParent(of: node) { index, parent, columns in
        guard effects[parent] != 0 else { return }
        let gain = Double(instance.scalings[node].input(index).gain)
        sum += Double(linear.weight(columns.lowerBound)) * gain * effects[parent]
      }
      effects[node] = sum * Double(instance.scalings[node].output.gain)
    }
    guard roles.path.last == roles.outcome else { return 0 }
    return effects[roles.outcome] * Double(instance.scalings[roles.outcome].shown.gain)
  }
}
