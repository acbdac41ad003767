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
  /// Whose hidden values stay in the nearest cache, and fit half of the scratch.
  private let rowsAtOnce: Int
  /// All weights as the kernels read them; one array, as each that a loop looks into is counted there and back.
  private let packed: [Float]
  /// The numbers of inputs, and the last one of outputs.
  private let widths: [Int]

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
    packed = DenseKernel.pack(layers)
    widths = layers.map(\.inputCount) + [1]
    let widest = layers.dropLast().reduce(1) { max($0, ($1.bias.count + 3) & ~3) }
    rowsAtOnce = min(64, MechanismRows.scratchCount / 2 / widest & ~(MechanismRows.laneCount - 1))
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
    // Two halves of the scratch in turns: a layer reads one and writes the other, some rows at a time.
    let half = MechanismRows.scratchCount / 2
    let kernels = Kernels.table
    let slope = activation == .leakyReLU ? slope : 1
    unsafe packed.withUnsafeBufferPointer { packed in
      unsafe widths.withUnsafeBufferPointer { widths in
        guard let packed = packed.baseAddress else { return }
        for first in stride(from: 0, to: rows.count, by: rowsAtOnce) {
          let count = min(rowsAtOnce, rows.count - first)
          var weights = unsafe packed
          var source = unsafe rows.inputs + first
          var sourceStride = MechanismRows.stride
          for index in 0..<(widths.count - 2) {
            let (inputs, outputs) = unsafe (widths[index], widths[index + 1])
            let target = unsafe rows.scratch + (index & 1) * half
            unsafe kernels.hidden(weights, source, sourceStride, inputs, outputs, slope, target, count, count)
            switch activation {
            case .leakyReLU: break
            case .tanh: unsafe kernels.tanh(target, (outputs + 3) / 4 * 4 * count)
            case .sigmoid: unsafe kernels.sigmoid(target, (outputs + 3) / 4 * 4 * count)
            }
            unsafe weights += DenseKernel.count(inputs: inputs, outputs: outputs)
            unsafe source = UnsafePointer(target)
            sourceStride = count
          }
          unsafe kernels.last(
            weights, source, sourceStride, widths[widths.count - 2], 1, 1, rows.output + first, 0, count)
        }
      }
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
