public import SCMBase
import SCMFamilies
import SCMRandom

/// Distances between two samples of families, by several measures, each with its permutation test and interval.
public struct FamilyDistance: Sendable {
  /// One of each metric that was asked for and that the samples allow, in the order of the question.
  public let statistics: [(metric: Metric, result: ResampledStatistic)]
  /// In closed form, where both families have one.
  public let edges: EdgeDivergence?
  /// What could not be measured of either sample, in words: empty where none of the measures reads it, and where it is the same of
  /// both, for what neither has moves no distance.
  public let notes: (first: [String], second: [String])

  public enum Metric: String, NamedChoice, Codable {
    /// Kullback–Leibler divergence of the numbers of edges, first from second: of normal laws fitted to them, and where both families
    /// are Erdős–Rényi of one size the value in closed form, beside the p-value, null and interval of the estimate.
    case edgeKL = "edge_kl"
    /// Jensen–Shannon divergence of the numbers of edges, pooled.
    case edgeJS = "edge_js"
    /// Jensen–Shannon divergence of the pooled laws of in-degrees.
    case inDegreeJS = "degree_js_in"
    case outDegreeJS = "degree_js_out"
    /// W₁ between the mean spectra of the skeletons' normalised Laplacians. Reversed edges don't change a skeleton.
    case spectralW1 = "spectral_w1"
    /// Energy distance of the laws of those spectra, W₁ being the distance of two graphs.
    case spectralEnergy = "spectral_energy"
    /// Energy distance of the laws of ``GraphDescriptors/vector``, each coordinate over its pooled deviation.
    case graphEnergy = "graph_energy"
    /// Energy distance of the laws of ``DataDescriptors/vector``, each coordinate over its pooled deviation; where a column of either
    /// sample has classes or counts, with the coordinates of ``KindDescriptors`` besides.
    case dataEnergy = "data_energy"
    /// Kullback–Leibler divergence, both ways summed, of normal laws fitted to the same vectors.
    case dataGaussianKL = "data_gauss_kl"

    /// What it compares.
    public var source: StatisticSource { self == .dataEnergy || self == .dataGaussianKL ? .data : .graph }
  }

  /// - Parameters:
  ///   - metrics: those about data are left out where a sample has none.
  ///   - seed: of the relabellings.
  public init(
    _ first: FamilySample, _ second: FamilySample, metrics: [Metric] = Metric.allCases, permutations: Int = 999,
    bootstraps: Int = 200, seed: UInt64 = 0, threads: Int = 1,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws {
    guard first.graphs.count > 1, second.graphs.count > 1 else {
      throw ConfigError(
        path: "tasks", value: "\(min(first.graphs.count, second.graphs.count))",
        reason: "must be at least 2 of each family")
    }
    let total = first.graphs.count + second.graphs.count
    try ensureMemory(4 * total * total + 512 * total, for: "the distances of \(total) tasks")
    let edges = first.family.flatMap { a in second.family.flatMap { EdgeDivergence(a, $0) } }
    self.edges = edges
    let graphs = first.graphs + second.graphs
    let data = first.data + second.data
    let hasData = data.count == graphs.count
    let isDiscrete = data.contains(where: \.kinds.isDiscrete)
    let tables = data.map { isDiscrete ? $0.vector + $0.kinds.vector : $0.vector }
    statistics = try metrics.filter { hasData || $0.source != .data }.map { metric in
      // Its relabellings are the same whatever else is asked.
      let place = Metric.allCases.firstIndex(of: metric) ?? 0
      let statistic: any TwoSampleStatistic =
        switch metric {
        case .edgeKL:
          GaussianDivergence(graphs.map { [Double($0.edgeCount)] }, isSymmetric: false, leastVariance: 1.0 / 12)
        case .edgeJS: HistogramDivergence(ofNumbers: graphs.map(\.edgeCount))
        case .inDegreeJS: HistogramDivergence(graphs.map(\.inDegrees))
        case .outDegreeJS: HistogramDivergence(graphs.map(\.outDegrees))
        case .spectralW1: PooledWasserstein(graphs.map(\.spectrum))
        case .spectralEnergy:
          EnergyDistance(count: graphs.count, isCancelled: isCancelled) {
            wasserstein(graphs[$0].spectrum, graphs[$1].spectrum)
          }
        case .graphEnergy: EnergyDistance(scaled: graphs.map(\.vector), isCancelled)
        case .dataEnergy: EnergyDistance(scaled: tables, isCancelled)
        case .dataGaussianKL: GaussianDivergence(tables)
        }
      var result = try statistic.resampled(
        (first.graphs.count, second.graphs.count), permutations: permutations, bootstraps: bootstraps,
        seed: SeedSequence.retry(of: seed, attempt: UInt32(place + 1)), threads: threads, isCancelled: isCancelled)
      if metric == .edgeKL, let edges { result.value = edges.forward }
      return (metric, result)
    }
    let lacking = (first: first.notes, second: second.notes)
    let isRead = statistics.contains { $0.metric.source == .data }
    notes = isRead && lacking.first != lacking.second ? lacking : ([], [])
    guard !isCancelled() else { throw AnalysisCancelled() }
  }

  public subscript(metric: Metric) -> ResampledStatistic? { statistics.first { $0.metric == metric }?.result }
}
