import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMTestSupport
import Testing

@Suite struct InstanceTests {
  @Test func theSameSeedIsTheSameTaskAndAnotherIsAnother() throws {
    let family = try SCMFamily(json: #"{"mechanism_proportions": {"linear": 1, "mlp": 1}}"#)
    let (a, b, c) = (try family.sampleTask(seed: 1), try family.sampleTask(seed: 1), try family.sampleTask(seed: 2))
    #expect(a.graph == b.graph && a.scalings == b.scalings)
    #expect(a.mechanisms.map(\.parameters) == b.mechanisms.map(\.parameters))
    #expect(try a.sample(100) == b.sample(100))
    #expect(a.graph != c.graph)
    #expect(try a.sample(100) != c.sample(100))
  }

  @Test func rowsWithoutANumberOfTheirOwnAreRefused() throws {
    let task = try SCMFamily(json: #"{"n_nodes": 5}"#).sampleTask(seed: 1)
    for (count, first, sentence) in [
      (-1, 0, "count = -1: must be from 0 to 17179869184."), (.min, 0, "must be from 0 to 17179869184."),
      (.max, 0, "must be from 0 to 17179869184."), (3, -1, "first = -1: must be from 0 to 17179869184."),
      (3, .max, "must be from 0 to 17179869184."), (3, 1 << 34 - 2, "count = 3: must be from 0 to 2."),
    ] {
      let error = #expect(throws: SamplingError.self) { try task.sample(count, first: first) }
      #expect(error?.description.hasSuffix(sentence) == true, "\(error as Any)")
    }
    #expect(try task.sample(2, first: 1 << 34 - 2).rowCount == 2 && task.sample(0).values.isEmpty)
    for rows in [1, 0, -5, .max] {
      let error = #expect(throws: SamplingError.self) { try task.measuredEffects(rows: rows) }
      #expect(error?.description == "rows = \(rows): must be from 2 to 17179869184.")
    }
  }

  @Test func seedsUseAll64Bits() throws {
    let family = try SCMFamily(FamilyConfig())
    let low = try family.sampleTask(seed: 5).sample(10)
    #expect(try family.sampleTask(seed: 5 | 1 << 63).sample(10) != low)
    #expect(try family.sampleTask(seed: 5 << 32).sample(10) != low)
  }

  @Test func mechanismsCanBeDrawnOverAGraphOfOnesOwn() throws {
    var matrix = AdjacencyMatrix(nodeCount: 3)
    matrix[2, 0] = true
    matrix[2, 1] = true
    let family = try SCMFamily(FamilyConfig())
    let instance = try family.instance(over: DirectedAcyclicGraph(matrix), seed: 4)
    #expect(instance.parents.map(Array.init) == [[2], [2], []])
    #expect(instance.topologicalOrder.first == 2)
  }

  @Test func drawnTasksEqualThoseOverTheSameGraph() throws {
    let family = try SCMFamily(json: #"{"mechanism_proportions": {"mlp": 1}, "standardization": "inputs"}"#)
    let task = try family.sampleTask(seed: 4)
    #expect(try family.instance(over: task.graph, seed: 4).sample(50) == task.sample(50))
  }

  @Test func visualizesAsDOT() throws {
    let family = try SCMFamily.linear(weights: [[0, 1], [0, 0]], noiseVariances: [1, 1])
    #expect(
      try family.sampleTask(seed: 1).visualize() == """
        digraph scm {
          0 [label="X0\\nlinear"];
          1 [label="X1\\nlinear"];
          0 -> 1;
        }

        """)
  }

  @Test func samplesAreRowMajor() throws {
    let samples = try SCMFamily(FamilyConfig()).sampleTask(seed: 1).sample(7)
    #expect(samples.rowCount == 7 && samples.columnCount == 20)
    #expect(samples[3, 5] == samples.values[3 * 20 + 5])
    #expect(samples.column(5)[3] == samples[3, 5])
  }
}
