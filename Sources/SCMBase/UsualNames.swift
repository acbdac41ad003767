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
  // Fields of families and designs.
  (
    "n_nodes",
    [
      "d", "dim", "numnodes", "nodes", "nodecount", "nvars", "numvars", "nvariables", "numvariables", "variables",
      "nfeatures", "numfeatures", "minnodes", "nnodesmin",
    ]
  ),
  ("n_nodes_max", ["maxnodes", "maxnumnodes", "maxvars", "maxvariables"]),
  ("n_samples", ["n", "numsamples", "samples", "nobs", "nobservations", "samplesize", "rows", "nrows", "numrows"]),
  ("seed", ["randomseed", "randomstate"]),
  ("batch_size", ["batch", "tasksperbatch"]),
  ("graph", ["graphtype", "graphkind", "graphmodel", "graphfamily", "graphgenerator", "dagtype"]),
  (
    "sparsity_param",
    [
      "sparsity", "density", "degree", "expecteddegree", "avgdegree", "averagedegree", "edges", "nedges", "numedges",
      "expectededges", "edgespernode", "edgeprob", "edgeprobability",
    ]
  ),
  (
    "mechanism_proportions",
    [
      "mechanism", "mechanisms", "mechanismtype", "mechanismkind", "mechanismfactory", "mechanismweights",
      "proportions", "function", "functions", "functiontype", "functype",
    ]
  ),
  ("noise_type", ["noise", "noisekind", "noiselaw", "noisedist", "noisedistribution", "noisefamily", "noisemodel"]),
  ("noise_degrees_of_freedom", ["df", "dof", "nu"]),
  ("noise_scale_law", ["noisescale", "noisestd", "noisesigma", "sigma", "scale"]),
  ("noise_variance_scale", ["noisevariance", "noisevar"]),
  ("standardization", ["standardize", "standardise", "standardized", "normalize", "normalise", "normalization"]),
  ("mlp_hidden", ["hidden", "hiddendim", "hiddensize", "hiddenunits", "hiddenlayers", "layersizes"]),
  ("mlp_activation", ["activation", "nonlinearity"]),
  ("gp_kernels", ["kernel", "kernels"]),
  ("gp_features", ["nfourier", "randomfeatures", "fourierfeatures"]),
  ("tree_count", ["ntrees", "numtrees", "nestimators"]),
  ("tree_depth", ["depth", "maxdepth"]),
  ("value_mean", ["mean", "mu"]),
  ("value_deviation", ["std", "sd", "sigma", "deviation"]),
  ("values", ["value", "valuelaw"]),
  ("regimes", ["nregimes", "numregimes", "environments", "nenvs", "contexts"]),
  ("targets", ["ntargets", "numtargets", "targetcount"]),
  ("missing", ["missingness", "missingmechanism"]),
  ("missing_rate", ["rate", "missingfraction", "pmissing"]),
]
