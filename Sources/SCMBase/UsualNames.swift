/// The known name that a word stands for in other tools, in papers or in another spelling: "ER" is erdos_renyi, "normal" gaussian.
///
/// Capitals, accents and separators make no difference: "Scale-Free" is scale_free.
func usual(_ word: String, among names: [String]) -> String? {
  let letters = bare(word)
  guard !letters.isEmpty else { return nil }
  if let same = names.first(where: { bare($0) == letters }) { return same }
  return meanings[letters]?.first { names.contains($0) }
}

/// Small letters and digits alone.
private func bare(_ word: String) -> String {
  String(word.prefix(64).lowercased().compactMap { plainLetters[$0] ?? ($0.isLetter || $0.isNumber ? $0 : nil) })
}

// Of the names of those after whom graphs are called.
private let plainLetters: [Character: Character] = [
  "ő": "o", "ö": "o", "ó": "o", "õ": "o", "é": "e", "è": "e", "á": "a", "à": "a", "ü": "u", "ú": "u", "í": "i",
]

/// Where a word is the name of two things, the first that is known in the field is meant.
private let meanings: [String: [String]] = {
  var found: [String: [String]] = [:]
  for (name, words) in words {
    for word in words { found[word, default: []].append(name) }
  }
  return found
}()

private let words: [(name: String, words: [String])] = [
  // Graphs.
  ("erdos_renyi", ["er", "gnp", "gnprandom", "erdosrenyigraph", "erdosrenyigilbert", "gilbert", "binomial"]),
  ("scale_free", ["sf", "ba", "barabasi", "barabasialbert", "barabasialbertgraph", "scalefreegraph", "powerlaw"]),
  ("stochastic_block", ["sbm", "stochasticblockmodel", "stochasticblockmodelgraph", "blockmodel", "block", "blocks"]),
  ("fixed_edge_count", ["gnm", "gnmrandom", "fixededges", "edgecount"]),
  ("watts_strogatz", ["ws", "smallworld", "wattsstrogatzgraph"]),
  ("random_geometric", ["rgg", "grg", "geometric", "geometricrandom", "randomgeometricgraph"]),
  ("fixed_in_degree", ["indegree"]),
  ("uniform_dag", ["uniform", "uniformrandomdag"]),
  (
    "hidden_confounder",
    ["confounder", "hiddenconfounding", "latentconfounder", "unobservedconfounder", "unmeasuredconfounder"]
  ),
  ("instrument", ["iv", "instrumental", "instrumentalvariable", "instrumentalvariables"]),
  // Mechanisms.
  ("linear", ["lin", "lineargaussian", "linearheteroskedastic", "linearheteroscedastic", "lsem"]),
  ("mlp", ["nn", "neuralnetwork", "neuralnet", "neural", "network", "multilayerperceptron"]),
  ("gpcde", ["gplvm", "gaussianprocesscde", "gaussianprocesslatent"]),
  ("gp", ["gaussianprocess", "gaussianprocesses", "additivegp", "gpadditive"]),
  ("polynomial", ["poly", "polynomials"]),
  ("quadratic", ["quad"]),
  ("product", ["prod", "multiplicative", "multiplication"]),
  ("log_space", ["logmultiplicative", "loglinear", "lognormal"]),
  ("sigmoid_additive", ["sigmoidadd", "sigmoidam", "additivesigmoid", "cam"]),
  ("periodic", ["sine", "sin", "cosine", "sinusoidal", "trigonometric"]),
  ("tree", ["trees", "forest", "randomforest", "decisiontree"]),
  // Noise.
  ("gaussian", ["normal", "norm", "gauss", "n"]),
  ("laplace", ["laplacian", "doubleexponential"]),
  ("uniform", ["unif", "u"]),
  ("student_t", ["t", "student", "studentst", "tdistribution"]),
  ("exponential", ["exp", "expon"]),
  ("gaussian_mixture", ["gmm", "mog", "mixture", "mixtureofgaussians", "normalmixture"]),
  ("cauchy", ["lorentz", "lorentzian"]),
  // Kernels.
  ("rbf", ["se", "squaredexponential", "exponentiatedquadratic", "gaussian", "gauss"]),
  ("matern12", ["exponential", "ou"]),
  ("rational_quadratic", ["rq"]),
  // Laws and layers.
  ("normal", ["gaussian", "gauss", "n"]),
  ("signed_uniform", ["uniform", "unif"]),
  ("log_normal", ["lognorm"]),
  ("leaky_relu", ["lrelu", "relu"]),
  ("he", ["kaiming"]),
]
