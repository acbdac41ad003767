import SCMBase
import SCMFamilies
import SCMGraphs

// The graph and what follows from it.
extension Output {
  static let graphs: [Output] = [
    Output(
      "adjacency", .float32,
      "A[i, j] == 1 means i -> j, before any intervention. With hidden variables: the directed part of the latent projection.",
      axes: square, source: numbers { $0.shownGraph }),
    Output(
      "directed", .bool,
      "With hidden variables: whether a directed path leads from i to j whose interior is hidden; the same as adjacency.",
      axes: { $0.hides ? square($0, $1) : nil }, source: flags { $0.shownGraph }),
    Output(
      "bidirected", .bool,
      "With hidden variables: whether a hidden one has directed paths to i and to j whose interiors are hidden. Symmetric.",
      axes: { $0.hides ? square($0, $1) : nil },
      source: flags { $0.projection?.bidirected ?? AdjacencyMatrix(nodeCount: $0.shown.count) }),
    Output(
      "ancestors", .bool, "Whether a directed path leads from i to j; hidden variables change nothing of it.",
      axes: { $0.hides || $0.outputs.contains(.ancestors) ? square($0, $1) : nil },
      source: flags { $0.shownAncestors }),
    Output(
      "cpdag", .float32,
      "The essential graph, with interventions the interventional one of their targets: C[i, j] == 1 where i -> j or i - j.",
      axes: { $0.outputs.contains(.cpdag) ? square($0, $1) : nil },
      source: numbers { experiment in
        experiment.instance.adjacency.cpdag(
          targets: (1..<experiment.regimeCount).map { Array(experiment.plan.targets(of: $0)) })
      }),
    Output(
      "mag", .int8,
      "The maximal ancestral graph: element (i, j) is the mark at j of the edge between i and j: 0 no edge, 2 arrowhead, 3 tail.",
      axes: { $0.outputs.contains(.mag) ? square($0, $1) : nil },
      source: .experiment { experiment, sizes, array in
        let projection = experiment.projection ?? LatentProjection(of: experiment.instance.graph)
        let marks = MaximalAncestralGraph(of: projection).marks
        let count = experiment.shown.count
        for i in 0..<count {
          for j in 0..<count { array[int8: i * sizes.shown + j] = marks[i * count + j] }
        }
      }),
    Output(
      "order", .int32, "The shown variables in a topological order; places past their number are 0.",
      axes: { design, _ in design.outputs.contains(.order) ? [.variables] : nil },
      source: .experiment { experiment, _, array in
        let columns = experiment.columns
        for (place, node) in experiment.instance.topologicalOrder.filter({ columns[$0] >= 0 }).enumerated() {
          array[int32: place] = columns[node]
        }
      }),
    Output(
      "knowledge", .int8,
      "What is known beforehand of i and j: 1 edge (or ancestor), 0 none, -1 unknown, as past n_nodes.",
      padding: -1,
      axes: { $0.knowledge == nil ? nil : square($0, $1) },
      source: .experiment { experiment, sizes, array in
        guard let knowledge = experiment.design.knowledge else { return }
        let known = knowledge.known(of: experiment)
        for place in 0..<(sizes.shown * sizes.shown) { array[int8: place] = -1 }
        for i in experiment.shown.indices {
          known.no.forEachChild(of: i) { array[int8: i * sizes.shown + $0] = 0 }
          known.yes.forEachChild(of: i) { array[int8: i * sizes.shown + $0] = 1 }
        }
      }),
  ]

  private static let square: @Sendable (Design, LayoutSizes) -> [Axis]? = { _, _ in [.variables, .variables] }

  /// A matrix of zeros and ones.
  private static func numbers(_ graph: @escaping @Sendable (Experiment) -> AdjacencyMatrix) -> Source {
    matrix(graph) { $0[float: $1] = 1 }
  }

  private static func flags(_ graph: @escaping @Sendable (Experiment) -> AdjacencyMatrix) -> Source {
    matrix(graph) { $0[flag: $1] = true }
  }

  private static func matrix(
    _ graph: @escaping @Sendable (Experiment) -> AdjacencyMatrix, set: @escaping @Sendable (OutputArray, Int) -> Void
  ) -> Source {
    .experiment { experiment, sizes, array in
      let graph = graph(experiment)
      for parent in 0..<graph.nodeCount {
        graph.forEachChild(of: parent) { set(array, parent * sizes.shown + $0) }
      }
    }
  }
}

extension Design {
  fileprivate var hides: Bool { hidden != nil || effects?.treatment == .graph }
}

extension Experiment {
  /// The graph among the shown nodes.
  var shownGraph: AdjacencyMatrix { projection?.directed ?? instance.adjacency }

  var shownAncestors: AdjacencyMatrix { projection?.ancestors ?? instance.graph.ancestors }

  /// By node: its column, or -1 where it is hidden.
  var columns: [Int] {
    var columns = [Int](equal: -1, count: instance.nodeCount)
    for (column, node) in shown.enumerated() { columns[node] = column }
    return columns
  }
}
