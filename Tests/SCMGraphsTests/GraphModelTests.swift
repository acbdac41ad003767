import SCMBase
import SCMGraphs
import SCMRandom
import Testing

/// The laws of every strategy, and what the configuration knows of them.
struct GraphModelTests {
  /// The density of uniform DAGs and of sub-networks can't be chosen.
  @Test(arguments: GraphModels.all.map { $0.kind }.filter { ![UniformDAG.kind, Subnetwork.kind].contains($0) })
  func everyKindKeepsTheLaws(kind: String) throws {
    var model = try #require(GraphModels.named(kind)).init()
    model.edgesPerNode = 1.1
    try checkLaws(of: model, nodeCounts: [8, 20, 65, 130])
  }

  @Test(arguments: ScaleFree.Orientation.allCases)
  func scaleFreeKeepsTheLaws(_ orientation: ScaleFree.Orientation) throws {
    try checkLaws(of: ScaleFree(edgesPerNode: 1.1, orientation: orientation))
  }

  @Test func stochasticBlockModelKeepsTheLaws() throws {
    try checkLaws(of: StochasticBlockModel(edgesPerNode: 0.5, blockCount: 3, ratio: 0.1))
  }

  @Test(arguments: [5, 20, 65]) func uniformDAGKeepsTheLaws(nodeCount: Int) throws {
    let density = UniformDAG.meanEdgesPerNode(nodeCount: nodeCount)
    let sizes = nodeCount == 5 ? [5] : [nodeCount]
    try checkLaws(of: UniformDAG(edgesPerNode: density), nodeCounts: sizes)
  }

  @Test func everyKindIsFoundByItsName() {
    let kinds = GraphModels.all.map { $0.kind }
    #expect(Set(kinds).count == kinds.count)
    #expect(Array(kinds.prefix(3)) == ["erdos_renyi", "scale_free", "stochastic_block"])
    for kind in kinds { #expect(GraphModels.named(kind)?.kind == kind) }
    #expect(GraphModels.named("erdos-renyi") == nil)
  }

  /// The order is drawn apart from the edges: another density of the same key keeps it.
  @Test func theOrderDependsOnTheKeyAlone() throws {
    let key = TaskKey(seed: 5)
    let order = try ErdosRenyi(edgesPerNode: 1).sample(nodeCount: 20, key: key).topologicalOrder
    #expect(try ErdosRenyi(edgesPerNode: 4).sample(nodeCount: 20, key: key).topologicalOrder == order)
    #expect(try ScaleFree(edgesPerNode: 2).sample(nodeCount: 20, key: key).topologicalOrder == order)
    #expect(try StochasticBlockModel(edgesPerNode: 1).sample(nodeCount: 20, key: key).topologicalOrder == order)
  }
}
