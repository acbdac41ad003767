public import SCMBase
import SCMRandom

/// Dense layers with activations between them; the inputs are the parents and, last, the noise, unless that is added.
public struct MLPMechanism: Mechanism, Hashable {
  /// One dense layer. `weights[o * inputCount + i]` leads from input i to output o.
  public struct Layer: Hashable, Sendable {
    public let inputCount: Int
    public let weights: [Float]
    public let bias: [Float]

    public init(inputCount: Int, weights: [Float], bias: [Float]) {
      self.inputCount = inputCount
      self.weights = weights
      self.bias = bias
    }

    /// The same with the weights of one input multiplied.
    func scaled(input: Int, by scale: Float) -> Layer {
      Layer(
        inputCount: inputCount,
        weights: weights.enumerated().map { $0.offset % inputCount == input ? scale * $0.element : $0.element },
        bias: bias)
    }
  }

  public let layers: [Layer]
  public let slope: Float
  public let activation: Activation
  /// `nil` where the noise is the last input.
  public let additiveNoise: AdditiveNoise?
  private let dense: DenseLayers

  /// - Parameter layers: at least one; each one's inputs are the outputs of the one before, the last has one output.
  /// - Throws: when they are not.
  public init(
    layers: [Layer], slope: Float, activation: Activation = .leakyReLU, additiveNoise: AdditiveNoise? = nil
  ) throws(ConfigError) {
    for (index, layer) in layers.enumerated() {
      let outputs = layer.bias.count
      let inputs = index == 0 ? layer.inputCount : layers[index - 1].bias.count
      let isLast = index == layers.count - 1
      guard inputs >= 0, layer.inputCount == inputs, layer.weights.count == inputs * outputs,
        isLast ? outputs == 1 : (1...Self.widestLayer).contains(outputs)
      else {
        throw ConfigError(
          path: "layers[\(index)]", value: "\(layer.inputCount) to \(outputs), \(layer.weights.count) weights",
          reason: "must have \(inputs) inputs, "
            + (isLast ? "one output" : "1 to \(Self.widestLayer) outputs") + " and a weight for each pair")
      }
    }
    guard !layers.isEmpty, additiveNoise != nil || layers[0].inputCount > 0 else {
      throw ConfigError(
        path: "layers", value: "\(layers.count) layers",
        reason: "must be at least one, of which the first reads the noise")
    }
    self.init(checkedLayers: layers, slope: slope, activation: activation, additiveNoise: additiveNoise)
  }

  /// What the scratch of ``MechanismRows`` holds.
  private static let widestLayer = 1024

  init(checkedLayers layers: [Layer], slope: Float, activation: Activation, additiveNoise: AdditiveNoise?) {
    self.layers = layers
    self.slope = slope
    self.activation = activation
    self.additiveNoise = additiveNoise
    dense = DenseLayers(layers, slope: slope, activation: activation, mostRows: 64)
  }

  public var kind: String { MLPModel.kind }
  public var parentCount: Int { layers[0].inputCount - (additiveNoise == nil ? 1 : 0) }
  public var noise: [NoiseChannel] {
    additiveNoise?.channels ?? NoiseChannel.noiseAlone
  }
  public var settings: [String: MechanismSetting] {
    ["slope": .number(Double(slope)), "activation": .name(activation.rawValue)]
  }

  public var parameters: [MechanismParameter] { layers.parameters + (additiveNoise?.parameters ?? []) }

  public func evaluate(_ rows: MechanismRows) {
    let last = unsafe Kernels.table.last
    unsafe dense.forEachLast(of: rows) {
      unsafe last($0.weights, $0.inputs, $0.inputStride, $0.inputCount, 1, 1, rows.output + $0.first, 0, $0.count)
    }
    additiveNoise?.add(to: rows, column: parentCount)
  }
}

extension [MLPMechanism.Layer] {
  /// The weights and biases of each, by its number.
  var parameters: [MechanismParameter] {
    enumerated().flatMap { index, layer in
      [
        MechanismParameter("weight_\(index)", shape: [layer.bias.count, layer.inputCount], layer.weights),
        MechanismParameter("bias_\(index)", layer.bias),
      ]
    }
  }
}
