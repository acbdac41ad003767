import SCMFamilies
import SCMMechanisms
import SCMRandom

// Context rows as they are; rows that are asked about with the truth of each arm.
extension Experiment {
  @unsafe
  func writeEffects(
    _ roles: Roles, _ tile: RowTile, to target: borrowing ExperimentTarget, workspace: ExperimentWorkspace
  ) throws(SamplingError) {
    unsafe compute(tile, regimes: false, nodes: instance.topologicalOrder, workspace: workspace)
    unsafe try checkUnseen(tile, workspace)
    let width = target.layout.sizes.covariates
    let isQuery = tile.natural >= contextCount
    let offset = isQuery ? contextCount : 0
    if isQuery, roles.effects.assignment == .coin, roles.effects.isBinary { unsafe assign(roles, tile, workspace) }
    if let x = unsafe target[isQuery ? .xQuery : .x], width > 0 {
      unsafe try emit(
        roles.covariates, tile, regimes: false, to: x, width: width, rowOffset: offset, workspace: workspace)
    }
    if let t = unsafe target[isQuery ? .treatmentQuery : .treatment] {
      unsafe try emit(
        [roles.treatment], tile, regimes: false, to: t, width: 1, rowOffset: offset, workspace: workspace)
    }
    if let y = unsafe target[isQuery ? .outcomeQuery : .outcome] {
      unsafe try emit([roles.outcome], tile, regimes: false, to: y, width: 1, rowOffset: offset, workspace: workspace)
    }
    if isQuery {
      unsafe try writeArms(roles, tile, to: target, workspace: workspace)
    } else if let out = unsafe target[.propensity] {
      let source = unsafe workspace.probabilities + tile.skipped
      unsafe (out + tile.natural).update(from: source, count: tile.rowCount)
    }
  }

  /// Gives each row an arm by coin, and its descendants what follows.
  @unsafe
  private func assign(_ roles: Roles, _ tile: RowTile, _ workspace: ExperimentWorkspace) {
    let column = unsafe workspace.sampling.columns + roles.treatment * MechanismRows.stride
    for r in 0..<tile.count {
      let word = instance.key.block(
        UInt32(truncatingIfNeeded: (tile.firstRow + r) >> 2), site: UInt32(truncatingIfNeeded: roles.treatment),
        purpose: .assignment, draw: draw)[(tile.firstRow + r) & 3]
      unsafe column[r] = Float(word >> 31)
    }
    unsafe compute(tile, regimes: false, nodes: roles.descendants, workspace: workspace)
  }

  /// The outcome of each row in each arm, and its mean over the noise of what the treatment leads to.
  @unsafe
  private func writeArms(
    _ roles: Roles, _ tile: RowTile, to target: borrowing ExperimentTarget, workspace: ExperimentWorkspace
  ) throws(SamplingError) {
    let isBinary = roles.effects.isBinary
    let stride = isBinary ? 1 : roles.arms.count
    let (first, count) = (tile.natural - contextCount, tile.rowCount)
    let outcome = unsafe UnsafePointer(workspace.sampling.columns + roles.outcome * MechanismRows.stride + tile.skipped)
    let shown = instance.scalings[roles.outcome].told
    if isBinary, let y0 = unsafe target[.y0], let y1 = unsafe target[.y1] {
      unsafe try writeUnits(roles, tile, y0: y0 + first, y1: y1 + first, workspace)
    }
    let isExact = isLinear(roles.path)
    for (arm, value) in roles.arms.enumerated() {
      let place = isBinary ? first : first * stride + arm
      if let y = unsafe target[.yAt] {
        unsafe computePath(roles, value, tile, noise: .own, workspace)
        for r in 0..<count {
          let value = unsafe shown(outcome[r])
          guard value.isFinite else { throw instance.notFinite(roles.outcome) }
          unsafe y[place + r * stride] = value
        }
      }
      let outputs: (mu: RowOutput, error: RowOutput) =
        isBinary ? (arm == 0 ? (.mu0, .mu0Error) : (.mu1, .mu1Error)) : (.muAt, .muAtError)
      guard let mu = unsafe target[outputs.mu], let error = unsafe target[outputs.error] else { continue }
      if isExact {
        unsafe computePath(roles, value, tile, noise: .mean, workspace)
        if stride == 1 {
          for r in 0..<count { unsafe mu[place + r] = shown(outcome[r]) }
          unsafe (error + place).update(repeating: 0, count: count)
          continue
        }
        for r in 0..<count {
          unsafe mu[place + r * stride] = shown(outcome[r])
          unsafe error[place + r * stride] = 0
        }
        continue
      }
      for r in 0..<count { workspace.moments[r] = RunningMoments() }
      for draw in 0..<roles.effects.draws {
        unsafe computePath(roles, value, tile, noise: .draw(draw), workspace)
        for r in 0..<count { unsafe workspace.moments[r].add(Double(shown(outcome[r]))) }
      }
      for r in 0..<count {
        guard workspace.moments[r].isFinite else { throw instance.notFinite(roles.outcome) }
        unsafe mu[place + r * stride] = Float(workspace.moments[r].mean)
        unsafe error[place + r * stride] = Float(workspace.moments[r].error)
      }
    }
  }

  /// The outcome of each row in both arms of a binary treatment: in the one that it is in, which stands in the columns, and in the
  /// other.
  @unsafe
  private func writeUnits(
    _ roles: Roles, _ tile: RowTile, y0: UnsafeMutablePointer<Float>, y1: UnsafeMutablePointer<Float>,
    _ workspace: ExperimentWorkspace
  ) throws(SamplingError) {
    let columns = unsafe workspace.sampling.columns
    let treatment = unsafe columns + roles.treatment * MechanismRows.stride
    let outcome = unsafe columns + roles.outcome * MechanismRows.stride + tile.skipped
    let shown = instance.scalings[roles.outcome].told
    for r in 0..<tile.rowCount {
      let value = unsafe shown(outcome[r])
      unsafe y0[r] = value
      unsafe y1[r] = value
    }
    for r in 0..<MechanismRows.stride { unsafe treatment[r] = 1 - treatment[r] }
    unsafe computePath(roles, tile, noise: .own, workspace)
    for r in 0..<tile.rowCount {
      let other = unsafe shown(outcome[r])
      let isTreated = unsafe treatment[tile.skipped + r] == 0
      unsafe y0[r] = isTreated ? other : y0[r]
      unsafe y1[r] = isTreated ? y1[r] : other
    }
    guard unsafe isFinite(y0, tile.rowCount), unsafe isFinite(y1, tile.rowCount) else {
      throw instance.notFinite(roles.outcome)
    }
  }

  /// Holds the treatment at a value in all rows of a tile and computes what it leads to, as far as the outcome.
  @unsafe
  func computePath(
    _ roles: Roles, _ value: Float, _ tile: RowTile, noise: RowNoise, _ workspace: ExperimentWorkspace
  ) {
    let held = roles.effects.isBinary ? value : instance.scalings[roles.treatment].shown.inverse(value)
    let column = unsafe workspace.sampling.columns + roles.treatment * MechanismRows.stride
    unsafe column.update(repeating: held, count: MechanismRows.stride)
    unsafe computePath(roles, tile, noise: noise, workspace)
  }

  /// Computes what the treatment leads to, as far as the outcome.
  @unsafe
  private func computePath(_ roles: Roles, _ tile: RowTile, noise: RowNoise, _ workspace: ExperimentWorkspace) {
    for node in roles.path {
      let padded = unsafe fill(node, tile, noise: noise, workspace: workspace)
      unsafe instance.compute(
        node, firstRow: tile.firstRow, count: tile.count, padded: padded,
        into: workspace.sampling.columns + node * MechanismRows.stride, workspace: workspace.sampling)
    }
  }

  /// Whether a value passes through some nodes linearly, so that its mean does too.
  func isLinear(_ path: [Int]) -> Bool { path.allSatisfy { instance.mechanisms[$0] is LinearMechanism } }
}
