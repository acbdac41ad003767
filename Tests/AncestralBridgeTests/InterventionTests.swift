import CAncestral
import Testing

@Suite struct InterventionTests {
  private func apply(_ instance: Instance, _ nodes: [Int32], _ values: [Float]) throws -> Instance {
    var out: OpaquePointer?
    try succeed(anc_instance_do(instance.handle, nodes, values, nodes.count, &out))
    return Instance(owning: try #require(out), nodeCount: instance.nodeCount)
  }

  @Test func holdsTheNodesAndLeavesTheInstanceAlone() throws {
    let instance = try Instance(Family(#"{"n_nodes": 5, "sparsity_param": 2}"#), seed: 3)
    let before = try instance.sample(40)
    let samples = try apply(instance, [1, 4], [2.5, -1]).sample(40)
    for row in 0..<40 {
      #expect(samples[5 * row + 1] == 2.5)
      #expect(samples[5 * row + 4] == -1)
    }
    #expect(try instance.sample(40) == before)
  }

  @Test func badArgumentsAreErrors() throws {
    let owner = try Instance(Family(#"{"n_nodes": 5, "sparsity_param": 2}"#), seed: 3)
    let instance = owner.handle
    var out: OpaquePointer?
    expectError(anc_instance_do(nil, [0], [0], 1, &out), ANC_ERROR_CONFIG, "instance = NULL")
    expectError(anc_instance_do(instance, nil, [0], 1, &out), ANC_ERROR_CONFIG, "nodes = NULL")
    expectError(anc_instance_do(instance, [0], nil, 1, &out), ANC_ERROR_CONFIG, "values = NULL")
    for count in [0, 6, .max, hugeSize] {
      expectError(anc_instance_do(instance, [0], [0], count, &out), ANC_ERROR_CONFIG, "count")
    }
    for node in [-1, 5, Int32.max, .min] {
      expectError(anc_instance_do(instance, [node], [0], 1, &out), ANC_ERROR_CONFIG, "node = \(node)")
    }
    for value in [Float.nan, .infinity, -.infinity] {
      expectError(anc_instance_do(instance, [0], [value], 1, &out), ANC_ERROR_CONFIG, "finite")
    }
    #expect(out == nil)
  }
}
