import SCMBase
import SCMDatasets
import SCMExperiments
import SCMFamilies
import SCMGraphs
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct DataModuleTests {
  private func family(_ nodes: Int, _ edges: Double, graph: String = "erdos_renyi") throws -> SCMFamily {
    try SCMFamily(json: #"{"n_nodes": \#(nodes), "sparsity_param": \#(edges), "graph": "\#(graph)"}"#)
  }

  /// Those of the Python front's set of the same name.
  @Test func aSetsSeedsAreThoseOfItsName() {
    #expect(
      DataModule.seeds(of: "test/id", baseSeed: 0, count: 2) == [0xD991_1BFD_9E9D_098A, 0x2ACF_5703_BFF8_24CF])
    #expect(DataModule.seeds(of: "val", baseSeed: 42, count: 2) == [0x00F5_382F_D136_AC0F, 0x09CC_27C6_B91C_837E])
    #expect(DataModule.seeds(of: "val", baseSeed: 42, count: 0).isEmpty)
  }

  @Test func numbersThatNoSetHasAndANameTwiceAreRefused() throws {
    let train = try family(4, 0.75)
    for (validation, test, field) in [(-1, 1, "validationCount"), (1, -1, "testCount")] {
      let error = #expect(throws: ConfigError.self) {
        try DataModule(train: train, sampleCount: 5, validationCount: validation, testCount: test)
      }
      #expect(error?.description == "\(field) = -1: must be at least 0.")
    }
    // Both would have the same tasks.
    let error = #expect(throws: ConfigError.self) {
      try DataModule(train: train, validation: ["a": train], test: ["a": train, "b": train], sampleCount: 5)
    }
    #expect(error?.description == "test = \"a\": must have another name than each validation set.")
    let count = #expect(throws: ConfigError.self) { try MetaFixedDataset(train, taskCount: -1, sampleCount: 5) }
    #expect(count?.description == "taskCount = -1: must be at least 0.")
    #expect(throws: SamplingError.self) { try MetaFixedDataset(train, taskCount: 1, sampleCount: -1) }
    #expect(throws: SamplingError.self) { try MetaIterableDataset(train, sampleCount: -1).task(0) }
  }

  @Test(arguments: GraphLevel.allCases)
  func trainingNeverHasAGraphOfAFixedSet(level: GraphLevel) throws {
    let train = try family(4, 0.75)
    let data = try DataModule(
      train: train, validation: ["val": train], test: ["test/id": train, "test/sparse": try family(4, 0.25)],
      sampleCount: 5, validationCount: 8, testCount: 8, disjoint: level)
    #expect(data.validation["val"]?.count == 8 && data.test.count == 2)
    let sets = Array(data.validation.values) + Array(data.test.values)
    for set in sets {
      for task in set { #expect(data.reserved.contains(task.instance.adjacency)) }
    }
    for task in data.training.prefix(300) { #expect(!data.reserved.contains(task.instance.adjacency)) }
    #expect(data.reservedMass.value > 0 && data.reservedMass.draws == 1000)
  }

  /// Three graphs of two nodes exist: with probability ½ none, with ¼ either edge.
  @Test func aFamilyWithoutGraphsLeftIsRefusedInWords() throws {
    let two = try family(2, 0.25)
    let error = #expect(throws: DisjointnessError.self) {
      try DataModule(train: two, validation: ["val": two], sampleCount: 5, validationCount: 25)
    }
    #expect(
      error?.description.hasPrefix(
        "1000 of 1000 training graphs of 2 nodes are among the 3 reserved ones at level 'exact', where 3 graphs exist")
        == true)
  }

  @Test(arguments: [(500, "fine"), (501, "worrying"), (990, "worrying"), (991, "covered")])
  func theMassHasAVerdictAndASentence(hits: Int, verdict: String) throws {
    let range = try SCMFamily(json: #"{"n_nodes": 1, "n_nodes_max": 2, "sparsity_param": 0}"#)
    let mass = ReservedMass(hits: hits, draws: 1000)
    #expect(mass.verdict.rawValue == verdict)
    let sentence = mass.sentence(range, reserved: HashRegistry(level: .mec))
    switch verdict {
    case "fine": #expect(sentence == nil)
    case "worrying":
      let times = hits == 501 ? "2.0" : "100.0"
      #expect(
        sentence
          == "\(hits) of 1000 training graphs of 1 to 2 nodes are among the 0 reserved ones at level 'mec', where 3 Markov "
          + "equivalence classes exist: each training task will be drawn \(times) times on average, and training graphs are no longer "
          + "those of the family.")
    default: #expect(sentence?.contains("exist: hardly any is left for training; reserve fewer") == true)
    }
  }

  @Test func aLargeFamilyIsEstimatedFromFewerDrawsWhereNoneIsReserved() throws {
    let large = try family(30, 2)
    let set = try MetaFixedDataset(large, taskCount: 5, sampleCount: 0)
    #expect(try ReservedMass(large, reserved: set.graphHashes()) == ReservedMass(hits: 0, draws: 100))
    #expect(ReservedMass(hits: 1, draws: 100).missingDraws(nodeCount: 30, reserved: 5) == 100)
    #expect(ReservedMass(hits: 0, draws: 100).missingDraws(nodeCount: 20, reserved: 5) == 100)
    #expect(ReservedMass(hits: 0, draws: 1000).missingDraws(nodeCount: 20, reserved: 5) == 0)
  }

  /// n = 5 and the reserved mass of the specification's table is small; here the estimate is held against the exact mass of one graph.
  @Test func theMassOfTheEmptyGraphIsItsProbability() throws {
    let sparse = try family(5, 0.2)
    let reserved = HashRegistry(digests: [AdjacencyMatrix(nodeCount: 5).digest()])
    let mass = try ReservedMass(sparse, reserved: reserved, draws: 20_000)
    // (1 − p)^10 with p = 2·0.2/4.
    let exact = (0..<10).reduce(1.0) { product, _ in product * 0.9 }
    #expect(abs(mass.value - exact) < 5 * (exact * (1 - exact) / 20_000).squareRoot())
    #expect(try ReservedMass(sparse, reserved: HashRegistry()).value == 0)
  }

  /// Of two nodes the empty graph has half of the law; with effects it is no training task, so that reserving one of the two others takes
  /// half of what is left, and reserving the empty one nothing.
  @Test func graphsWithoutRoomForADesignAreNotCounted() throws {
    let pairs = try family(2, 0.25)
    let design = try Design(json: #"{"n_samples": 4, "effects": {}}"#)
    var edge = AdjacencyMatrix(nodeCount: 2)
    let empty = HashRegistry(digests: [edge.digest()])
    edge[0, 1] = true
    let reserved = HashRegistry(digests: [edge.digest()])
    let mass = try ReservedMass(pairs, design: design, reserved: reserved)
    #expect(mass.draws == 1000 && abs(mass.value - 0.5) < 5 * (0.25 / 1000).squareRoot())
    #expect(abs(try ReservedMass(pairs, reserved: reserved).value - 0.25) < 5 * (0.1875 / 1000).squareRoot())
    #expect(try ReservedMass(pairs, design: design, reserved: empty).value == 0)
    let wide = try Design(json: #"{"interventions": {"targets": 3}}"#)
    #expect(throws: ConfigError.self) { try ReservedMass(pairs, design: wide, reserved: reserved) }
  }

  /// The stream rejects a graph with probability q at each try: rejections are geometric with mean q/(1 − q).
  @Test(arguments: GraphLevel.allCases)
  func theStreamsRejectionsAreWhatTheMassSays(level: GraphLevel) throws {
    let train = try family(5, 1)
    var reserved = HashRegistry(level: level)
    for seed in DataModule.seeds(of: "test/id", baseSeed: 0, count: 1000) {
      reserved.add(try train.sampleGraph(seed: seed).adjacency)
    }
    let seeds = SeedSequence.training(base: 9)
    let mass = try ReservedMass(train, reserved: reserved, baseSeed: 1, draws: 20_000)
    let rejections = try (0..<4000 as Range<UInt64>).map { index in
      Double(try train.sampleTask(seed: seeds[index], avoiding: reserved).rejections)
    }
    let q = mass.value
    // The estimate's own error, through the derivative 1/(1 − q)² of the mean, beside that of the sample.
    let estimate = (q * (1 - q) / 20_000).squareRoot() / ((1 - q) * (1 - q))
    let sample = Sample(rejections)
    let error = (estimate * estimate + sample.variance / 4000).squareRoot()
    #expect(abs(sample.mean - q / (1 - q)) < 5 * error, "q = \(q): \(sample.mean)")
  }

  /// Every graph of so few nodes is among those that are drawn.
  @Test(arguments: GraphLevel.allCases)
  func asManyGraphsExistAsAreDrawn(level: GraphLevel) throws {
    for (nodes, draws) in [(1, 1), (2, 50), (3, 2000)] {
      let family = try family(nodes, Double(nodes - 1) / 4)
      let found = try Set((0..<draws).map { try family.sampleGraph(seed: UInt64($0)).adjacency.digest(level: level) })
      #expect(GraphCounts.graphs(nodeCount: nodes, level: level) == UInt64(found.count))
    }
  }

  @Test func graphsAreCountedUpToTenNodes() {
    // a(n) = Σ (−1)^(k+1)·C(n, k)·2^(k(n−k))·a(n − k), Robinson 1973.
    var counts: [Int64] = [1]
    for n in 1...8 {
      var sum: Int64 = 0
      var choose: Int64 = 1
      for k in 1...n {
        choose = choose * Int64(n - k + 1) / Int64(k)
        sum += (k % 2 == 1 ? 1 : -1) * choose * (1 << Int64(k * (n - k))) * counts[n - k]
      }
      counts.append(sum)
      #expect(GraphCounts.graphs(nodeCount: n, level: .exact) == UInt64(sum))
    }
    #expect(GraphCounts.graphs(nodeCount: 11, level: .exact) == nil)
    #expect(GraphCounts.graphs(nodeCount: 0, level: .iso) == nil)
    for level in GraphLevel.allCases { #expect(GraphCounts.graphs(nodeCount: 10, level: level) != nil) }
  }
}
