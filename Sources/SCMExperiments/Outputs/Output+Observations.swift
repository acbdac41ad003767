// What is seen of the rows, and how they came to be seen.
extension Output {
  static let observations: [Output] = [
    Output(
      "X_complete", .float32, "Each row as it was before errors, bounds, bins and holes.", scale: { _ in .columns },
      axes: { design, _ in design.outputs.contains(.complete) ? [.rows, .variables] : nil }, source: .rows(.complete)),
    Output(
      "observed", .bool, "Whether the cell of X is seen.",
      axes: { design, _ in design.hasHoles ? [.rows, .variables] : nil }, source: .rows(.observed)),
    Output(
      "missing_adjacency", .float32, "M[i, j] == 1 means that variable i decides whether variable j is seen.",
      axes: { design, _ in design.hasHoles ? [.variables, .variables] : nil },
      source: .experiment { experiment, sizes, array in
        guard let plan = experiment.observation else { return }
        let columns = experiment.columns
        for (column, own) in plan.columns.enumerated() {
          for place in own.seen?.terms ?? 0..<0 {
            array[float: columns[plan.terms[place].node] * sizes.shown + column] = 1
          }
        }
      }),
    Output(
      "tries", .int32, "How many times the row was drawn until selection kept it; 1 under an intervention.",
      axes: { design, _ in design.selection == nil ? nil : [.rows] }, source: .rows(.tries)),
  ]
}

extension Design {
  fileprivate var hasHoles: Bool { observation?.marksHoles != nil }
}
