import CAncestral
import Testing

@Suite struct FamilyTests {
  @Test func tellsItsConfigurationFingerprintAndSize() throws {
    let family = try Family(#"{"n_nodes": 5, "n_nodes_max": 9, "sparsity_param": 1}"#)
    #expect(family.maxNodes == 9)
    let config = try text { anc_family_config(family.handle, $0, $1, $2) }
    #expect(config.hasPrefix("{\"graph\":\"erdos_renyi\","))
    let fingerprint = try text { anc_family_fingerprint(family.handle, $0, $1, $2) }
    #expect(fingerprint.utf8.count == 64)
    // The canonical text makes the same family.
    let again = try Family(config)
    #expect(try text { anc_family_config(again.handle, $0, $1, $2) } == config)
    #expect(try text { anc_family_fingerprint(again.handle, $0, $1, $2) } == fingerprint)
  }

  @Test func tellsWhatACallerReckonsWith() throws {
    func told(_ json: String) throws -> String {
      let family = try Family(json)
      return try text { anc_family_describe(family.handle, $0, $1, $2) }
    }
    #expect(
      try told(#"{"n_nodes": 5, "standardization": "internal"}"#)
        == #"{"discrete":false,"has_long_tasks":false,"max_nodes":5,"moment_rows":[],"redraws_divergent":false}"#)
    let batch = #"{"n_nodes": 5, "standardization": "batch", "calibration_rows": 100}"#
    #expect(
      try told(#"{"mixture": [{"family": {"n_nodes": 300}}, {"family": \#(batch)}]}"#)
        == #"{"discrete":false,"has_long_tasks":true,"max_nodes":300,"moment_rows":[100],"redraws_divergent":false}"#)
    #expect(
      try told(#"{"n_nodes": 5, "mechanism_proportions": {"binary": 1}}"#)
        == #"{"discrete":true,"has_long_tasks":false,"max_nodes":5,"moment_rows":[],"redraws_divergent":false}"#)
  }

  @Test(arguments: [
    ("", "must be a JSON object"), ("[]", "must be a JSON object"), ("{", "must be a JSON object"),
    (#"{"n_nodes": 0}"#, "n_nodes = 0: must be an integer from 1 to 2048."),
    (#"{"n_nodes": -1}"#, "n_nodes = -1: "), (#"{"n_nodes": 1000000}"#, "n_nodes = 1000000: "),
    (#"{"n_nodes": 5, "sparsity_param": 5}"#, "sparsity_param = 5.0: must be from 0 to 2.0 expected edges per node"),
    (#"{"mechanism_proportions": {"linear": 0}}"#, "positive, finite sum"),
    (#"{"mechanism_proportions": {"lineal": 1}}"#, "did you mean linear?"),
    (#"{"sparsity_param": NaN}"#, "must be a JSON object"), (#"{"nodes": 5}"#, "is not a field"),
  ])
  func badConfigurationsAreErrorsInOneSentence(json: String, fragment: String) {
    var out: OpaquePointer?
    expectError(anc_family_create(json, &out), ANC_ERROR_CONFIG, fragment)
    #expect(out == nil)
  }

  @Test func textThatIsNotUTF8IsAnError() {
    var out: OpaquePointer?
    let bytes: [UInt8] = [0x7B, 0x22, 0xFF, 0xFE, 0xC0, 0x22, 0x3A, 0x31, 0x7D, 0]
    expectError(bytes.withUnsafeBytes { anc_family_create($0.bindMemory(to: CChar.self).baseAddress, &out) })
  }

  @Test func nullIsAnErrorThatNamesTheArgument() {
    var out: OpaquePointer?
    var needed = 0
    expectError(anc_family_create(nil, &out), ANC_ERROR_CONFIG, "json = NULL")
    expectError(anc_family_config(nil, nil, 0, &needed), ANC_ERROR_CONFIG, "family = NULL")
    expectError(anc_family_fingerprint(nil, nil, 0, &needed), ANC_ERROR_CONFIG, "family = NULL")
    expectError(anc_family_describe(nil, nil, 0, &needed), ANC_ERROR_CONFIG, "family = NULL")
    #expect(anc_family_free(nil) == ANC_OK)
  }
}
