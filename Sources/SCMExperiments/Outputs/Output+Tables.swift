// Tables of rows, and what tells their rows apart.
extension Output {
  static let tables: [Output] = [
    Output(
      "X", .float32,
      "The rows. With effects: the covariates of the context rows. With counterfactuals: each row as the SCM makes it, without intervention.",
      scale: { _ in .columns }, mask: { $0.observation?.marksHoles == false ? "observed" : nil },
      axes: { design, _ in design.effects == nil ? [.rows, .variables] : [.rows, .covariates] }, source: .rows(.x)),
    Output(
      "X_counterfactual", .float32, "Each row under its regime, with the noise of the same row of X.",
      scale: { _ in .columns }, axes: { design, _ in design.counterfactuals == nil ? nil : [.rows, .variables] },
      source: .rows(.xCounterfactual)),
    Output(
      "truth_noise", .float32,
      "The noise of each cell of X, of variance 1 but under noise_scale, which multiplies it; of a value that is held the noise that its mechanism would have read; 0 where a mechanism reads none.",
      axes: { design, _ in design.outputs.contains(.truthNoise) ? [.rows, .variables] : nil },
      source: .rows(.truthNoise)),
    Output(
      "row_mask", .bool,
      "Whether there is such a row: numbers of rows differ from task to task, and cells beyond are 0.",
      axes: { design, _ in design.rows.isPadded ? [.rows] : nil },
      source: .experiment { experiment, _, array in
        let count = experiment.roles == nil ? experiment.rowCount : experiment.contextCount
        array.setFlags(count)
      }),
    Output(
      "query_mask", .bool, "Whether there is such a row to be asked about.",
      axes: { design, sizes in design.rows.isPadded && design.effects != nil && sizes.query > 0 ? [.query] : nil },
      source: .experiment { experiment, _, array in
        array.setFlags(experiment.queryCount)
      }),
    Output(
      "split", .int32, "Rows of X before it are context, the others are asked about.",
      axes: { design, _ in design.rows.query > 0 && design.effects == nil ? [] : nil },
      source: .experiment { experiment, _, array in
        array[int32: 0] = experiment.contextCount
      }),
    Output(
      "n_nodes", .int32, "Shown variables of the task; columns past it are 0.", axes: { _, _ in [] },
      source: .experiment { experiment, _, array in
        array[int32: 0] = experiment.shown.count
      }),
  ]
}

extension RowSizes {
  /// Whether arrays are padded because numbers of rows differ from task to task.
  var isPadded: Bool { isRange && per == .task }
}
