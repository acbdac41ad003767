import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMRandom

// How a binary treatment comes about.
extension Experiment {
  /// Writes the treatment of a tile's rows to its node's column. Probabilities, where the treatment has them, are left in
  /// `workspace.probabilities`.
  @unsafe
  func treat(
    _ roles: Roles, _ tile: RowTile, into column: UnsafeMutablePointer<Float>, _ workspace: ExperimentWorkspace
  ) {
    let node = roles.treatment
    let padded = unsafe fill(node, tile, noise: roles.effects.hasScore ? .mean : .own, workspace: workspace)
    unsafe instance.compute(
      node, firstRow: tile.firstRow, count: tile.count, padded: padded, into: column,
      workspace: workspace.sampling)
    unsafe roles.shown.apply(from: UnsafePointer(column), to: column, count: tile.count)
    guard roles.effects.hasScore else {
      for r in 0..<tile.count { unsafe column[r] = column[r] > roles.threshold ? 1 : 0 }
      return
    }
    let effects = roles.effects
    let slope = effects.slope / roles.deviation
    var block = SIMD4<UInt32>()
    for r in 0..<tile.count {
      let row = tile.firstRow + r
      if r == 0 || row & 3 == 0 {
        block = instance.key.block(
          UInt32(truncatingIfNeeded: row >> 2), site: UInt32(truncatingIfNeeded: node), purpose: .treatment, draw: draw)
      }
      let score = unsafe effects.intercept + slope * (Double(column[r]) - roles.mean)
      let probability =
        effects.kind == .probit ? Elementary.normalProbability(score) : Elementary.logistic(score)
      let u = (Double(block[row & 3]) + 0.5) * 0x1p-32
      unsafe column[r] = u < probability ? 1 : 0
      unsafe workspace.probabilities[r] = Float(probability)
    }
  }
}
