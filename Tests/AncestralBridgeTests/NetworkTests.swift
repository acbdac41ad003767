import CAncestral
import Testing

/// Known networks through the C line.
@Suite struct NetworkTests {
  private let bif = """
    variable rain { type discrete [ 2 ] { yes, no }; }
    variable wet { type discrete [ 2 ] { yes, no }; }
    probability ( rain ) { table 0.25, 0.75; }
    probability ( wet | rain ) { (yes) 1.0, 0.0; (no) 0.5, 0.5; }
    """

  private func family(_ text: String, _ format: String = "bif") throws -> OpaquePointer {
    var out: OpaquePointer?
    try succeed(anc_network_read(text, format, &out))
    return try #require(out)
  }

  @Test func aTextBecomesAFamily() throws {
    let handle = try family(bif)
    defer { _ = anc_family_free(handle) }
    let config = try text { anc_family_config(handle, $0, $1, $2) }
    #expect(
      config.hasPrefix(#"{"network":{"variables":[{"name":"rain","parents":[],"probabilities":[0.25,0.75],"states":["#))
    let again = try Family(config)
    #expect(
      try text { anc_family_fingerprint(again.handle, $0, $1, $2) }
        == text { anc_family_fingerprint(handle, $0, $1, $2) })
    let same = try family(config, "json")
    defer { _ = anc_family_free(same) }
    #expect(try text { anc_family_config(same, $0, $1, $2) } == config)
  }

  @Test func lawsAreWrittenInTheOrderOfTheQuestion() throws {
    let handle = try family(bif)
    defer { _ = anc_family_free(handle) }
    var law = [Double](repeating: -1, count: 4)
    try succeed(anc_network_probabilities(handle, #"{"of": ["wet", "rain"], "do": {}}"#, &law, 4))
    #expect(law == [0.25, 0.375, 0, 0.375])
    try succeed(anc_network_probabilities(handle, #"{"of": ["wet"], "do": {"rain": "no"}}"#, &law, 2))
    #expect(Array(law.prefix(2)) == [0.5, 0.5])
    expectError(
      anc_network_probabilities(handle, #"{"of": ["wet"], "do": {}}"#, &law, 3), ANC_ERROR_CONFIG,
      "count = 3: must be 2")
    expectError(
      anc_network_probabilities(handle, #"{"of": "wet", "do": {}}"#, &law, 2), ANC_ERROR_CONFIG, "must have of, a list")
    expectError(
      anc_network_probabilities(handle, #"{"of": ["wet"], "do": {"rain": 1}}"#, &law, 2), ANC_ERROR_CONFIG,
      "must map names to names of states")
    let plain = try Family(#"{"n_nodes": 3, "sparsity_param": 1}"#)
    expectError(
      anc_network_probabilities(plain.handle, #"{"of": [], "do": {}}"#, &law, 1), ANC_ERROR_CONFIG,
      "family = no network")
  }

  @Test func whatIsWrongIsAnErrorInOneSentence() {
    var out: OpaquePointer?
    expectError(
      anc_network_read("variable", "bif", &out), ANC_ERROR_CONFIG, "line 1 = the end of the text: must be the name")
    expectError(anc_network_read("{}", "xml", &out), ANC_ERROR_CONFIG, #"format = "xml": must be one of bif, json."#)
    expectError(anc_network_read("{", "json", &out), ANC_ERROR_CONFIG, "must hold a JSON object")
    expectError(anc_network_read(nil, "bif", &out), ANC_ERROR_CONFIG, "text = NULL")
    expectError(anc_network_read("", nil, &out), ANC_ERROR_CONFIG, "format = NULL")
    expectError(anc_network_read(bif, "bif", nil), ANC_ERROR_CONFIG, "out = NULL")
    expectError(anc_network_probabilities(nil, "{}", nil, 0), ANC_ERROR_CONFIG, "family = NULL")
    #expect(out == nil)
  }

  @Test func aGraphOfAnotherShapeIsRefused() throws {
    let handle = try family(bif)
    defer { _ = anc_family_free(handle) }
    var out: OpaquePointer?
    let graph: [UInt8] = [0, 0, 1, 0]
    expectError(anc_instance_create(handle, 1, graph, 2, &out), ANC_ERROR_ENGINE, "another one than the network's")
    let larger = [UInt8](repeating: 0, count: 9)
    expectError(anc_instance_create(handle, 1, larger, 3, &out), ANC_ERROR_ENGINE, "another one than the network's")
    let own: [UInt8] = [0, 1, 0, 0]
    try succeed(anc_instance_create(handle, 1, own, 2, &out))
    _ = anc_instance_free(out)
  }
}
