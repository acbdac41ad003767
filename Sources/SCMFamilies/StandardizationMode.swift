public import SCMBase
import SCMMechanisms

extension FamilyConfig {
  /// How values are scaled before other nodes read them.
  public enum Standardization: String, NamedChoice, Codable {
    /// Nothing beyond a mechanism's own definition: some kinds, such as GPCDE and polynomials, always read standardised parents.
    case none
    /// Every mechanism reads its parents standardised; the data stay raw.
    case inputs
    /// Every node is standardised right after it is computed, and its children read that (iSCM).
    ///
    /// Source: Ormaniec, Sussex, Lorch, Schölkopf, Krause, "Standardizing structural causal models", ICLR 2025.
    case `internal`
    /// The data are standardised by the moments of their own first rows, as published pipelines do after sampling; mechanisms
    /// read what they read under `none`. The moments are frozen: other rows, draws and interventions are scaled by the same ones.
    case batch
  }
}

/// What a mode of standardisation does, in three answers. All that depends on the mode asks for one of them.
struct StandardizationMode {
  /// How mechanisms read their parents' values; those whose definition says so read them scaled in any mode.
  enum Reading { case raw, scaled }
  /// What becomes of a node's values: scaled once they are computed, so that children read that too, or in the data alone.
  enum Showing { case raw, scaledPerNode, scaledAfterwards }
  /// Where means and deviations are from: the law, in closed form or else by rows of their own, or the data's first rows. Exact
  /// Gaussian processes are drawn at the rows that give moments, so without a mode they are drawn at the data's.
  enum Origin { case law, data, dataWhereDrawn }

  let reads: Reading
  let shows: Showing
  let moments: Origin
  /// For the sentence that describes the option.
  let words: String

  /// Whether a mechanism finds its parents' values scaled, by its own input maps or because the parents are.
  var scalesParents: Bool { reads == .scaled || shows == .scaledPerNode }

  /// Whether anything is scaled beyond a mechanism's own definition.
  var scales: Bool { reads != .raw || shows != .raw }
}

extension FamilyConfig.Standardization {
  var mode: StandardizationMode {
    switch self {
    case .none:
      StandardizationMode(reads: .raw, shows: .raw, moments: .dataWhereDrawn, words: Self.wordsOfNone)
    case .inputs:
      StandardizationMode(reads: .scaled, shows: .raw, moments: .law, words: "mechanisms read standardised parents")
    case .internal:
      StandardizationMode(
        reads: .raw, shows: .scaledPerNode, moments: .law, words: "every continuous node is standardised; iSCM")
    case .batch:
      StandardizationMode(
        reads: .raw, shows: .scaledAfterwards, moments: .data,
        words:
          "the continuous data are, by the moments of the first calibration_rows rows of draw 0, which are a data set's, as published "
          + "pipelines do: make that the number of rows")
    }
  }

  /// Made once, as every task asks for its mode.
  private static let wordsOfNone: String = {
    let kinds = MechanismModels.all.filter(\.readsStandardizedParents).map { $0.kind }
    let readers = kinds.dropLast().joined(separator: ", ") + " and \(kinds.last ?? "")"
    return "nothing beyond a mechanism's own definition; \(readers) read standardised parents in any case"
  }()

  /// The sentence of the option.
  static var summary: String {
    let modes = allCases.map { "\($0.rawValue) (\($0.mode.words))" }
    return "What is scaled: " + modes.dropLast().joined(separator: ", ") + " or \(modes.last ?? "")."
  }
}
