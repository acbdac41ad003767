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

  @Test(arguments: ["", "-", "tree", "ba_ba", "🙂"]) func aWordWithoutAMeaningHasNone(_ word: String) {
    #expect(usual(word, among: Self.graphs) == nil)
  }
}
