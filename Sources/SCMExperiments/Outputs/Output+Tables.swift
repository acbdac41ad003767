// Tables of rows, and what tells their rows apart.
extension Output {
  static let tables: [Output] = [
    Output(
      "X", .float32, "[n, d], or [n, p] with effects",
      "The rows. With effects: the covariates of the context rows. With counterfactuals: each row as the SCM makes it without intervention.",
      scale: .columns,
      shape: { design, sizes in design.effects == nil ? [sizes.rows, sizes.shown] : [sizes.context, sizes.covariates] },
      source: .rows(.x)),
    Output(
      "X_counterfactual", .float32, "[n, d]", "Each row under its regime, with the noise of the same row of X.",
      scale: .columns,
      shape: { design, sizes in design.counterfactuals == nil ? nil : [sizes.rows, sizes.shown] },
      source: .rows(.xCounterfactual)),
    Output(
      "truth_noise", .float32, "[n, d]", "The standard noise of each cell; 0 where a mechanism reads none.",
      shape: { design, sizes in
        design.outputs.contains(.truthNoise) ? [sizes.rows, sizes.shown] : nil
      }, source: .rows(.truthNoise)),
    Output(
      "row_mask", .bool, "[n]",
      "Whether there is such a row: numbers of rows differ from task to task, and cells beyond are 0.",
      shape: { design, sizes in
        design.rows.isPadded ? [design.effects == nil ? sizes.rows : sizes.context] : nil
      },
      source: .experiment { experiment, sizes, base in
        let count = experiment.roles == nil ? experiment.rowCount : experiment.contextCount
        unsafe base.initializeMemory(as: UInt8.self, repeating: 1, count: count)
      }),
    Output(
      "query_mask", .bool, "[m]", "Whether there is such a row to be asked about.",
      shape: { design, sizes in
        design.rows.isPadded && design.effects != nil && sizes.query > 0 ? [sizes.query] : nil
      },
      source: .experiment { experiment, sizes, base in
        unsafe base.initializeMemory(as: UInt8.self, repeating: 1, count: experiment.queryCount)
      }),
    Output(
      "split", .int32, "[]", "Rows of X before it are context, the others are asked about.",
      shape: { design, sizes in design.rows.query > 0 && design.effects == nil ? [] : nil },
      source: .experiment { experiment, _, base in
        unsafe base.assumingMemoryBound(to: Int32.self).pointee = Int32(experiment.contextCount)
      }),
    Output(
      "n_nodes", .int32, "[]", "Shown variables of the task; columns past it are 0.",
      shape: { _, _ in [] },
      source: .experiment { experiment, _, base in
        unsafe base.assumingMemoryBound(to: Int32.self).pointee = Int32(experiment.shown.count)
      }),
  ]
}

extension RowSizes {
  /// Whether arrays are padded because numbers of rows differ from task to task.
  var isPadded: Bool { isRange && per == .task }
}
