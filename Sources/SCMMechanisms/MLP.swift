public import SCMBase
public import SCMRandom

/// A small network of the parents and the noise: X = g(parents, ε), so the noise is not additive unless asked.
///
/// Without biases, as by default, g with a leaky ReLU is positively homogeneous: g(s·x) = s·g(x) for s > 0. So a node without parents is a·ε
/// for ε > 0 and b·ε for ε < 0 with two slopes of either sign, whose correlation over the law of the weights makes six in ten of such nodes
/// keep one sign (1/2 + arcsin(0.302)/π for two hidden layers, by the arc-cosine kernel of Cho and Saul, "Kernel methods for deep learning",
/// NeurIPS 2009), and all have their kink at 0. ``biasScale`` moves the kinks away from 0.
public struct MLPModel: MechanismModel, Hashable {
  public static let kind = "mlp"
  public var kind: String { Self.kind }
  public var readsNoiseScale: Bool { true }

  /// The law of the network's weights and biases.
  public enum Initialization: String, NamedChoice, Codable {
    /// Weights N(0, 2 / ((1 + slope²)·fan_in)), biases 0: the variance is kept from layer to layer.
    ///
    /// Source: He, Zhang, Ren, Sun, "Delving deep into rectifiers", ICCV 2015.
    case he
    /// Weights and biases U(±1/√fan_in), as `torch.nn.Linear` does; outputs are then nearly constant.
    case torch
    /// Weights N(0, 1), biases 0.
    case n01
    /// Weights ±U(0.5, 2), biases 0.
    ///
    /// Source: Zheng, Dan, Aragam, Ravikumar, Xing, "Learning sparse nonparametric DAGs", AISTATS 2020.
    case notears
    /// Weights N(0, norm² / (√fan_in + √fan_out)²) in hidden layers, whose spectral norm is then about ``MLPModel/spectralNorm``, and N(0, 1)
    /// in the last; biases 0.
    ///
    /// Source: dowhy's `gcm.data_generator` divides by the very norm, which tends to √fan_in + √fan_out (Bai, Yin, "Limit of the smallest
    /// eigenvalue of a large dimensional sample covariance matrix", Annals of Probability 21 (1993)).
    case spectral
  }

  /// The law of the biases, but for ``Initialization/torch``, which has its own.
  public enum BiasLaw: String, NamedChoice, Codable {
    /// N(0, ``MLPModel/biasScale``²).
    case normal
    /// Uniform between minus and plus ``MLPModel/biasScale``.
    case uniform
    /// U(±1/√fan_in), as `torch.nn.Linear` leaves them where only weights are drawn anew.
    case fanIn = "fan_in"
  }

  /// Where the noise enters.
  public enum NoisePlace: String, NamedChoice, Codable {
    /// As the network's last input, with variance 1.
    case input
    /// As the network's last input, of the family's size.
    case scaledInput = "scaled_input"
    /// Added to its output; a node without parents is then the noise alone.
    case additive
  }

  public var hidden = [32, 32]
  public var slope = 0.01
  public var initialization = Initialization.he
  /// The largest singular value of hidden weights under ``Initialization/spectral``, about.
  public var spectralNorm = 5.0
  public var biasLaw = BiasLaw.normal
  /// Standard deviation of the normal biases of every layer, or bound of uniform ones; 0 for none. Not for ``Initialization/torch``, which has its own.
  public var biasScale = 0.0
  public var activation = Activation.leakyReLU
  public var noisePlace = NoisePlace.input

  public init() {}

  public var fields: [Field<Self>] {
    [
      .integers("mlp_hidden", \.hidden, in: 1...1024, count: 1...8, "Widths of the hidden layers."),
      .number("mlp_slope", \.slope, in: .from(0, to: 1), "Slope of the leaky ReLU below 0."),
      .choice(
        "mlp_init", \.initialization,
        "Law of the weights: he (variance kept), torch (nn.Linear's default), n01 (standard normal), notears (±U(0.5, 2)) or spectral "
          + "(hidden layers of a given norm)."
      ),
      Field<Self>.number(
        "mlp_spectral_norm", \.spectralNorm, in: .above(0, to: 1e6),
        "About the largest singular value of the weights of a hidden layer under mlp_init = spectral."
      ).when { $0.initialization == .spectral },
      // Older fingerprints know nothing of other laws of biases, and are those of normal ones.
      Field<Self>.choice(
        "mlp_bias_law", \.biasLaw,
        "Law of the biases of every layer: normal of deviation mlp_bias_scale, uniform between minus and plus that, or fan_in: U(±1/√inputs)."
      ).when { $0.biasLaw != .normal },
      // Older fingerprints know nothing of biases, and are those of networks without.
      Field<Self>.number(
        "mlp_bias_scale", \.biasScale, in: .from(0, to: 1e6),
        "Standard deviation of the normal biases of every layer; 0 for none, with which six in ten nodes without parents never "
          + "change sign (at 0.1: 35 in 100). mlp_init = torch has its own."
      ).when { $0.biasScale != 0 },
      .choice("mlp_activation", \.activation, "Activation of the hidden layers: leaky_relu, tanh or sigmoid."),
      .choice(
        "mlp_noise", \.noisePlace,
        "Where the noise enters: as the network's last input with variance 1 (input) or of the family's size (scaled_input), or additive."
      ),
    ]
  }

  public func check() throws(ConfigError) {
    guard biasScale == 0 || initialization != .torch else {
      throw ConfigError(
        path: "mlp_bias_scale", value: "\(biasScale)",
        reason: "must be 0 with mlp_init = torch, which draws biases of its own")
    }
    guard biasLaw == .normal || initialization != .torch else {
      throw ConfigError(
        path: "mlp_bias_law", value: "\"\(biasLaw.rawValue)\"",
        reason: "must be normal with mlp_init = torch, which draws biases of its own")
    }
  }

  public func checkMemory(nodeCount: Int, calibrationRows: Int) throws(ConfigError) {
    // Every weight is kept twice, as it is told and as the kernel reads it; the first layer has few inputs.
    let weights = zip(hidden, hidden.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    guard weights <= MechanismModels.mostBytes / 8 / nodeCount else {
      throw ConfigError(
        path: "mlp_hidden", value: "\(hidden)",
        reason:
          "must have at most \(MechanismModels.mostBytes / 8 / nodeCount) weights between hidden layers with \(nodeCount) "
          + "nodes, whose networks would take more than 2 GiB")
    }
  }

  public func byteCount(parentCount: Int, calibrationRows: Int) -> Int {
    // Every weight twice, as above; the last layer has one output.
    let widths = [parentCount + 1] + hidden + [1]
    return zip(widths, widths.dropFirst()).reduce(0) { $0 + 8 * $1.0 * $1.1 }
  }

  public func makeMechanism(
    parentCount: Int, node: UInt32, key: TaskKey, noiseScale: NoiseScaleModel
  ) -> any Mechanism {
    let noise = noisePlace == .additive ? noiseScale.noise(parentCount: parentCount, node: node, key: key) : nil
    if let noise, parentCount == 0 { return noise.alone }
    let widths = [parentCount + (noise == nil ? 1 : 0)] + hidden + [1]
    var layers = (1..<widths.count).map { index in
      // Each layer reads its own draw number: a change of one width leaves the other layers' weights alone.
      drawLayer(
        inputs: widths[index - 1], outputs: widths[index], draw: UInt32(index), isLast: index == widths.count - 1,
        node: node, key: key)
    }
    if noisePlace == .scaledInput {
      // The size goes into the weights: the mechanism reads noise of variance 1 as all do.
      layers[0] = layers[0].scaled(
        input: parentCount, by: noiseScale.draw(parentCount: parentCount, node: node, key: key).scale)
    }
    return MLPMechanism(
      checkedLayers: layers, slope: Float(slope), activation: activation,
      additiveNoise: noise)
  }

  private func drawLayer(
    inputs: Int, outputs: Int, draw: UInt32, isLast: Bool, node: UInt32, key: TaskKey
  ) -> MLPMechanism.Layer {
    let count = inputs * outputs
    var bias = [Float](repeating: 0, count: outputs)
    var weights: [Float]
    switch initialization {
    case .he, .n01, .spectral:
      let scale =
        switch initialization {
        case .he: (2 / ((1 + slope * slope) * Double(inputs))).squareRoot()
        case .spectral where !isLast: spectralNorm / (Double(inputs).squareRoot() + Double(outputs).squareRoot())
        default: 1.0
        }
      weights = key.scaledNormals(count: count, scale: scale, site: node, purpose: .weights, draw: draw)
    case .notears:
      var words = key.words(site: node, purpose: .weights, draw: draw)
      weights = (0..<count).map { _ in Float(words.nextSignedUniform(from: 0.5, to: 2)) }
    case .torch:
      let bound = 1 / Double(inputs).squareRoot()
      var words = key.words(site: node, purpose: .weights, draw: draw)
      weights = (0..<count).map { _ in Float(bound * (2 * Double(openUnit: words.next64()) - 1)) }
      bias = bias.map { _ in Float(bound * (2 * Double(openUnit: words.next64()) - 1)) }
    }
    // Draw numbers of their own, so that the weights are those of a network without biases.
    if biasLaw == .normal, biasScale > 0 {
      bias = key.scaledNormals(count: outputs, scale: biasScale, site: node, purpose: .weights, draw: 0x100 + draw)
    } else if biasLaw != .normal {
      let bound = biasLaw == .uniform ? biasScale : 1 / Double(inputs).squareRoot()
      var words = key.words(site: node, purpose: .weights, draw: 0x100 + draw)
      bias = bias.map { _ in Float(bound * (2 * Double(openUnit: words.next64()) - 1)) }
    }
    return MLPMechanism.Layer(inputCount: inputs, weights: weights, bias: bias)
  }
}

/// The activation after a hidden layer.
public enum Activation: String, NamedChoice, Codable {
  case leakyReLU = "leaky_relu"
  case tanh, sigmoid
}
