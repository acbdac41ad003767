import CAncestral
import Foundation
import Testing

@Suite struct InstanceTests {
  private static let mixed = """
    {"n_nodes": 9, "mlp_hidden": [5, 6], "gpcde_features": 32, "standardization": "inputs",
     "mechanism_proportions": {"linear": 1, "mlp": 1, "gpcde": 1}}
    """

  @Test func tellsItsGraphAndAnOrderOfIt() throws {
    let instance = try Instance(Family(Self.mixed), seed: 4)
    let n = instance.nodeCount
    #expect(n == 9)
    var adjacency = [UInt8](repeating: 9, count: n * n)
    try succeed(anc_instance_adjacency(instance.handle, &adjacency))
    let short = try text { anc_instance_describe(instance.handle, 0, $0, $1, $2) }
    let object = try #require(JSONSerialization.jsonObject(with: Data(short.utf8)) as? [String: Any])
    #expect(Set(object.keys) == ["component", "noise_channels", "order"])
    let order = try #require(object["order"] as? [Int])
    #expect(adjacency.allSatisfy { $0 <= 1 })
    #expect(order.sorted() == Array(0..<9))
    for (place, node) in order.enumerated() {
      for later in order[place...] { #expect(adjacency[later * n + node] == 0) }
    }
  }

  @Test func takesAGraphOfTheCallersOwn() throws {
    let family = try Family(Self.mixed)
    let chain: [UInt8] = [0, 1, 0, 0, 0, 1, 0, 0, 0]
    let instance = try Instance(family, seed: 4, adjacency: chain, nodes: 3)
    #expect(instance.nodeCount == 3)
    var adjacency = [UInt8](repeating: 9, count: 9)
    try succeed(anc_instance_adjacency(instance.handle, &adjacency))
    #expect(adjacency == chain)
    // The drawn graph again, as one's own, gives the same rows.
    let drawn = try Instance(family, seed: 4)
    var own = [UInt8](repeating: 0, count: 81)
    try succeed(anc_instance_adjacency(drawn.handle, &own))
    #expect(try Instance(family, seed: 4, adjacency: own, nodes: 9).sample(40) == drawn.sample(40))
  }

  @Test func theDescriptionAccountsForEveryParameter() throws {
    let instance = try Instance(Family(Self.mixed), seed: 4)
    let json = try text { anc_instance_describe(instance.handle, 1, $0, $1, $2) }
    let object = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let count = try #require(object["parameter_count"] as? Int)
    let nodes = try #require(object["nodes"] as? [[String: Any]])
    #expect(nodes.map { $0["node"] as? Int } == Array(0..<9))
    var next = 0
    for node in nodes {
      for parameter in try #require(node["parameters"] as? [[String: Any]]) {
        #expect(parameter["offset"] as? Int == next)
        next += try #require(parameter["shape"] as? [Int]).reduce(1, *)
      }
    }
    #expect(next == count)
    var values = [Float](repeating: .nan, count: count)
    try succeed(anc_instance_parameters(instance.handle, &values, count))
    #expect(values.allSatisfy { $0.isFinite })
  }

  /// A linear node's rows from nothing but what the C line tells.
  @Test func linearRowsFollowFromTheParametersAndTheNoise() throws {
    let family = try Family(#"{"n_nodes": 6, "sparsity_param": 1.5, "standardization": "internal"}"#)
    let instance = try Instance(family, seed: 8)
    let json = try text { anc_instance_describe(instance.handle, 1, $0, $1, $2) }
    let object = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    var parameters = [Float](repeating: 0, count: try #require(object["parameter_count"] as? Int))
    try succeed(anc_instance_parameters(instance.handle, &parameters, parameters.count))
    var x = [Float](repeating: 0, count: 50 * 6)
    var noise = x
    var done = 0
    try succeed(anc_instance_sample(instance.handle, 0, 50, 0, 1, &done, &x, &noise))
    for (node, description) in try #require(object["nodes"] as? [[String: Any]]).enumerated() {
      let parents = try #require(description["parents"] as? [Int])
      var named: [String: ArraySlice<Float>] = [:]
      for parameter in try #require(description["parameters"] as? [[String: Any]]) {
        let offset = try #require(parameter["offset"] as? Int)
        let size = try #require(parameter["shape"] as? [Int]).reduce(1, *)
        named[try #require(parameter["name"] as? String)] = parameters[offset..<(offset + size)]
      }
      func array(_ name: String) throws -> [Float] { Array(try #require(named[name])) }
      let (weights, gains, shifts) = (try array("weight"), try array("input_gain"), try array("input_shift"))
      let (bias, scale) = (try array("bias")[0], try array("noise_scale")[0])
      let (gain, shift) = (try array("output_gain")[0], try array("output_shift")[0])
      for row in 0..<50 {
        var sum = bias
        for (index, parent) in parents.enumerated() {
          sum = sum.addingProduct(weights[index], shifts[index].addingProduct(gains[index], x[6 * row + parent]))
        }
        sum = shift.addingProduct(gain, sum.addingProduct(scale, noise[6 * row + node]))
        #expect(sum.bitPattern == x[6 * row + node].bitPattern, "node \(node), row \(row)")
      }
    }
  }

  @Test(arguments: [0, 1, 2, 5, 300])
  func threadsAndRangesDoNotChangeABit(threads: Int) throws {
    let instance = try Instance(Family(Self.mixed), seed: 4)
    let all = try instance.sample(5000)
    #expect(try instance.sample(5000, threads: threads) == all)
    #expect(try instance.sample(3333, first: 1001, threads: threads) == Array(all[(9 * 1001)..<(9 * 4334)]))
    #expect(try instance.sample(100, draw: 1, threads: threads) != Array(all.prefix(900)))
  }

  @Test(arguments: [1, 2, 5])
  func aLongSampleComesInSlices(threads: Int) throws {
    try untilInSlices { features in
      let instance = try Instance(
        Family(#"{"n_nodes": 10, "mechanism_proportions": {"gpcde": 1}, "gpcde_features": \#(features)}"#), seed: 1)
      // 0.2·10⁶ cosines for each feature.
      var x = [Float](repeating: .nan, count: 40_000 * 10)
      var noise = [Float](repeating: .nan, count: 40_000 * 10 * 2)
      var (done, calls, idle) = (0, 1, 0)
      while true {
        let before = done
        let status = anc_instance_sample(instance.handle, 0, 40_000, 0, threads, &done, &x, &noise)
        guard status == ANC_MORE else {
          try succeed(status)
          break
        }
        #expect(done >= before, "progress went back")
        // On a busy machine a slice may be over before a thread has begun.
        idle = done > before ? 0 : idle + 1
        try #require(idle < 100, "slices without progress")
        calls += 1
      }
      #expect(done == 40_000)
      #expect(Array(x.suffix(10_000)) == (try instance.sample(1000, first: 39_000)))
      #expect(noise.allSatisfy { $0.isFinite })
      return calls
    }
  }

  @Test func nodesWithFewerNoiseChannelsHaveZeros() throws {
    let instance = try Instance(Family(Self.mixed), seed: 4)
    let json = try text { anc_instance_describe(instance.handle, 1, $0, $1, $2) }
    let object = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let channels = try #require(object["noise_channels"] as? Int)
    let nodes = try #require(object["nodes"] as? [[String: Any]])
    var x = [Float](repeating: 0, count: 20 * 9)
    var noise = [Float](repeating: .nan, count: 20 * 9 * channels)
    var done = 0
    try succeed(anc_instance_sample(instance.handle, 3, 20, 0, 1, &done, &x, &noise))
    for (node, description) in nodes.enumerated() {
      let own = try #require(description["noise"] as? [String])
      for row in 0..<20 {
        for channel in 0..<channels {
          #expect((noise[(row * 9 + node) * channels + channel] != 0) == (channel < own.count))
        }
      }
    }
  }

  @Test func overflowIsAnEngineErrorInTheFirstRowsThatHaveIt() throws {
    let instance = try Instance(
      Family(#"{"n_nodes": 30, "sparsity_param": 14.5, "linear_weight_scale": 1000000}"#), seed: 6)
    var sentences: Set<String> = []
    for threads in [1, 2, 5] {
      var x = [Float](repeating: 0, count: 5000 * 30)
      var done = 0
      expectError(
        anc_instance_sample(instance.handle, 0, 5000, 0, threads, &done, &x, nil), ANC_ERROR_ENGINE,
        "task seed 6: node ", "not finite")
      sentences.insert(lastError())
    }
    #expect(sentences.count == 1)
  }

  @Test func badArgumentsAreErrors() throws {
    let family = try Family(Self.mixed)
    let instance = try Instance(family, seed: 4)
    let (i, n) = (instance.handle, instance.nodeCount)
    var out: OpaquePointer?
    var needed = 0
    var done = 0
    var x = [Float](repeating: 7, count: n)
    expectError(anc_instance_create(nil, 1, nil, 0, &out), ANC_ERROR_CONFIG, "family = NULL")
    for (nodes, fragment) in [(0, "n_nodes = 0"), (hugeSize, "n_nodes"), (2049, "n_nodes = 2049"), (.max, "n_nodes")] {
      expectError(anc_instance_create(family.handle, 1, [0], nodes, &out), ANC_ERROR_CONFIG, fragment)
    }
    expectError(anc_instance_create(family.handle, 1, [1], 1, &out), ANC_ERROR_CONFIG, "acyclic")
    expectError(anc_instance_create(family.handle, 1, [0, 1, 1, 0], 2, &out), ANC_ERROR_CONFIG, "acyclic")
    expectError(anc_instance_create(family.handle, 1, [0, 2, 0, 0], 2, &out), ANC_ERROR_CONFIG, "adjacency[0, 1] = 2")
    #expect(out == nil)
    #expect(anc_instance_free(nil) == ANC_OK)
    expectError(anc_instance_adjacency(nil, nil), ANC_ERROR_CONFIG, "instance = NULL")
    expectError(anc_instance_adjacency(i, nil), ANC_ERROR_CONFIG, "out = NULL")
    expectError(anc_instance_describe(nil, 0, nil, 0, &needed), ANC_ERROR_CONFIG, "instance = NULL")
    expectError(anc_instance_describe(i, 1, nil, 0, nil), ANC_ERROR_CONFIG, "needed = NULL")
    expectError(anc_instance_parameters(nil, nil, 0), ANC_ERROR_CONFIG, "instance = NULL")
    expectError(anc_instance_parameters(i, &x, n), ANC_ERROR_CONFIG, "parameter_count")
    expectError(anc_instance_parameters(i, nil, hugeSize), ANC_ERROR_CONFIG, "count")
    func sample(
      _ instance: OpaquePointer?, first: UInt64 = 0, rows: Int = 1, threads: Int = 1, _ fragment: String,
      sourceLocation: SourceLocation = #_sourceLocation
    ) {
      expectError(
        anc_instance_sample(instance, first, rows, 0, threads, &done, &x, nil), ANC_ERROR_CONFIG, fragment,
        sourceLocation: sourceLocation)
    }
    sample(nil, "instance = NULL")
    sample(i, first: .max, "first_row")
    sample(i, rows: hugeSize, "rows")
    sample(i, rows: .max, "rows")
    sample(i, first: 1 << 34, "rows = 1")
    sample(i, threads: hugeSize, "threads")
    sample(i, threads: 1025, "threads = 1025")
    for wrong in [-1, 2, Int.min, .max] {
      done = wrong
      sample(i, "done")
    }
    done = 0
    expectError(anc_instance_sample(i, 0, 1, 0, 1, nil, &x, nil), ANC_ERROR_CONFIG, "done = NULL")
    expectError(anc_instance_sample(i, 0, 1, 0, 1, &done, nil, nil), ANC_ERROR_CONFIG, "x = NULL")
    #expect(x.allSatisfy { $0 == 7 })
    #expect(anc_instance_sample(i, 0, 0, 0, 1, &done, nil, nil) == ANC_OK)
  }
}
