import SCMGraphs
import SCMRandom
import Testing

struct KnowledgeTests {
  private static func truth(_ question: Knowledge.Question, _ graph: DirectedAcyclicGraph) -> AdjacencyMatrix {
    question == .edges ? graph.adjacency : graph.ancestors
  }

  /// What all graphs that fit what is revealed agree on.
  private func expected(
    _ truth: AdjacencyMatrix, _ revealed: AdjacencyMatrix, among all: [AdjacencyMatrix]
  ) -> [[Int8]] {
    let fitting = all.filter { other in
      revealed.edges.allSatisfy { truth[$0.parent, $0.child] == other[$0.parent, $0.child] }
    }
    let nodes = 0..<truth.nodeCount
    return nodes.map { i in
      nodes.map { j in
        let answers = Set(fitting.map { $0[i, j] })
        return answers.count > 1 ? -1 : answers.contains(true) ? 1 : 0
      }
    }
  }

  private func check(
    _ question: Knowledge.Question, _ graph: DirectedAcyclicGraph, _ revealed: AdjacencyMatrix,
    among all: [AdjacencyMatrix]
  ) {
    let nodes = 0..<graph.nodeCount
    let knowledge = Knowledge(of: question, in: graph, revealed: revealed)
    let found = nodes.map { i in nodes.map { knowledge[i, $0] } }
    #expect(
      found == expected(Self.truth(question, graph), revealed, among: all),
      "\(question): \(graph.adjacency.edges), \(revealed.edges)")
  }

  /// All DAGs and all choices of pairs.
  @Test(arguments: Knowledge.Question.allCases, 1...3)
  func isWhatAllGraphsThatFitAgreeOn(question: Knowledge.Question, nodeCount: Int) throws {
    let graphs = try EquivalenceClassTests.allGraphs(nodeCount: nodeCount).map { try DirectedAcyclicGraph($0) }
    let all = graphs.map { Self.truth(question, $0) }
    let pairs = (0..<nodeCount).flatMap { i in (0..<nodeCount).filter { $0 != i }.map { (i, $0) } }
    for graph in graphs {
      for chosen in Array(pairs.indices).subsets {
        check(question, graph, AdjacencyMatrix(nodeCount: nodeCount, edges: chosen.map { pairs[$0] }), among: all)
      }
    }
  }

  /// All DAGs of four nodes, each with pairs at random, a few to most of them.
  @Test(arguments: Knowledge.Question.allCases)
  func isWhatAllGraphsOfFourNodesThatFitAgreeOn(question: Knowledge.Question) throws {
    let graphs = try EquivalenceClassTests.allGraphs(nodeCount: 4).map { try DirectedAcyclicGraph($0) }
    let all = Array(Set(graphs.map { Self.truth(question, $0) }))
    for (number, graph) in graphs.enumerated() {
      check(question, graph, Self.pairs(nodeCount: 4, seed: number), among: all)
    }
  }

  /// The rules one after another, until they say nothing new.
  @Test(arguments: [12, 70]) func ofAncestorsIsWhatTheRulesGive(nodeCount n: Int) throws {
    for (number, graph) in try DirectedAcyclicGraph.random(nodeCount: n, count: 12).enumerated() {
      let (truth, revealed) = (graph.ancestors, Self.pairs(nodeCount: n, seed: number))
      var known = (0..<n).map { i in
        (0..<n).map { j -> Int8 in i == j ? 0 : !revealed[i, j] ? -1 : truth[i, j] ? 1 : 0 }
      }
      var before: [[Int8]] = []
      while known != before {
        before = known
        for i in 0..<n {
          for j in 0..<n where known[i][j] == 1 {
            known[j][i] = 0
            for k in 0..<n {
              if known[j][k] == 1 { known[i][k] = 1 }
              if known[i][k] == 0 { known[j][k] = 0 }
              if known[k][j] == 0 { known[k][i] = 0 }
            }
          }
        }
      }
      let knowledge = Knowledge(of: .ancestors, in: graph, revealed: revealed)
      #expect((0..<n).map { i in (0..<n).map { knowledge[i, $0] } } == known, "graph \(number)")
    }
  }

  @Test(arguments: Knowledge.Question.allCases)
  func isTrueAndHoldsWhatIsRevealedAndAddsNothingTwice(question: Knowledge.Question) throws {
    for (number, graph) in try DirectedAcyclicGraph.random(nodeCount: 70, count: 12).enumerated() {
      let (truth, revealed) = (Self.truth(question, graph), Self.pairs(nodeCount: 70, seed: number))
      let knowledge = Knowledge(of: question, in: graph, revealed: revealed)
      var known = AdjacencyMatrix(nodeCount: 70)
      for i in 0..<70 {
        for j in 0..<70 where knowledge[i, j] >= 0 {
          known[i, j] = true
          #expect(knowledge[i, j] == (truth[i, j] ? 1 : 0))
        }
      }
      #expect(revealed.edges.allSatisfy { known[$0.parent, $0.child] })
      #expect(Knowledge(of: question, in: graph, revealed: known) == knowledge)
    }
  }

  /// Each pair with a probability that grows with the seed, from 1/16 to 12/16.
  private static func pairs(nodeCount n: Int, seed: Int) -> AdjacencyMatrix {
    var words = TaskKey(seed: UInt64(seed)).words(purpose: .user)
    var pairs = AdjacencyMatrix(nodeCount: n)
    for i in 0..<n {
      for j in 0..<n where j != i && words.next(below: 16) <= seed % 12 { pairs[i, j] = true }
    }
    return pairs
  }
}
