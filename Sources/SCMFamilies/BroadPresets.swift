import SCMBase
import SCMRandom

// The priors of networks for tables and of the newest networks for causal discovery, as far as their public code states laws. Each name
// of a law below is that of its code; what can't be expressed is told in the source.

extension FamilyPreset {
  static let dowhyFoundCause = FamilyPreset(
    name: "dowhy-foundcause",
    source:
      "The generator of random SCMs in dowhy (dowhy/gcm/data_generator.py at 3c330f1, py-why/dowhy on GitHub, 2026), by an "
      + "author of FoundCause (Blöbaum, Balasubramanian, Kasiviswanathan, arXiv 2606.17516), whose own repository has no "
      + "generator: parents standardised at 1000 calibration rows, linear weights ±U(0.25, 1), networks of 2 to 4 hidden layers "
      + "of tanh with a spectral norm of 5 and biases U(-1, 1), functions mapped to [-1, 1] at their 1 % and 99 % quantiles, "
      + "noise deviations U(0.01, 0.5), noise half Gaussian mixtures of 2 to 6 components, roots of variance 1 and six in ten "
      + "of them such mixtures, 5 % of the nodes with parents cut into 2 to 8 bins whose numbers children read. 10 nodes with "
      + "the 15 expected edges of its graphs with two roots; FoundCause was trained on 2 to 50. Here a task has one law of "
      + "noise, one of roots, one depth of networks and one place of their noise where dowhy draws them for each node; layers "
      + "have 34 units, not 4 to 64 each; spectral norms are near 5; bins are of random sizes, not equal ones, and are read as "
      + "they are. Left out: heteroscedastic noise (16 % of its nodes), log-normal, beta and most chi-squared roots, bins of "
      + "roots, signs and the bounded exponent of log-space nodes, the calibration of these, its connected graphs with parents "
      + "of a fixed number. Not public: FoundCause's settings, confounders and missing values. Censoring is in the design of "
      + "this name.",
    members: mixture(product([[(1, dowhyBase)], dowhyPlaces, dowhyLayers, dowhyRoots, dowhyNoise])))

  private static let dowhyBase: [String: JSONValue] = [
    "n_nodes": .integer(10), "sparsity_param": .number(1.5), "standardization": .string("inputs"),
    "calibration_rows": .integer(1000), "root_policy": .string("noise"), "function_range": .number(1),
    "discretized_proportion": .number(0.05), "discretized_classes_min": .integer(2),
    "discretized_classes_max": .integer(8),
    "class_reading": .string("number"),
    "linear_weights": .string("signed_uniform"), "linear_weight_min": .number(0.25), "linear_weight_max": .number(1),
    "mlp_activation": .string("tanh"), "mlp_init": .string("spectral"), "mlp_spectral_norm": .number(5),
    "mlp_bias_law": .string("uniform"), "mlp_bias_scale": .number(1), "noise_scale_law": .string("uniform"),
    "noise_scale_min": .number(0.01), "noise_scale_max": .number(0.5),
    // A fifth of the nodes are linear, a fifth read their noise, the others are networks with added noise; a tenth of the nodes with added
    // noise are in log space.
    "mechanism_proportions": .object(["linear": .number(0.18), "log_space": .number(0.08), "mlp": .number(0.74)]),
  ]

  /// Networks that read their noise are 0.2 of all nodes, and those to which it is added 0.54.
  private static let dowhyPlaces = among([
    (0.2, ["mlp_noise": .string("scaled_input")]), (0.54, ["mlp_noise": .string("additive")]),
  ])

  private static let dowhyLayers = values(
    "mlp_hidden", [2, 3, 4].map { .array([JSONValue](repeating: .integer(34), count: $0)) })

  /// A chi-squared law of two degrees of freedom, one of four, is exponential.
  private static let dowhyRoots: [Option] = {
    func named(_ weight: Double, _ law: String) -> Option { (weight, ["root_noise_type": .string(law)]) }
    let unimodal =
      [named(0.25, "gaussian"), named(0.15, "uniform"), named(0.1, "laplace"), named(0.1 + 0.1 / 4, "exponential")]
      + student(0.05, "root_noise_type", [5, 7, 10])
    return [named(0.6, "gaussian_mixture")] + share(0.4, of: among(unimodal))
  }()

  /// Last, so that noise has its own degrees of freedom where roots are Student's too.
  private static let dowhyNoise: [Option] =
    [
      (0.5, ["noise_type": .string("gaussian_mixture")]), (0.5 * 0.35, ["noise_type": .string("gaussian")]),
      (0.5 * 0.25, ["noise_type": .string("laplace")]), (0.5 * 0.2, ["noise_type": .string("uniform")]),
    ] + student(0.5 * 0.2, "noise_type", [3, 5, 7])

  private static func student(_ weight: Double, _ field: String, _ freedoms: [Double]) -> [Option] {
    share(
      weight,
      of: among(
        freedoms.map { freedom -> Option in
          (1, [field: .string("student_t"), "noise_degrees_of_freedom": .number(freedom)])
        }))
  }

  private static func share(_ weight: Double, of options: [Option]) -> [Option] {
    options.map { (weight * $0.weight, $0.members) }
  }

  static let cauScale = FamilyPreset(
    name: "cauScale-synthetic",
    source:
      "Peng, Chen, Tian, Qiao, Lu, \"CauScale: neural causal discovery at scale\", ICML 2026 (arXiv 2602.08629), as the scripts and the "
      + "generator of its training data say (data/data_generation/synthetic at 5924bda, OpenCausaLab/CauScale on GitHub), which are DCDI's "
      + "and SEA's: Erdős–Rényi and scale-free graphs of 1 to 4 edges a node; each task is all linear with weights ±U(0.25, 1), all "
      + "networks of 20 tanh units with the noise as an input, or all networks of 10 leaky units with added noise, weights N(0, 1), biases "
      + "U(±1/√inputs); noise variances 0.16·U(1, 2), roots U(-1, 1). 20 nodes (theirs are 10, 20 and 100, then 150 to 500). Scale-free "
      + "graphs are Barabási–Albert's here; theirs have binomial numbers of parents, drawn with replacement by their numbers of children. "
      + "Theirs draw noise variances anew for each regime. The mechanisms of their tests and SERGIO are left out. Interventions are in "
      + "the design of this name.",
    members: mixture(
      product([
        [(1, cauScaleBase)], values("graph", [.string("erdos_renyi"), .string("scale_free")]),
        values("sparsity_param", [1, 2, 3, 4].map { .number($0) }), cauScaleMechanisms,
      ])))

  private static let cauScaleBase: [String: JSONValue] = [
    "n_nodes": .integer(20), "root_policy": .string("noise"), "root_noise_type": .string("uniform"),
    "root_noise_scale": .number((1.0 / 3).squareRoot()), "noise_scale_law": .string("uniform_variance"),
    "noise_scale_min": .number(0.4), "noise_scale_max": .number(0.4 * 2.0.squareRoot()),
  ]

  private static let cauScaleMechanisms: [Option] = {
    func network(_ units: Int, _ options: [String: JSONValue]) -> Option {
      (
        1,
        options.merging([
          "mechanism_proportions": .object(["mlp": .number(1)]), "mlp_hidden": .array([.integer(units)]),
          "mlp_init": .string("n01"), "mlp_bias_law": .string("fan_in"),
        ]) { $1 }
      )
    }
    return among([
      (
        1,
        [
          "linear_weights": .string("signed_uniform"), "linear_weight_min": .number(0.25),
          "linear_weight_max": .number(1),
        ]
      ),
      network(20, ["mlp_activation": .string("tanh"), "mlp_noise": .string("scaled_input")]),
      // PReLU as it begins.
      network(10, ["mlp_slope": .number(0.25), "mlp_noise": .string("additive")]),
    ])
  }()

  static let tabICL = FamilyPreset(
    name: "tabicl-like",
    source:
      "Qu, Holzmüller, Varoquaux, Le Morvan, \"TabICL: a tabular foundation model for in-context learning on large data\", ICML 2025, "
      + "after what its public prior states of nodes (src/tabicl/prior at 8f1aa20, soda-inria/tabicl on GitHub): 0.7 of the tasks are of "
      + "networks of tanh, leaky or ReLU units with weights N(0, 1) and biases U(±1/√inputs), or of linear ones (here a linear map without "
      + "biases), 0.3 of sums of 1 to 4 trees of depth "
      + "2 to 4 with shares by 1 + ⌊Exp(2)⌋ and 2 + ⌊Exp(2)⌋ cut at 4; parents standardised, one normal noise deviation for all nodes of a "
      + "task, log-uniform on [0.0001, 0.3] in five steps; roots all normal or all uniform, 0.43 to 0.57. It is no SCM of the columns that "
      + "one sees: columns are units of a layered network, or its inputs. So graphs (here Erdős–Rényi, 20 nodes, two edges a node) are this "
      + "library's. Left out: depths and widths of the layered network (here one layer of 20), its other activations and their random "
      + "scales, dropout of weights in blocks, trees fitted to noise (leaves are N(0, 1) here), mixed roots with Zipf's law and categories, "
      + "deviations for each unit, columns made categories afterwards, outliers cut.",
    members: mixture(product([[(1, tabularBase)], tabICLFunctions, tabICLRoots, levels(least: 1e-4, most: 0.3)])))

  private static let tabularBase: [String: JSONValue] = [
    "n_nodes": .integer(20), "standardization": .string("inputs"), "root_policy": .string("noise"),
    "mlp_hidden": .array([.integer(20)]), "mlp_init": .string("n01"), "mlp_bias_law": .string("fan_in"),
    "mlp_noise": .string("additive"), "tree_leaf_scale": .number(1),
  ]

  private static let tabICLFunctions: [Option] = {
    let networks = among([
      (1, network(["mlp_activation": .string("tanh")])), (1, network(["mlp_slope": .number(0.01)])),
      (1, network(["mlp_slope": .number(0)])), (1, ["mechanism_proportions": .object(["linear": .number(1)])]),
    ])
    // ⌊Exp(2)⌋ is k with probability e^(−k/2) − e^(−(k + 1)/2), and what is beyond is cut.
    func cut(_ field: String, from least: Int) -> [Option] {
      let tails = [1, 0.6065306597126334, 0.36787944117144233, 0.22313016014842982]
      return (least...4).map { value in
        let tail = tails[value - least]
        return (value == 4 ? tail : tail - tails[value - least + 1], [field: .integer(value)])
      }
    }
    let trees = product([
      [(1, ["mechanism_proportions": .object(["tree": .number(1)])])], cut("tree_count", from: 1),
      cut("tree_depth", from: 2),
    ])
    return share(0.7, of: networks) + share(0.3, of: trees)
  }()

  private static func network(_ options: [String: JSONValue]) -> [String: JSONValue] {
    options.merging(["mechanism_proportions": .object(["mlp": .number(1)])]) { $1 }
  }

  /// E[e/(e + eᵃ + eᵇ)] = 0.2727 for a, b ~ U(−3, 5), and half the rest for each of the other two ways, of which one is left out.
  private static let tabICLRoots = among([
    (0.2727, ["root_noise_type": .string("gaussian")]),
    ((1 - 0.2727) / 2, ["root_noise_type": .string("uniform"), "root_noise_scale": .number((1.0 / 12).squareRoot())]),
  ])

  /// One deviation of the noise for all nodes of a task, log-uniform in five steps of equal weight, each at its middle.
  private static func levels(least: Double, most: Double) -> [Option] {
    let ratio = Elementary.log(most / least)
    return among(
      (0..<5).map { step -> Option in
        let level = JSONValue.number(least * Elementary.exp(ratio * (Double(step) + 0.5) / 5))
        return (1, ["noise_scale_law": .string("uniform"), "noise_scale_min": level, "noise_scale_max": level])
      })
  }

  static let tabICLv2 = FamilyPreset(
    name: "tabiclv2-like",
    source:
      "Qu, Holzmüller, Varoquaux, Le Morvan, \"TabICLv2: a better, faster, scalable, and open tabular foundation model\", 2026 (arXiv "
      + "2602.11139), after the nodes of its public graph prior (src/tabicl/prior/graph_lib at 8f1aa20, soda-inria/tabicl on GitHub): six "
      + "of its eight kinds of functions (networks, trees, linear, quadratic, Gaussian processes, products), each as likely, nodes "
      + "standardised, networks of one or two hidden layers of tanh, sigmoid or leaky units, 2, 11 or 57 trees (log-uniform on [1, 128]) of depth 1 to 7, "
      + "roots normal or uniform, normal noise of one deviation a task, log-uniform on [0.00001, 1] in five steps, as its option "
      + "graph_noise has it (off by default). 16 nodes and 60 expected edges, the mean of its Cauchy graphs; its own have 2 to 32 nodes "
      + "and probabilities σ(A + B + C) of Cauchy numbers, which give hubs. Left out: nodes of several dimensions, of which columns are "
      + "parts, random points as roots, discretised and cluster functions, maxima and log-sums of parents, its matrices, activations and "
      + "heavy-tailed kernels, importances of nodes, warping, converters to categories.",
    members: mixture(
      product([
        [(1, tabICLv2Base)], tabICLv2Networks, tabICLv2Trees,
        values("root_noise_type", [.string("gaussian"), .string("uniform")]), levels(least: 1e-5, most: 1),
      ])))

  private static let tabICLv2Base: [String: JSONValue] = tabularBase.merging([
    "n_nodes": .integer(16), "sparsity_param": .number(3.75), "standardization": .string("internal"),
    "gp_features": .integer(256),
    "mechanism_proportions": .object(
      Dictionary(
        uniqueKeysWithValues: ["mlp", "tree", "linear", "quadratic", "gp", "product"].map { ($0, JSONValue.number(1)) })
    ),
  ]) { $1 }

  private static let tabICLv2Networks = product([
    values("mlp_hidden", [.array([.integer(16)]), .array([.integer(16), .integer(16)])]),
    among([
      (1, ["mlp_activation": .string("tanh")]), (1, ["mlp_activation": .string("sigmoid")]),
      (1, ["mlp_slope": .number(0.01)]),
    ]),
  ])

  /// The middles of three steps of equal weight of a log-uniform law on [1, 128].
  private static let tabICLv2Trees = product([
    values("tree_count", [2, 11, 57].map { .integer($0) }), values("tree_depth", (1...7).map { .integer($0) }),
  ])
}
