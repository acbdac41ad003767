import Testing

@testable import SCMBase

@Suite struct UsualNamesTests {
  private static let graphs = ["erdos_renyi", "scale_free", "stochastic_block", "uniform_dag"]

  @Test(arguments: [
    ("ER", "erdos_renyi"), ("Erdős–Rényi", "erdos_renyi"), ("ErdosRenyi", "erdos_renyi"), ("gnp", "erdos_renyi"),
    ("SF", "scale_free"), ("Scale Free", "scale_free"), ("barabasi_albert", "scale_free"),
    ("Barabási-Albert", "scale_free"),
    ("SBM", "stochastic_block"), ("stochastic_block_model", "stochastic_block"), ("uniform", "uniform_dag"),
  ]) func aGraphIsKnownByItsOtherNames(_ word: String, name: String) {
    #expect(usual(word, among: Self.graphs) == name)
  }

  @Test func aWordMeansWhatTheFieldKnows() {
    #expect(usual("exponential", among: ["rbf", "matern12"]) == "matern12")
    #expect(usual("gaussian", among: ["rbf", "matern12"]) == "rbf")
    #expect(usual("Gaussian", among: ["normal", "signed_uniform"]) == "normal")
    #expect(usual("normal", among: ["gaussian", "laplace"]) == "gaussian")
  }

  private static let fields = ["n_nodes", "n_nodes_max", "graph", "sparsity_param", "noise_type", "noise_scale_law"]

  @Test(arguments: [
    ("noise", "noise_type"), ("num_nodes", "n_nodes"), ("d", "n_nodes"), ("max_nodes", "n_nodes_max"),
    ("graph_generator", "graph"), ("expected_degree", "sparsity_param"), ("edge_prob", "sparsity_param"),
    ("sigma", "noise_scale_law"),
  ]) func aFieldIsKnownByItsOtherNames(_ word: String, name: String) {
    #expect(meant(by: word, among: Self.fields) == name)
  }

  @Test(arguments: ["", "-", "tree", "ba_ba", "🙂"]) func aWordWithoutAMeaningHasNone(_ word: String) {
    #expect(usual(word, among: Self.graphs) == nil)
  }
}
