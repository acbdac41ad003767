package import SCMBase

/// Where the arrays of one task go: memory that the caller owns, in the order of a layout.
@safe
package struct ExperimentTarget: ~Copyable {
  package let layout: Layout
  /// One for each entry of the layout.
  private let bases: [UnsafeMutableRawPointer]
  private var rows = unsafe [UnsafeMutablePointer<Float>?](repeating: nil, count: RowOutput.allCases.count)

  /// - Parameters:
  ///   - arrays: of `count` tasks each.
  ///   - task: the number of the task among them.
  @unsafe
  package init(_ layout: Layout, arrays: UnsafePointer<UnsafeMutableRawPointer?>, task: Int) throws(ConfigError) {
    self.layout = layout
    var bases: [UnsafeMutableRawPointer] = unsafe []
    for (index, entry) in layout.entries.enumerated() {
      guard let array = unsafe arrays[index] else {
        throw ConfigError(path: "arrays[\(index)]", value: "NULL", reason: "must be the array of \(entry.name)")
      }
      unsafe bases.append(array + task * entry.byteCount)
    }
    unsafe self.bases = bases
    for (index, entry) in layout.entries.enumerated() {
      if case .rows(let output) = entry.output.source {
        unsafe rows[output.rawValue] = bases[index].assumingMemoryBound(to: Float.self)
      }
    }
  }

  /// Columns of a table.
  package var width: Int { layout.sizes.shown }

  /// The array of an output that is filled with the rows; `nil` where the design has none.
  @unsafe
  subscript(_ output: RowOutput) -> UnsafeMutablePointer<Float>? { unsafe rows[output.rawValue] }

  /// Fills what doesn't come with the rows, and clears what may not be filled to its end.
  func describe(_ experiment: Experiment) throws {
    for (index, entry) in layout.entries.enumerated() {
      let base = unsafe bases[index]
      switch entry.output.source {
      case .rows(let output):
        // A table of whole rows is filled as it is computed.
        guard experiment.rowCount < layout.sizes.rows || !output.isTable || experiment.roles != nil else { continue }
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: entry.byteCount)
      case .experiment(let write):
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: entry.byteCount)
        try unsafe write(experiment, layout.sizes, OutputArray(base))
      }
    }
  }
}

extension RowOutput {
  fileprivate var isTable: Bool { self == .x || self == .xCounterfactual }
}
