import SCMFamilies
import SCMGraphs

// The graph and what follows from it.
extension Output {
  static let graphs: [Output] = [
    Output(
      "adjacency", .float32,
      "A[i, j] == 1 means i -> j, before any intervention. With hidden variables: the directed part of the latent projection.",
      axes: square, source: matrix(of: Float.self) { $0.shownGraph }),
    Output(
      "directed", .bool,
      "With hidden variables: whether a directed path leads from i to j whose interior is hidden; the same as adjacency.",
      axes: { $0.hides ? square($0, $1) : nil }, source: matrix(of: UInt8.self) { $0.shownGraph }),
    Output(
      "bidirected", .bool,
      "With hidden variables: whether a hidden one has directed paths to i and to j whose interiors are hidden. Symmetric.",
      axes: { $0.hides ? square($0, $1) : nil },
      source: matrix(of: UInt8.self) { $0.projection?.bidirected ?? AdjacencyMatrix(nodeCount: $0.shown.count) }),
    Output(
      "ancestors", .bool, "Whether a directed path leads from i to j; hidden variables change nothing of it.",
      axes: { $0.hides || $0.outputs.contains(.ancestors) ? square($0, $1) : nil },
      source: matrix(of: UInt8.self) { $0.shownAncestors }),
    Output(
      "cpdag", .float32,
      "The essential graph, with interventions the interventional one of their targets: C[i, j] == 1 where i -> j or i - j.",
      axes: { $0.outputs.contains(.cpdag) ? square($0, $1) : nil },
      source: matrix(of: Float.self) { experiment in
        experiment.instance.adjacency.cpdag(
          targets: (1..<experiment.regimeCount).map { Array(experiment.plan.targets(of: $0)) })
      }),
    Output(
      "mag", .int8,
      "The maximal ancestral graph: element (i, j) is the mark at j of the edge between i and j: 0 no edge, 2 arrowhead, 3 tail.",
      axes: { $0.outputs.contains(.mag) ? square($0, $1) : nil },
      source: .experiment { experiment, sizes, base in
        let projection = experiment.projection ?? LatentProjection(of: experiment.instance.graph)
        let marks = MaximalAncestralGraph(of: projection).marks
        let (count, out) = (experiment.shown.count, unsafe base.assumingMemoryBound(to: Int8.self))
        for i in 0..<count {
          for j in 0..<count { unsafe out[i * sizes.shown + j] = marks[i * count + j] }
        }
      }),
    Output(
      "order", .int32, "The shown variables in a topological order; places past their number are 0.",
      axes: { design, _ in design.outputs.contains(.order) ? [.variables] : nil },
      source: .experiment { experiment, _, base in
        let out = unsafe base.assumingMemoryBound(to: Int32.self)
        let columns = experiment.columns
        for (place, node) in experiment.instance.topologicalOrder.filter({ columns[$0] >= 0 }).enumerated() {
          unsafe out[place] = Int32(columns[node])
        }
      }),
    Output(
      "knowledge", .int8, "What is known beforehand of i and j: 1 edge (or ancestor), 0 none, -1 unknown.", padding: -1,
      axes: { $0.knowledge == nil ? nil : square($0, $1) },
      source: .experiment { experiment, sizes, base in
        guard let knowledge = experiment.design.knowledge else { return }
        let known = knowledge.known(of: experiment)
        let (count, out) = (experiment.shown.count, unsafe base.assumingMemoryBound(to: Int8.self))
        for i in 0..<sizes.shown {
          for j in 0..<sizes.shown {
            unsafe out[i * sizes.shown + j] = i < count && j < count ? known[i * count + j] : -1
          }
        }
      }),
  ]

  private static let square: @Sendable (Design, LayoutSizes) -> [Axis]? = { _, _ in [.variables, .variables] }

  /// A matrix of zeros and ones.
  private static func matrix<Element: BinaryNumber>(
    of type: Element.Type, _ graph: @escaping @Sendable (Experiment) -> AdjacencyMatrix
  ) -> Source {
    .experiment { experiment, sizes, base in
      let (graph, out) = (graph(experiment), unsafe base.assumingMemoryBound(to: Element.self))
      for parent in 0..<graph.nodeCount {
        graph.forEachChild(of: parent) { unsafe out[parent * sizes.shown + $0] = Element.one }
      }
    }
  }
}

/// A number that a matrix of zeros and ones is made of.
private protocol BinaryNumber: Sendable { static var one: Self { get } }
extension Float: BinaryNumber { fileprivate static var one: Float { 1 } }
extension UInt8: BinaryNumber { fileprivate static var one: UInt8 { 1 } }

extension Design {
  fileprivate var hides: Bool { hidden != nil || effects?.treatment == .graph }
}

extension Experiment {
  /// The graph among the shown nodes.
  var shownGraph: AdjacencyMatrix { projection?.directed ?? instance.adjacency }

  var shownAncestors: AdjacencyMatrix { projection?.ancestors ?? instance.graph.ancestors }

  /// By node: its column, or -1 where it is hidden.
  var columns: [Int] {
    var columns = [Int](repeating: -1, count: instance.nodeCount)
    for (column, node) in shown.enumerated() { columns[node] = column }
    return columns
  }
}
