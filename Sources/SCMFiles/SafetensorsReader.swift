package import SCMBase

/// A safetensors file whose header has been checked, so that every tensor lies where it says.
package final class SafetensorsReader {
  package let header: SafetensorsHeader
  private let file: FileReader
  /// The byte at which the tensors start.
  package let start: Int

  /// - Throws: a sentence for a file that can't be read, is cut off, or is no safetensors file.
  package convenience init(_ path: String) throws(FileError) { try self.init(FileReader(path)) }

  package init(_ file: FileReader) throws(FileError) {
    self.file = file
    let path = file.path
    let length = try file.bytes(at: 0, count: min(8, file.size))
    guard length.count == 8 else {
      throw FileError(
        path: path, reason: "is no safetensors file: it has \(file.size) bytes, and its header takes more")
    }
    let count = length.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard count <= SafetensorsHeader.longestText, Int(count) <= file.size - 8 else {
      throw FileError(
        path: path,
        reason:
          "is no safetensors file: its header has \(count) bytes, where \(max(0, file.size - 8)) follow and at most "
          + "\(SafetensorsHeader.longestText) are read")
    }
    start = 8 + Int(count)
    let text = try file.bytes(at: 8, count: Int(count))
    let members = try JSONValue.object(in: text, ofFile: "The header of \(path)")
    header = try SafetensorsHeader(members, dataSize: file.size - start, path: path)
  }

  package func bytes(_ tensor: SafetensorsHeader.Tensor) throws(FileError) -> [UInt8] {
    try file.bytes(at: start + tensor.bytes.lowerBound, count: tensor.bytes.count)
  }

  /// The bytes of some of a tensor's entries along its first dimension.
  package func bytes(_ tensor: SafetensorsHeader.Tensor, _ entries: Range<Int>) throws(FileError) -> [UInt8] {
    let size = tensor.bytes.count / max(1, tensor.shape.first ?? 1)
    return try file.bytes(at: start + tensor.bytes.lowerBound + entries.lowerBound * size, count: entries.count * size)
  }
}

extension SafetensorsHeader {
  /// Checks what a file says against the number of bytes that follow the header.
  init(_ members: [String: JSONValue], dataSize: Int, path: String) throws(FileError) {
    func refuse(_ what: String) -> FileError { FileError(path: path, reason: "is no safetensors file: \(what)") }
    var metadata: [String: String] = [:]
    var tensors: [Tensor] = []
    for (name, value) in members.sorted(by: { $0.key < $1.key }) {
      guard case .object(let fields) = value else { throw refuse("\(JSONValue.string(name)) must be an object") }
      if name == "__metadata__" {
        for (key, text) in fields {
          guard case .string(let text) = text else {
            throw refuse("the metadata \(JSONValue.string(key)) must be text")
          }
          metadata[key] = text
        }
        continue
      }
      guard case .string(let type)? = fields["dtype"], let type = ElementType(rawValue: type) else {
        throw refuse("tensor \(JSONValue.string(name)) has dtype \(fields["dtype"] ?? .null), which is unknown")
      }
      guard let shape = fields["shape"]?.naturals, let size = Self.byteCount(type, shape) else {
        throw refuse("tensor \(JSONValue.string(name)) has shape \(fields["shape"] ?? .null), which can't be")
      }
      guard let offsets = fields["data_offsets"]?.naturals, offsets.count == 2, offsets[0] <= offsets[1],
        offsets[1] - offsets[0] == size
      else {
        throw refuse(
          "tensor \(JSONValue.string(name)) has data_offsets \(fields["data_offsets"] ?? .null): must span \(size) bytes"
        )
      }
      tensors.append(Tensor(name: name, type: type, shape: shape, bytes: offsets[0]..<offsets[1]))
    }
    tensors.sort {
      ($0.bytes.lowerBound, $0.bytes.upperBound, $0.name) < ($1.bytes.lowerBound, $1.bytes.upperBound, $1.name)
    }
    var end = 0
    for tensor in tensors {
      guard tensor.bytes.lowerBound == end else {
        throw refuse(
          "tensor \(JSONValue.string(tensor.name)) starts at byte \(tensor.bytes.lowerBound): must start at \(end)")
      }
      end = tensor.bytes.upperBound
    }
    guard end == dataSize else {
      throw FileError(
        path: path, reason: "is cut off or changed: its tensors take \(end) bytes, and \(dataSize) are there")
    }
    self.tensors = tensors
    self.metadata = metadata
  }
}
