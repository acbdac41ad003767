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
    let (a, b) = (try Family(#"{"n_nodes": 6}"#), try Family(#"{"n_nodes": 6, "sparsity_param": 1}"#))
    let options = #"{"tasks": 20, "rows": 30, "permutations": 19, "bootstraps": 5}"#
    let summary = try text { anc_family_summary(a.handle, options, nil, $0, $1, $2) }
    #expect(summary.contains(#""n_tasks":20"#) && summary.contains(#""var_sortability":{"mean":"#))
    let distance = try text { anc_family_distance(a.handle, b.handle, options, nil, $0, $1, $2) }
    #expect(
      distance.contains(#""spectral_w1":{"#) && distance.contains(#""edge_kl":{"#) && distance.contains(#""edges":{"#))
    let one = try text {
      anc_family_distance(a.handle, b.handle, #"{"tasks": 20, "rows": 0, "metrics": ["edge_js"]}"#, nil, $0, $1, $2)
    }
    #expect(one.contains("edge_js") && !one.contains("spectral_w1"))
  }

  @Test func badOptionsAndCancellationAreErrors() throws {
    let family = try Family("{}")
    var needed = 0
    expectError(
      anc_family_summary(family.handle, #"{"tasks": 1}"#, nil, nil, 0, &needed), ANC_ERROR_CONFIG, "tasks = 1")
    expectError(
      anc_family_distance(family.handle, family.handle, #"{"metric": []}"#, nil, nil, 0, &needed), ANC_ERROR_CONFIG,
      "metric")
    expectError(anc_family_summary(family.handle, nil, nil, nil, 0, &needed), ANC_ERROR_CONFIG, "options")
    expectError(anc_family_summary(nil, "{}", nil, nil, 0, &needed), ANC_ERROR_CONFIG, "family")
    var raised: Int32 = 1
    expectError(anc_family_summary(family.handle, "{}", &raised, nil, 0, &needed), ANC_ERROR_ENGINE, "cancelled")
  }

  @Test func sortabilitiesAreThoseOfTheData() throws {
    // 0 → 1, the second twice the first plus a little: variance grows, and both explain each other alike.
    var x: [Float] = []
    for row in 0..<40 {
      let cause = Float(row % 7)
      x += [cause, 2 * cause + Float(row % 3)]
    }
    var out = [Double](repeating: -1, count: 2)
    try succeed(anc_sortability(x, 40, [0, 1, 0, 0], 2, &out))
    #expect(out[0] == 1 && out[1] >= 0 && out[1] <= 1)
    try succeed(anc_sortability(x, 40, [0, 0, 0, 0], 2, &out))
    #expect(out[0].isNaN && out[1].isNaN)
    expectError(anc_sortability(x, 0, [0, 1, 0, 0], 2, &out), ANC_ERROR_CONFIG, "rows = 0")
    expectError(anc_sortability(nil, 40, [0, 1, 0, 0], 2, &out), ANC_ERROR_CONFIG, "x = NULL")
  }
}
