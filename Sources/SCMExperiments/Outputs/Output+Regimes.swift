// What is done to which rows.
extension Output {
  static let regimes: [Output] = [
    Output(
      "intervened", .bool, "Whether the row's regime changes the variable: targets[regime[r]] of row r.",
      name: { $0.marked("intervened") },
      axes: { design, _ in design.interventions == nil ? nil : [.rows, .variables] },
      source: .experiment { experiment, sizes, array in
        let width = sizes.shown
        for regime in 1..<experiment.regimeCount {
          experiment.eachShownTarget(of: regime) { column, _ in
            experiment.eachPlace(of: regime) { array[flag: $0 &* width &+ column] = true }
          }
        }
      }),
    Output(
      "regime", .int32, "The regime of each row: 0 observational, e >= 1 under regime e.",
      axes: { design, _ in design.interventions == nil ? nil : [.rows] },
      source: .experiment { experiment, _, array in
        for regime in 1..<experiment.regimeCount { experiment.eachPlace(of: regime) { array[int32: $0] = regime } }
      }),
    Output(
      "targets", .bool, "The targets of each regime; the first row is the observational one's, which has none.",
      name: { $0.marked("targets") },
      axes: { design, _ in design.interventions == nil ? nil : [.regimes, .variables] },
      source: .experiment { experiment, sizes, array in
        for regime in 1..<experiment.regimeCount {
          experiment.eachShownTarget(of: regime) { column, _ in array[flag: regime * sizes.shown + column] = true }
        }
      }),
    Output(
      "values", .float32,
      "The value of each target, or what is added to it, where a regime has one for all its rows; else 0.",
      scale: { $0.interventions?.kind == .shift ? .differences : .columns },
      name: { $0.marked("values") }, mask: { $0.marked("targets") },
      axes: { design, _ in design.interventions?.hasConstantValues == true ? [.regimes, .variables] : nil },
      source: .experiment { experiment, sizes, array in
        for regime in 1..<experiment.regimeCount {
          experiment.eachShownTarget(of: regime) { column, place in
            array[float: regime * sizes.shown + column] = experiment.plan.values[place]
          }
        }
      }),
    Output(
      "n_regimes", .int32, "Regimes of the task, the observational one not counted; rows of targets past it are empty.",
      axes: { design, _ in design.interventions?.hasOwnRegimeCount == true ? [] : nil },
      source: .experiment { experiment, _, array in
        array[int32: 0] = experiment.regimeCount - 1
      }),
  ]
}

extension Design {
  /// The name of an array that is truth and no input where targets are unknown.
  fileprivate func marked(_ name: String) -> String {
    interventions?.areTargetsKnown == false ? "truth_\(name)" : name
  }
}

extension Interventions {
  /// Whether the number of regimes differs from task to task.
  fileprivate var hasOwnRegimeCount: Bool { regimes == nil || maxRegimes.map { $0 > regimes ?? 1 } ?? false }
}

extension Experiment {
  /// The places in `X` of a regime's rows.
  @inline(__always)
  func eachPlace(of regime: Int, _ body: (Int) -> Void) {
    if let places {
      for row in plan.rows(of: regime) { body(Int(places[row])) }
    } else {
      for row in plan.rows(of: regime) { body(row) }
    }
  }

  /// The targets of a regime that are shown: their columns, and their places in the plan.
  func eachShownTarget(of regime: Int, _ body: (_ column: Int, _ place: Int) -> Void) {
    guard regime > 0 else { return }
    var column = 0
    for place in plan.targetStarts[regime - 1]..<plan.targetStarts[regime] {
      let node = plan.targets[place]
      if hidden.isEmpty {
        body(node, place)
        continue
      }
      while column < shown.count, shown[column] < node { column += 1 }
      if column < shown.count, shown[column] == node { body(column, place) }
    }
  }
}
