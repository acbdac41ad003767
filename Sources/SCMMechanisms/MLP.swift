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
  }

  /// Where the noise enters.
  public enum NoisePlace: String, NamedChoice, Codable {
    /// As the network's last input.
    case input
    /// Added to its output; a node without parents is then the noise alone.
    case additive
  }

  public var hidden = [32, 32]
  public var slope = 0.01
  public var initialization = Initialization.he
  /// Standard deviation of the normal biases of every layer; 0 for none. Not for ``Initialization/torch``, which has its own.
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
        "Law of the weights: he (variance kept), torch (nn.Linear's default), n01 (standard normal) or notears (±U(0.5, 2))."
      ),
      // Older fingerprints know nothing of biases, and are those of networks without.
      Field<Self>.number(
        "mlp_bias_scale", \.biasScale, in: .from(0, to: 1e6),
        "Standard deviation of the normal biases of every layer; 0 for none, with which six in ten nodes without parents never "
          + "change sign (at 0.1: 35 in 100). mlp_init = torch has its own."
      ).when { $0.biasScale != 0 },
      .choice("mlp_activation", \.activation, "Activation of the hidden layers: leaky_relu, tanh or sigmoid."),
      .choice("mlp_noise", \.noisePlace, "Where the noise enters: as the network's last input, or additive."),
    ]
  }

  public func check() throws(ConfigError) {
    guard biasScale == 0 || initialization != .torch else {
      throw ConfigError(
        path: "mlp_bias_scale", value: "\(biasScale)",
        reason: "must be 0 with mlp_init = torch, which draws biases of its own")
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
    let noise = noisePlace == .input ? nil : noiseScale.noise(parentCount: parentCount, node: node, key: key)
    if let noise, parentCount == 0 { return noise.alone }
    let widths = [parentCount + (noise == nil ? 1 : 0)] + hidden + [1]
    let layers = (1..<widths.count).map { index in
      // Each layer reads its own draw number: a change of one width leaves the other layers' weights alone.
      drawLayer(inputs: widths[index - 1], outputs: widths[index], draw: UInt32(index), node: node, key: key)
    }
    return MLPMechanism(
      checkedLayers: layers, slope: Float(slope), activation: activation,
      additiveNoise: noise)
  }

  private func drawLayer(inputs: Int, outputs: Int, draw: UInt32, node: UInt32, key: TaskKey) -> MLPMechanism.Layer {
    let count = inputs * outputs
    var bias = [Float](repeating: 0, count: outputs)
    var weights: [Float]
    switch initialization {
    case .he, .n01:
      let scale = initialization == .he ? (2 / ((1 + slope * slope) * Double(inputs))).squareRoot() : 1
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
    if biasScale > 0 {
      // Draw numbers of their own, so that the weights are those of a network without biases.
      bias = key.scaledNormals(count: outputs, scale: biasScale, site: node, purpose: .weights, draw: 0x100 + draw)
    }
    return MLPMechanism.Layer(inputCount: inputs, weights: weights, bias: bias)
  }
}

/// The activation after a hidden layer.
public enum Activation: String, NamedChoice, Codable {
  case leakyReLU = "leaky_relu"
  case tanh, sigmoid
}
