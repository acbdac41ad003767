import SCMFamilies
import SCMMechanisms

// What the values of the shown variables are, where not all are continuous.
extension Output {
  static let kinds: [Output] = [
    Output(
      "kind", .int8, "What the values of each column of X are: 0 continuous, 1 binary, 2 categorical, 3 count.",
      axes: axes,
      source: .experiment { experiment, _, array in
        for (column, kind) in experiment.columnKinds.enumerated() { array[int8: column] = kind.number }
      }),
    Output(
      "n_classes", .int16, "How many classes each column of X has, told by numbers from 0 on; 0 where it has none.",
      axes: axes,
      source: .experiment { experiment, _, array in
        for (column, kind) in experiment.columnKinds.enumerated() { array[int16: column] = kind.classCount }
      }),
  ]

  private static let axes: @Sendable (Design, LayoutSizes) -> [Axis]? = { design, sizes in
    sizes.mayBeDiscrete ? [design.effects == nil ? .variables : .covariates] : nil
  }
}

extension Experiment {
  /// What the values of each column of X are.
  fileprivate var columnKinds: [ValueKind] { (roles?.covariates ?? shown).map { instance.valueKind(of: $0) } }
}
