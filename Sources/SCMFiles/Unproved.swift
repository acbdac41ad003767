/// Something that could not be computed again, and so is neither right nor wrong; its description is one sentence.
public enum Unproved: Equatable, Sendable {
  /// A run whose format has no record of training.
  case noRecord
  /// A run whose record of training has no task, or none that was to be checked.
  case noTrainingTask
  /// The tasks of a run's family, by its strategies that were written in Python.
  case family(name: String, strategies: String, graphs: Graphs)
  /// The tasks of a fixed set's file, by its strategies that were written in Python.
  case set(file: String, strategies: String)
  /// As many more that are not told one by one.
  case more(file: String, count: Int)

  /// Which of a family's graphs can't be drawn again.
  public enum Graphs: Equatable, Sendable {
    case none, ofTraining
    case ofSet(count: Int)
  }
}

extension Unproved: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noRecord: Self.training("a registry of format 2 has no record of what was drawn")
    case .noTrainingTask: Self.training("no task was checked of those that were drawn before write_registry")
    case .family(let name, let strategies, let graphs):
      "\(name): its \(strategies), in Python, so that its fingerprint\(graphs.words) can't be computed again here; "
        + "anc.verify can, given `families`."
    case .set(let file, let strategies):
      "\(file): its \(strategies), in Python, so that no task can be drawn again here."
    case .more(let file, let count): "\(file): \(count) more sentences like these."
    }
  }

  private static func training(_ reason: String) -> String {
    "train: \(reason), so that nothing proves which graphs were in training."
  }
}

extension Unproved.Graphs {
  fileprivate var words: String {
    switch self {
    case .none: ""
    case .ofTraining: " and the graphs that were drawn"
    case .ofSet(let count): " and the hashes of its \(count) graphs"
    }
  }
}
