package import SCMFamilies
import SCMMechanisms
import SCMRandom

/// The buffers that experiments are computed in: made once for a thread, grown to the largest task it meets.
@safe
package final class ExperimentWorkspace: Sparable {
  package static let spares = Spares<ExperimentWorkspace>()

  package let sampling = SamplingWorkspace()
  /// Values of a law, and the random numbers behind them.
  let values = UnsafeMutablePointer<Float>.allocate(capacity: rowsPerTile + 8)
  let scratch = UnsafeMutablePointer<Float>.allocate(capacity: InterventionValues.scratchCount(of: rowsPerTile))
  /// A node's column under another mechanism, and a parent's with other rows' values.
  let column = UnsafeMutablePointer<Float>.allocate(capacity: MechanismRows.stride)
  /// Of a binary treatment, by place of the tile.
  let probabilities = UnsafeMutablePointer<Float>.allocate(capacity: MechanismRows.stride)
  /// Over draws, by place of the tile.
  var moments = [RunningMoments](repeating: RunningMoments(), count: rowsPerTile)
  let kept = KeptNoise()
  let targetNormals = TargetNormals()
  var shares = KnownShares()
  /// Where rows are drawn again.
  lazy var second = ExperimentWorkspace()
  /// The rows of one such attempt, and those of a tile that were kept in some attempt.
  lazy var attempted = RedrawnRows(areAll: true)
  lazy var redrawn = RedrawnRows(areAll: false)

  package init() {}

  deinit {
    unsafe values.deallocate()
    unsafe scratch.deallocate()
    unsafe column.deallocate()
    unsafe probabilities.deallocate()
  }
}
