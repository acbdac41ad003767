import SCMMechanisms

/// The buffers that sampling writes in: made once for a thread, grown to the largest task it meets.
@safe
package final class SamplingWorkspace: Sparable {
  package static let spares = Spares<SamplingWorkspace>()

  /// A column for each node.
  package private(set) var columns: UnsafeMutablePointer<Float>
  /// Parents and noise of the mechanism at hand.
  package private(set) var inputs: UnsafeMutablePointer<Float>
  /// Where the parents' columns of the mechanism at hand lie.
  package private(set) var parents: UnsafeMutablePointer<UnsafePointer<Float>>
  package let scratch: UnsafeMutablePointer<Float>
  private var columnCount = 1
  private var inputCount = 1

  package init() {
    unsafe columns = .allocate(capacity: MechanismRows.stride)
    unsafe inputs = .allocate(capacity: MechanismRows.stride)
    unsafe parents = .allocate(capacity: 1)
    unsafe scratch = .allocate(capacity: MechanismRows.scratchCount)
  }

  deinit {
    unsafe columns.deallocate()
    unsafe inputs.deallocate()
    unsafe parents.deallocate()
    unsafe scratch.deallocate()
  }

  /// Makes room for a task; what the buffers held is lost.
  package func reserve(columns needed: Int, inputs neededInputs: Int) {
    if needed > columnCount {
      unsafe columns.deallocate()
      unsafe columns = .allocate(capacity: needed * MechanismRows.stride)
      columnCount = needed
    }
    if neededInputs > inputCount {
      unsafe inputs.deallocate()
      unsafe inputs = .allocate(capacity: neededInputs * MechanismRows.stride)
      unsafe parents.deallocate()
      unsafe parents = .allocate(capacity: neededInputs)
      inputCount = neededInputs
    }
  }
}
