package import SCMBase

/// Where the arrays of one task go: memory that the caller owns, in the order of a layout.
@safe
package struct ExperimentTarget: ~Copyable {
  package let layout: Layout
  /// One for each entry of the layout, of many tasks each.
  private let arrays: UnsafePointer<UnsafeMutableRawPointer?>
  private let task: Int

  /// - Parameters:
  ///   - arrays: of `count` tasks each.
  ///   - task: the number of the task among them.
  @unsafe
  package init(_ layout: Layout, arrays: UnsafePointer<UnsafeMutableRawPointer?>, task: Int) throws(ConfigError) {
    self.layout = layout
    unsafe self.arrays = arrays
    self.task = task
    for index in layout.entries.indices where unsafe arrays[index] == nil {
      throw ConfigError(
        path: "arrays[\(index)]", value: "NULL", reason: "must be the array of \(layout.entries[index].name)")
    }
  }

  /// The task's part of an array.
  @unsafe
  private func base(_ index: Int) -> UnsafeMutableRawPointer? {
    unsafe arrays[index].map { unsafe $0 + task * layout.entries[index].byteCount }
  }

  /// Columns of a table.
  package var width: Int { layout.sizes.shown }

  /// The array of an output that is filled with the rows; `nil` where the design has none.
  @unsafe
  subscript(_ output: RowOutput) -> UnsafeMutablePointer<Float>? { unsafe array(of: output, Float.self) }

  /// The same, of an output whose elements are of some type.
  @unsafe
  func array<Element>(of output: RowOutput, _ type: Element.Type) -> UnsafeMutablePointer<Element>? {
    guard let index = layout.index(of: output) else { return nil }
    return unsafe base(index)?.assumingMemoryBound(to: type)
  }

  /// Fills what doesn't come with the rows, and clears what may not be filled to its end.
  func describe(_ experiment: Experiment) throws {
    let isFilledByRows = experiment.fills(layout.sizes)
    for index in layout.entries.indices {
      guard let base = unsafe base(index) else { continue }
      let byteCount = layout.entries[index].byteCount
      switch layout.entries[index].output.source {
      case .rows:
        guard !isFilledByRows else { continue }
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
      case .experiment(let write):
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        try unsafe write(experiment, layout.sizes, OutputArray(base))
      }
    }
  }
}

extension Experiment {
  /// Whether there are as many rows as arrays have room for.
  fileprivate func fills(_ sizes: LayoutSizes) -> Bool {
    roles == nil ? rowCount == sizes.rows : contextCount == sizes.context && queryCount == sizes.query
  }
}
