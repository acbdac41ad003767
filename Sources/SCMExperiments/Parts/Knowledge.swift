public import SCMBase
import SCMFamilies
import SCMGraphs
import SCMRandom

/// What a reader is told of the graph before it sees the rows: each ordered pair is revealed with probability 1 − q, where q is
/// uniform per task, and what follows from the revealed ones is told too.
public struct Knowledge: Configurable {
  /// What a revealed pair says.
  public enum Kind: String, NamedChoice {
    /// Whether there is an edge i → j.
    case edges
    /// Whether there is a directed path from i to j.
    case ancestors
  }

  public var kind = Kind.edges
  public var leastHidden = 0.5
  public var mostHidden = 1.0

  public init() {}

  public var fields: [Field<Self>] {
    [
      .choice(
        "kind", \.kind, "What is revealed of a pair (i, j): edges i -> j, or that i is one of the ancestors of j."),
      .number("unknown_min", \.leastHidden, in: .from(0, to: 1), "Least probability that a pair stays unknown."),
      .number("unknown_max", \.mostHidden, in: .from(0, to: 1), "Largest probability that a pair stays unknown."),
    ]
  }

  func check() throws(ConfigError) {
    guard leastHidden <= mostHidden else {
      throw ConfigError(
        path: "unknown_min", value: "\(leastHidden)", reason: "must be at most unknown_max, \(mostHidden)")
    }
  }

  /// The pairs that are revealed among some nodes, by parent and then by child: element `i * count + j`.
  func revealed(count: Int, key: TaskKey) -> [Bool] {
    let u = Double(unit: key.block(0, site: 1, purpose: .knowledge).word64(0))
    let isRevealed = Bernoulli(1 - (leastHidden + (mostHidden - leastHidden) * u))
    var words = key.words(purpose: .knowledge)
    return (0..<(count * count)).map { place in
      let word = words.next32()
      return place / count != place % count && isRevealed.holds(word)
    }
  }

  /// What is known of each pair (i, j) of shown nodes, by i and then by j: 1, 0, or -1 for unknown.
  func known(of experiment: Experiment) -> [Int8] {
    let truth = kind == .edges ? experiment.shownGraph : experiment.shownAncestors
    let count = truth.nodeCount
    let revealed = revealed(count: count, key: experiment.instance.key)
    return revealed.indices.map { revealed[$0] ? (truth[$0 / count, $0 % count] ? 1 : 0) : -1 }
  }
}
