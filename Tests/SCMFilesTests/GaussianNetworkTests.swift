import Foundation
import SCMBase
import SCMFamilies
import SCMFiles
import Testing

/// Linear-Gaussian networks in the JSON of the bnlearn repository.
@Suite struct GaussianNetworkTests {
  static let text = """
    {"nodes": ["b", "a", "c"], "arcs": [["a", "b"], ["a", "c"], ["b", "c"]],
     "cpds": {"a": {"coefficients": {"(Intercept)": [1.5]}, "variance": [2], "parents": []},
      "b": {"coefficients": {"(Intercept)": [0], "a": [-0.5]}, "variance": [0.25], "parents": ["a"]},
      "c": {"coefficients": {"(Intercept)": 3, "a": 4, "b": 5}, "variance": 0, "parents": ["a", "b"]}}}
    """

  @Test func theFormOfBnlearnIsRead() throws {
    let expected = try BayesianNetwork([
      .init("b", parents: ["a"], law: .linearGaussian(intercept: 0, coefficients: [-0.5], variance: 0.25)),
      .init("a", law: .linearGaussian(intercept: 1.5, coefficients: [], variance: 2)),
      .init("c", parents: ["b", "a"], law: .linearGaussian(intercept: 3, coefficients: [5, 4], variance: 0)),
    ])
    #expect(try BayesianNetwork(Self.text, format: .json) == expected)
    // The canonical text of a family is read too.
    #expect(try BayesianNetwork(FamilySpecification.network(expected).canonicalJSON, format: .json) == expected)
    // A variance of 0 leaves no noise.
    let rows = try SCMFamily(expected).sampleTask(seed: 1).sample(50)
    for row in 0..<50 { #expect(abs(rows[row, 2] - (3 + 4 * rows[row, 1] + 5 * rows[row, 0])) < 1e-4) }
  }

  static let faults: [(change: (String, String), sentence: String)] = [
    (("\"variance\": [2]", "\"variance\": [-2]"), "cpds.a.variance = -2.0: must be a finite number >= 0."),
    (("\"variance\": [2]", "\"variance\": [2, 3]"), "cpds.a.variance = [2, 3]: must be a number, or a list of one."),
    (("\"variance\": [2]", "\"varianc\": [2]"), "cpds.a.variance = null: must be a number"),
    (("\"a\": [-0.5]", "\"x\": [-0.5]"), "cpds.b.coefficients = \"x\": must be one of the parents, or (Intercept)."),
    (("\"a\": [-0.5]", "\"(Intercept)\": [1]"), "network = a text of"),
    (("[\"a\", \"b\"], [\"a\", \"c\"]", "[\"a\", \"b\"]"), "cpds.c.parents = \"a\": must be among the arcs too."),
    (("[\"a\", \"b\"], [\"a\"", "[\"b\", \"a\"], [\"a\""), "arcs[0] = [\"b\", \"a\"]: must be a parent and its child"),
    (("[\"a\", \"b\"], ", "[\"a\", \"c\"], "), "arcs[1] = [\"a\", \"c\"]: must be a parent and its child"),
    (("\"parents\": []", "\"parents\": [\"c\"]"), "cpds.a.coefficients.c = null: must be a number"),
    (("[\"b\", \"a\", \"c\"]", "[\"b\", \"a\"]"), "cpds = \"c\": must be one of the nodes"),
    (("[\"b\", \"a\", \"c\"]", "[\"b\", \"a\", \"c\", \"d\"]"), "cpds.d = null: must be an object."),
    (
      ("[\"b\", \"a\", \"c\"]", "[\"b\", \"a\", \"c\", \"a\"]"), "cpds.a.name = \"a\": must be the name of one variable"
    ),
    (("\"nodes\"", "\"node\""), "network = {"), (("{\"nodes\"", "{{\"nodes\""), "network = a text of"),
  ]

  @Test(arguments: faults.indices) func whatIsWrongIsSaidWithItsMember(index: Int) throws {
    let (change, sentence) = Self.faults[index]
    let range = try #require(Self.text.firstRange(of: change.0))
    let text = Self.text.replacingCharacters(in: range, with: change.1)
    let error = #expect(throws: ConfigError.self) { try BayesianNetwork(text, format: .json) }
    #expect(error?.description.hasPrefix(sentence) == true, "\(error?.description ?? "")")
  }

  @Test func aCycleIsNamed() {
    let text = Self.text.replacing(
      #""(Intercept)": [1.5]}, "variance": [2], "parents": []"#,
      with: #""(Intercept)": [1.5], "c": 1}, "variance": [2], "parents": ["c"]"#
    ).replacing(#""arcs": ["#, with: #""arcs": [["c", "a"], "#)
    let error = #expect(throws: ConfigError.self) { try BayesianNetwork(text, format: .json) }
    #expect(error?.description.hasSuffix("must close no cycle: this is no DAG.") == true, "\(error?.description ?? "")")
  }
}
