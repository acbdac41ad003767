public import SCMBase

extension FamilyConfig {
  /// What becomes of a task with a value that is not finite. No value is ever clipped to a bound.
  ///
  /// The rows that are drawn decide, all of those that are asked for together and those that the task is calibrated at.
  public enum Divergence: String, NamedChoice, Codable {
    /// An error that names the task's seed and the node.
    case refuse
    /// The task is drawn again from the retry seeds of its slot, as one with a reserved graph is, and counted with these. The law of
    /// the tasks is then that of the family given that all their rows are finite, which is another one for other numbers of rows.
    case redraw

    /// The sentence of the option.
    static let summary =
      "What becomes of a task with a value beyond the range of float32: refuse (an error), or redraw (in data sets, another task from "
      + "the slot's retry seeds, counted as a rejection, so that tasks follow the family's law given that all rows drawn are finite; a "
      + "task asked for by its seed is refused)."
  }
}

extension SCMFamily {
  /// Whether some tasks are drawn again where their values are not finite.
  package var redrawsDivergent: Bool { components.contains { $0.family.divergence == .redraw } }
}
