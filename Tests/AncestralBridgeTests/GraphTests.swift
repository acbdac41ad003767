import CAncestral
import Testing

@Suite struct GraphTests {
  private func hash(_ adjacency: [UInt8], _ n: Int, _ level: Int32) throws -> String {
    var bytes = [UInt8](repeating: 0, count: 32)
    try succeed(anc_graph_hash(adjacency, n, level, &bytes))
    return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  @Test func ordersParentsBeforeChildrenSmallestLabelFirst() throws {
    // 3 → 0, 3 → 1, 0 → 1; node 2 stands alone.
    var order = [Int32](repeating: -1, count: 4)
    try succeed(anc_graph_order([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0], 4, &order))
    #expect(order == [2, 3, 0, 1])
  }

  // Vectors of the specification.
  @Test func hashesAreTheSpecifications() throws {
    let chain: [UInt8] = [0, 1, 0, 0, 0, 1, 0, 0, 0]
    let collider: [UInt8] = [0, 0, 1, 0, 0, 1, 0, 0, 0]
    #expect(
      try hash([0], 1, ANC_LEVEL_EXACT) == "463a3e5660cc5659d51fcdc632e5851fca59499b21822dcaac8ad0300860294d")
    #expect(
      try hash(chain, 3, ANC_LEVEL_EXACT) == "948c4e37a72ee6d7f3dc2da1c76518457ea6065be68e8b9c8acb4e7af11a6a55")
    #expect(
      try hash(chain, 3, ANC_LEVEL_MEC) == "9ac0c39f93bca59b7198e0fe742895f487f4a661efa511e7cdb057a341608779")
    #expect(
      try hash(collider, 3, ANC_LEVEL_MEC) == "f63384bba63d07d03e8a5a8852badbcbac43ba70675cf4a648799616c0ff6e18")
    #expect(try hash(chain, 3, ANC_LEVEL_ISO).count == 64)
  }

  @Test func badGraphsAreErrors() {
    var order: [Int32] = [7, 7]
    var bytes = [UInt8](repeating: 7, count: 32)
    expectError(anc_graph_order(nil, 2, &order), ANC_ERROR_CONFIG, "adjacency = NULL")
    expectError(anc_graph_order([0, 1, 0, 0], 2, nil), ANC_ERROR_CONFIG, "out = NULL")
    expectError(anc_graph_order([0, 1, 1, 0], 2, &order), ANC_ERROR_CONFIG, "acyclic; 0 -> 1 -> 0 is a cycle")
    expectError(anc_graph_order([0, 255, 0, 0], 2, &order), ANC_ERROR_CONFIG, "adjacency[0, 1] = 255")
    for nodes in [0, 2049, Int.max, hugeSize] {
      expectError(anc_graph_order([0], nodes, &order), ANC_ERROR_CONFIG, "n_nodes")
      expectError(anc_graph_hash([0], nodes, 0, &bytes), ANC_ERROR_CONFIG, "n_nodes")
    }
    expectError(anc_graph_hash(nil, 1, 0, &bytes), ANC_ERROR_CONFIG, "adjacency = NULL")
    expectError(anc_graph_hash([0], 1, 0, nil), ANC_ERROR_CONFIG, "out = NULL")
    expectError(anc_graph_hash([1], 1, 0, &bytes), ANC_ERROR_CONFIG, "acyclic")
    for level in [-1, 3, Int32.max] {
      expectError(anc_graph_hash([0], 1, level, &bytes), ANC_ERROR_CONFIG, "level = \(level)")
    }
    #expect(order == [7, 7])
    #expect(bytes.allSatisfy { $0 == 7 })
  }

  @Test func reservedSetsCheckTheirArguments() throws {
    var out: OpaquePointer?
    expectError(anc_reserved_create(nil, 1, 0, &out), ANC_ERROR_CONFIG, "digests = NULL")
    expectError(anc_reserved_create(nil, hugeSize, 0, &out), ANC_ERROR_CONFIG, "count")
    expectError(anc_reserved_create(nil, 0, 7, &out), ANC_ERROR_CONFIG, "level = 7")
    #expect(out == nil)
    #expect(anc_reserved_free(nil) == ANC_OK)
    try succeed(anc_reserved_create(nil, 0, ANC_LEVEL_ISO, &out))
    try succeed(anc_reserved_free(out))
  }
}
