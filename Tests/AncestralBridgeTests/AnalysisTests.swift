import CAncestral
import Testing

@Suite struct AnalysisTests {
  private func text(_ call: (UnsafeMutablePointer<CChar>?, Int, UnsafeMutablePointer<Int>) -> anc_status) throws
    -> String
  {
    var bytes = [CChar](repeating: 0, count: 1 << 16)
    var needed = 0
    try succeed(call(&bytes, bytes.count, &needed))
    return String(decoding: bytes.prefix(needed - 1).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  @Test func summariesAndDistancesAreToldAsJSON() throws {
    let (a, b) = (try Sample(#"{"n_nodes": 6}"#), try Sample(#"{"n_nodes": 6, "sparsity_param": 1}"#))
    let summary = try text { anc_sample_summary(a.handle, $0, $1, $2) }
    #expect(summary.contains(#""n_tasks":20"#) && summary.contains(#""var_sortability":{"mean":"#))
    #expect(summary.contains(#""edge_effect":{"#))
    let options = #"{"permutations": 19, "bootstraps": 5}"#
    let distance = try text { anc_sample_distance(a.handle, b.handle, options, $0, $1, $2) }
    #expect(
      distance.contains(#""spectral_w1":{"#) && distance.contains(#""edge_kl":{"#) && distance.contains(#""edges":{"#))
    let one = try text { anc_sample_distance(a.handle, b.handle, #"{"metrics": ["edge_js"]}"#, $0, $1, $2) }
    #expect(one.contains("edge_js") && !one.contains("spectral_w1"))
  }

  @Test func designsAreComparedAsJSON() throws {
    let family = try Family(#"{"n_nodes": 5}"#)
    var (first, second): (OpaquePointer?, OpaquePointer?)
    try succeed(anc_design_create(#"{"n_samples": 8, "interventions": {"n_samples": 4, "regimes": 2}}"#, &first))
    try succeed(anc_design_create(#"{"n_samples": 9}"#, &second))
    defer {
      _ = anc_design_free(first)
      _ = anc_design_free(second)
    }
    let options = #"{"tasks": 10, "permutations": 9, "bootstraps": 2}"#
    let found = try text {
      anc_design_distance(first, family.handle, second, family.handle, options, $0, $1, $2)
    }
    #expect(found.contains(#""name":"rows""#) && found.contains(#""only_first":["observational_share""#))
    var needed = 0
    func compare(_ a: OpaquePointer?, _ b: OpaquePointer?, _ options: String?) -> anc_status {
      anc_design_distance(a, family.handle, b, family.handle, options, nil, 0, &needed)
    }
    expectError(compare(nil, second, "{}"), ANC_ERROR_CONFIG, "first = NULL")
    expectError(compare(first, nil, "{}"), ANC_ERROR_CONFIG, "second = NULL")
    expectError(compare(first, second, nil), ANC_ERROR_CONFIG, "options")
    expectError(compare(first, second, #"{"tasks": 1}"#), ANC_ERROR_CONFIG, "tasks = 1")
    expectError(
      anc_design_distance(first, nil, second, family.handle, "{}", nil, 0, &needed), ANC_ERROR_CONFIG, "first_family")
  }

  /// The caller's rows say what the engine's own say, but for what only mechanisms tell; and no law is known of them.
  @Test func theCallersTasksAreMeasuredAsTheEnginesOwn() throws {
    let family = try Family(#"{"n_nodes": 5}"#)
    let seeds: [UInt64] = [3, 1, 4]
    let batch = try Batch(family, seeds: seeds, samples: 30)
    let cells = batch.adjacency.map { UInt8($0) }
    let (drawn, added) = (try Sample(), try Sample())
    try succeed(
      anc_sample_draw(drawn.handle, family.handle, seeds, 3, nil, nil, #"{"rows": 30, "detailed": 1}"#))
    try succeed(
      anc_sample_add(added.handle, 3, 30, [5, 5, 5], cells, batch.x, nil, #"{"detailed": 1, "threads": 2}"#))
    let (own, given) = (
      try text { anc_sample_summary(drawn.handle, $0, $1, $2) },
      try text { anc_sample_summary(added.handle, $0, $1, $2) }
    )
    #expect(own.contains("edge_effect") && !given.contains("edge_effect"))
    for name in ["r2_sortability", "effective_rank", "mec_bits", "transitivity", "edges"] {
      let (first, second) = (law(name, in: own), law(name, in: given))
      #expect(first == second && first.contains("mean"), "\(name)")
    }
    let distance = try text { anc_sample_distance(drawn.handle, added.handle, "{}", $0, $1, $2) }
    #expect(!distance.contains(#""edges":{"#) && distance.contains("data_energy"))
    // Over the caller's graphs, one of them without an edge, the engine draws its mechanisms.
    let over = try Sample()
    let graphs = cells.prefix(25) + [UInt8](repeating: 0, count: 9)
    try succeed(
      anc_sample_draw(
        over.handle, family.handle, seeds, 2, [5, 3], Array(graphs), #"{"rows": 30, "detailed": 1}"#))
    #expect(try text { anc_sample_summary(over.handle, $0, $1, $2) }.contains(#""nodes":{"mean":4,"#))
  }

  private func law(_ name: String, in text: String) -> Substring {
    guard let start = text.firstRange(of: "\"\(name)\":{") else { return "" }
    return text[start.upperBound...].prefix { $0 != "}" }
  }

  @Test func namesOfMeasuresAreListedInOrder() throws {
    let found = try text { anc_measures($0, $1, $2) }
    #expect(found.hasPrefix(#"{"metrics":[{"name":"edge_kl","source":"graph"},"#))
    #expect(found.contains(#"{"name":"weak_edges","source":"model"}]}"#) && found.contains(#"{"name":"nodes","#))
  }

  @Test func badOptionsAndCancellationAreErrors() throws {
    let (family, sample) = (try Family("{}"), try Sample())
    var needed = 0
    func draw(_ options: String?) -> anc_status {
      anc_sample_draw(sample.handle, family.handle, nil, 0, nil, nil, options)
    }
    expectError(draw(#"{"tasks": 1}"#), ANC_ERROR_CONFIG, "tasks = 1")
    expectError(draw(#"{"metric": []}"#), ANC_ERROR_CONFIG, "metric")
    expectError(draw(nil), ANC_ERROR_CONFIG, "options")
    expectError(anc_sample_draw(nil, family.handle, nil, 0, nil, nil, "{}"), ANC_ERROR_CONFIG, "sample")
    expectError(anc_sample_draw(sample.handle, nil, nil, 0, nil, nil, "{}"), ANC_ERROR_CONFIG, "family")
    expectError(anc_sample_summary(sample.handle, nil, 0, &needed), ANC_ERROR_CONFIG, "sample = 0 tasks")
    expectError(
      anc_sample_distance(sample.handle, sample.handle, "{}", nil, 0, &needed), ANC_ERROR_CONFIG, "tasks")
    expectError(anc_sample_create(nil), ANC_ERROR_CONFIG, "out")
    withUnsafePointer(to: Int32(1)) { raised in
      _ = anc_cancel_on(raised)
      #expect(draw("{}") == ANC_ERROR_ENGINE)
      _ = anc_cancel_on(nil)
    }
    #expect(lastError().contains("cancelled"))
  }

  @Test func badTasksAreErrors() throws {
    let sample = try Sample()
    func add(
      _ sizes: [Int32], _ cells: [UInt8], _ x: [Float], rows: Int = 1, count: Int? = nil
    ) -> anc_status {
      anc_sample_add(sample.handle, count ?? sizes.count, rows, sizes, cells, x, nil, "{}")
    }
    expectError(add([0], [], []), ANC_ERROR_CONFIG, "node_counts[0] = 0")
    expectError(add([1, 2049], [0], [1]), ANC_ERROR_CONFIG, "node_counts[1] = 2049")
    expectError(add([2], [0, 1, 1, 0], [1, 2]), ANC_ERROR_CONFIG, "cycle")
    expectError(add([2], [0, 2, 0, 0], [1, 2]), ANC_ERROR_CONFIG, "adjacency[0, 1] = 2")
    expectError(add([1, 2], [0, 0, 1, 0, 0], [1, 2, .nan]), ANC_ERROR_CONFIG, "x[1, 0, 1] = nan")
    expectError(add([1], [0], [1], rows: hugeSize), ANC_ERROR_CONFIG, "rows")
    expectError(add([1], [0], [1], count: 0), ANC_ERROR_CONFIG, "count = 0")
    expectError(anc_sample_add(sample.handle, 1, 1, [1], [0], nil, nil, "{}"), ANC_ERROR_CONFIG, "x = NULL")
    try succeed(add([1, 2], [0, 0, 1, 0, 0], [1, 2, 3]))
    expectError(add([1], [0], [], rows: 0), ANC_ERROR_CONFIG, "rows = 0")  // All have rows, or none.
  }
}
