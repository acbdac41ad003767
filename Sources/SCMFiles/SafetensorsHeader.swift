public import SCMBase

/// The header of a safetensors file: eight bytes with the length of a JSON text, the text, and the tensors after it.
///
/// Source: the format's description, https://github.com/huggingface/safetensors.
public struct SafetensorsHeader: Hashable, Sendable {
  public enum ElementType: String, Sendable {
    case bool = "BOOL"
    case uint8 = "U8"
    case int8 = "I8"
    case int16 = "I16"
    case uint16 = "U16"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int32 = "I32"
    case uint32 = "U32"
    case float32 = "F32"
    case float64 = "F64"
    case int64 = "I64"
    case uint64 = "U64"

    public var byteCount: Int {
      switch self {
      case .bool, .uint8, .int8: 1
      case .int16, .uint16, .float16, .bfloat16: 2
      case .int32, .uint32, .float32: 4
      case .float64, .int64, .uint64: 8
      }
    }
  }

  public struct Tensor: Hashable, Sendable {
    public let name: String
    public let type: ElementType
    public let shape: [Int]
    /// The place among the file's tensor bytes.
    public let bytes: Range<Int>
  }

  /// A tensor before it has its place.
  public typealias Listed = (name: String, type: ElementType, shape: [Int])

  /// In the order in which they lie in the file.
  public let tensors: [Tensor]
  public let metadata: [String: String]

  /// The longest text that is read. The format allows 100 MB, of which ours needs what a mixture of many families takes.
  static let longestText = 1 << 24
  /// What reads tensors has no more axes.
  static let mostAxes = 16

  public subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }

  /// Tensors one after another.
  ///
  /// - Throws: where they have more bytes than a file can.
  public init(
    _ tensors: [Listed], metadata: [String: String]
  ) throws(ConfigError) {
    var end = 0
    var placed: [Tensor] = []
    for (name, type, shape) in tensors {
      guard let size = Self.byteCount(type, shape), size < Int.max / 2 - end else {
        throw ConfigError(path: name, value: "a tensor of shape \(shape)", reason: "must fit into a file")
      }
      placed.append(Tensor(name: name, type: type, shape: shape, bytes: end..<end + size))
      end += size
    }
    self.tensors = placed
    self.metadata = metadata
  }

  /// The bytes that the file starts with; the same for the same header, padded so that the tensors start at a multiple of eight.
  public var bytes: [UInt8] {
    let texts = metadata.sorted { $0.key < $1.key }.map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
    let entries = tensors.map { tensor in
      "\(Self.quoted(tensor.name)):{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":\(Self.list(tensor.shape)),"
        + "\"data_offsets\":\(Self.list([tensor.bytes.lowerBound, tensor.bytes.upperBound]))}"
    }
    var text = Array("{\(["\"__metadata__\":{\(texts.joined(separator: ","))}"].joined())".utf8)
    for entry in entries { text += Array(",\(entry)".utf8) }
    text += Array("}".utf8)
    text += repeatElement(UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
  }

  private static func quoted(_ text: String) -> String { JSONValue.string(text).text }

  private static func list(_ numbers: [Int]) -> String { "[\(numbers.map(String.init).joined(separator: ","))]" }

  /// `nil` where it is more than a file can have.
  static func byteCount(_ type: ElementType, _ shape: [Int]) -> Int? {
    guard shape.count <= mostAxes else { return nil }
    var size = type.byteCount
    for length in shape {
      guard length >= 0 else { return nil }
      let (product, overflow) = size.multipliedReportingOverflow(by: length)
      guard !overflow else { return nil }
      size = product
    }
    return size
  }
}
