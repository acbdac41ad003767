import Foundation
import Testing

@Suite struct FamilyFileTests {
  private struct Scalar: Decodable {
    let yaml: String
    let shown: String
  }

  private func fingerprint(_ tool: Tool, _ family: String) throws -> String {
    let result = try tool("describe", family, "--json")
    #expect(result.status == 0, "\(result)")
    return try #require(try object(result.output)["fingerprint"] as? String)
  }

  /// Families in both notations; python/tests/unit/files/test_yaml.py reads the same files and expects the same fingerprints.
  @Test(arguments: ["family", "mixture"])
  func oneFamilyInYAMLAndJSONHasOneFingerprint(name: String) throws {
    let tool = try Tool()
    let folder = vectors.appending(path: "families").path
    let expected = try String(contentsOfFile: "\(folder)/\(name).fingerprint", encoding: .utf8)
    for ending in ["yaml", "json"] { #expect(try fingerprint(tool, "\(folder)/\(name).\(ending)") + "\n" == expected) }
  }

  /// As in Python, and as JSON has no other.
  @Test func aWholeNumberMayHaveAPoint() throws {
    let tool = try Tool()
    try tool.write("n_nodes: 6.0\nmlp_hidden: [8., 4e0]\nmechanism_proportions: {mlp: 1}\n", "f.yaml")
    try tool.write(#"{"n_nodes": 6, "mlp_hidden": [8, 4], "mechanism_proportions": {"mlp": 1}}"#, "f.json")
    #expect(try fingerprint(tool, "f.yaml") == fingerprint(tool, "f.json"))
    for value in ["6.5", ".nan", ".inf", "1e300", "0.0"] {
      try tool.write("n_nodes: \(value)\n", "f.yaml")
      try tool.expectRefusal("describe", "f.yaml", saying: "must be an integer from 1 to 2048")
    }
  }

  /// What a plain scalar means shows in the sentence that refuses it. Python reads the same list.
  @Test func scalarsMeanWhatTheyMeanInPython() throws {
    let tool = try Tool()
    let scalars = try JSONDecoder().decode(
      [Scalar].self, from: Data(contentsOf: vectors.appending(path: "yaml.json")))
    #expect(scalars.count > 40)
    for scalar in scalars {
      try tool.write("graph: \(scalar.yaml)\n", "f.yaml")
      try tool.expectRefusal("describe", "f.yaml", saying: "graph = \(scalar.shown): must be one of")
    }
  }

  @Test func faultsAreToldWithTheirLine() throws {
    let tool = try Tool()
    for (text, fragment) in [
      ("n_nodes: 5\nn_nodes: 6\n", "line 1, column 1: the key n_nodes comes twice"),
      (
        "graph: erdos_renyi\nn_nodes: !!python/object:os.system 5\n",
        "line 2, column 10: the tag tag:yaml.org,2002:python/object"
      ),
      ("n_nodes: !own 5\n", "line 1, column 10: the tag !own is not read"),
      ("n_nodes: [5\n", "line 2, column 1"), ("n_nodes: 5\n\tgraph: x\n", "line 2"), ("a: 1\n---\nb: 2\n", "line 2"),
      ("1: 2\n", "the key 1 must be text"), ("[a]: 2\n", "a key must be text"), ("a: *b\n", "undefined alias"),
      ("n_nodes: 2026-11-25\n", "is a date"), ("- 5\n", "must map fields to values"),
      ("n_nodes: \u{1}\n", "is not YAML"), (String(repeating: "[", count: 100_000), "is not YAML"),
      ("n_node: 5\n", "n_node = 5: is not a field of this configuration (did you mean n_nodes?)"),
    ] {
      try tool.write(text, "f.yaml")
      try tool.expectRefusal("describe", "f.yaml", saying: fragment)
    }
    for (text, fragment) in [
      (#"{"n_nodes": 5, "n_nodes": 6}"#, "line 1, column 16: an object names n_nodes twice"),
      ("[1]", "must hold a JSON object, and holds [1]"), ("", "must hold a JSON object (line 1, column 1"),
      ("{\n  \"n_nodes\": 7,\n}", "line 3, column 1: expected a member's name in quotation marks"),
      (String(repeating: "[", count: 100_000), "must hold a JSON object"), (#"{"n_nodes": 1e999}"#, "JSON"),
    ] {
      try tool.write(text, "f.json")
      try tool.expectRefusal("describe", "f.json", saying: fragment)
    }
  }

  @Test(arguments: [("f.yaml", "n_nodes: 7\r\n"), ("f.json", "{\r\n\"n_nodes\": 7}\r\n")])
  func filesThatWindowsWroteAreRead(name: String, text: String) throws {
    let tool = try Tool()
    try tool.write("n_nodes: 7\n", "plain.yaml")
    try tool.write("\u{FEFF}" + text, name)
    #expect(try fingerprint(tool, name) == fingerprint(tool, "plain.yaml"))
  }

  @Test func aliasesAndMergesAreReadAndBounded() throws {
    let tool = try Tool()
    try tool.write(
      "mixture:\n- family: &a {n_nodes: 7, graph: fixed_edge_count}\n- family: {<<: *a, n_nodes: 9}\n- family: *a\n",
      "f.yaml"
    )
    try tool.write(
      #"{"mixture": [{"family": {"n_nodes": 7, "graph": "fixed_edge_count"}}, {"family": {"graph": "fixed_edge_count", "n_nodes": 9}}, "#
        + #"{"family": {"n_nodes": 7, "graph": "fixed_edge_count"}}]}"#, "f.json")
    #expect(try fingerprint(tool, "f.yaml") == fingerprint(tool, "f.json"))
    var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      bomb += "a\(level): &a\(level) [\((0..<10).map { _ in "*a\(level - 1)" }.joined(separator: ", "))]\n"
    }
    try tool.write(bomb, "bomb.yaml")
    try tool.expectRefusal("describe", "bomb.yaml", saying: "more than 1000000 values")
  }

  @Test func anEmptyFileIsTheDefaults() throws {
    let tool = try Tool()
    try tool.write("# nothing\n", "f.yaml")
    try tool.write("{}", "f.json")
    #expect(try fingerprint(tool, "f.yaml") == fingerprint(tool, "f.json"))
  }

  @Test func whatIsNoFamilyIsRefused() throws {
    let tool = try Tool()
    try tool.expectRefusal("describe", "nowhere.yaml", saying: "nowhere.yaml can't be read: there is no such file.")
    try tool.expectRefusal("describe", "iscn", saying: "it is no preset either: those are notears-linear, ")
    try tool.expectRefusal("describe", ".", saying: "can't be read")
    try tool.expectRefusal("describe", "/dev/zero", saying: "must be a configuration")
    try Data([0xFF, 0xFE]).write(to: tool.folder.appending(path: "f.yaml"))
    try tool.expectRefusal("describe", "f.yaml", saying: "is not UTF-8")
  }
}
