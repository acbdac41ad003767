import SCMBase

// Published families whose tasks are of many kinds: each is a product of choices that are made independently for each task.

extension FamilyPreset {
  /// One of the values that a choice may take: its weight, and the fields that it sets.
  typealias Option = (weight: Double, members: [String: JSONValue])

  /// All combinations of one option from each choice, with the products of their weights.
  static func product(_ choices: [[Option]]) -> [Option] {
    choices.reduce([(1, [:])]) { sofar, options in
      sofar.flatMap { first in
        options.map { (first.weight * $0.weight, first.members.merging($0.members) { $1 }) }
      }
    }
  }

  /// Options of equal weight, together of weight 1.
  static func among(_ options: [Option]) -> [Option] {
    let total = options.reduce(0) { $0 + $1.weight }
    return options.map { ($0.weight / total, $0.members) }
  }

  static func values(_ field: String, _ values: [JSONValue]) -> [Option] {
    among(values.map { (1, [field: $0]) })
  }

  static func mixture(_ options: [Option]) -> [String: JSONValue] {
    let list = options.map { option -> JSONValue in
      .object(["weight": .number(option.weight), "family": .object(option.members)])
    }
    return ["mixture": .array(list)]
  }

  static let aviciSCMv0 = FamilyPreset(
    name: "avici-scm-v0",
    source:
      "Lorch, Sussex, Rothfuss, Krause, Schölkopf, \"Amortized inference for causal structure learning\", NeurIPS 2022, as the "
      + "configuration of its published model scm-v0 says: six kinds of graphs of 30 nodes (their sizes range from 2 to 100), "
      + "linear and RFF mechanisms, half of the linear and all RFF ones heteroskedastic, Gaussian, Laplace and Cauchy noise. "
      + "Small worlds are rings of 2, 3 or 6 links a node here, not lattices of 2 or 3 dimensions; blocks too small for their "
      + "density and the real data are left out.",
    members: mixture(
      product([[(1, ["n_nodes": .integer(30)])], scmV0Graphs, scmV0Mechanisms, scmV0Noise])))

  /// Every kind of graph has the same weight, and within it every combination of its options.
  private static var scmV0Graphs: [Option] {
    let densities = values("sparsity_param", [.number(1), .number(2), .number(3)])
    let powers = values("scale_free_power", [.number(0.7), .number(1), .number(1.2), .number(1.5)])
    func kind(_ name: String, _ choices: [[Option]]) -> [Option] {
      among(product([[(1, ["graph": .string(name)])]] + choices))
    }
    func scaleFree(_ orientation: String) -> [Option] {
      kind("scale_free", [values("scale_free_orientation", [.string(orientation)]), densities, powers])
    }
    let blocks = [2.0, 5, 10].flatMap { count in
      // Ten blocks of three nodes have no room for three edges a node at a ratio of a tenth.
      [1.0, 2, 3].filter { count < 10 || $0 < 3 }.map { density -> Option in
        (1, ["stochastic_block_count": .integer(Int(count)), "sparsity_param": .number(density)])
      }
    }
    // Expected links at radius r among n = 30 points: (n − 1)/2·(πr² − 8r³/3 + r⁴/2) a node.
    let radii = [0.08, 0.1, 0.15].map { r in
      14.5 * (Double.pi * r * r - 8 * r * r * r / 3 + r * r * r * r / 2)
    }
    return among(
      kind("erdos_renyi", [densities]) + scaleFree("in") + scaleFree("out")
        + kind(
          "watts_strogatz",
          [
            values("sparsity_param", [.number(2), .number(3), .number(6)]),
            values("watts_strogatz_rewiring", [.number(0.2), .number(0.4)]),
          ])
        + kind("stochastic_block", [values("stochastic_block_ratio", [.number(0.1)]), among(blocks)])
        + kind("random_geometric", [values("sparsity_param", radii.map(JSONValue.number))]))
  }

  private static var scmV0Mechanisms: [Option] {
    func ranges(_ least: String, _ most: String, _ bounds: [(Double, Double)]) -> [Option] {
      among(bounds.map { (1, [least: .number($0.0), most: .number($0.1)]) })
    }
    let scales: [Option] = [
      (0.5, ["noise_scale_law": .string("uniform"), "noise_scale_min": .number(0.2), "noise_scale_max": .number(2)]),
      (0.5, heteroskedastic),
    ]
    let linear = product([
      [(1, ["linear_weights": .string("signed_uniform"), "linear_bias": .number(3)])],
      ranges("linear_weight_min", "linear_weight_max", [(0.25, 2), (2, 4), (0.25, 4)]), scales,
    ])
    let functions = product([
      [
        (
          1,
          [
            "mechanism_proportions": .object(["gp": .number(1)]), "gp_features": .integer(100),
            "gp_length_law": .string("uniform"), "gp_bias": .number(3),
          ]
        )
      ],
      [(1, heteroskedastic)],
      ranges("gp_length_first", "gp_length_second", [(5, 8), (8, 12), (5, 12)]),
      ranges("gp_output_min", "gp_output_max", [(8, 15), (15, 22), (8, 22)]),
    ])
    return among(linear + functions)
  }

  private static var heteroskedastic: [String: JSONValue] {
    ["noise_scale_law": .string("input"), "noise_input_length": .number(10), "noise_input_scale": .number(2)]
  }

  private static var scmV0Noise: [Option] {
    among([
      (3, ["noise_type": .string("gaussian")]), (2, ["noise_type": .string("laplace")]),
      (1, ["noise_type": .string("cauchy")]),
    ])
  }

  static let bcnpPaper = FamilyPreset(
    name: "bcnp-paper",
    source:
      "Dhir, Ashman, Requeima, van der Wilk, \"A meta-learning approach to Bayesian causal discovery\", ICLR 2025, as the paper "
      + "words it: Erdős–Rényi graphs of 20 nodes with 20, 40 or 60 expected edges; each task is all linear with Gamma noise "
      + "variances, all networks of two hidden layers of 32 with the noise as an input, or all GPCDE. What the text leaves open "
      + "has this library's defaults; bcnp-code is what its generator does.",
    members: mixture(
      product([
        values("sparsity_param", [.number(1), .number(2), .number(3)]),
        values(
          "mechanism_proportions",
          ["linear", "mlp", "gpcde"].map { .object([$0: .number(1)]) }),
      ])))
}
