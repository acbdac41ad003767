public import SCMBase
public import SCMFamilies

/// The forms in which files have networks.
public enum NetworkFormat: String, CaseIterable, Sendable {
  /// The Interchange Format for Bayesian networks.
  case bif
  /// A linear-Gaussian network as the bnlearn repository has it, or the `network` of a configuration.
  case json
}

extension BayesianNetwork {
  /// The most bytes of a file.
  static let mostBytes = 1 << 26

  /// The network of a text.
  ///
  /// - Throws: `ConfigError` that names the line, or in JSON the member.
  public init(_ text: String, format: NetworkFormat) throws(ConfigError) {
    guard text.utf8.count <= Self.mostBytes else {
      throw ConfigError(
        path: "network", value: "a text of \(text.utf8.count) bytes", reason: "must have at most \(Self.mostBytes)")
    }
    switch format {
    case .bif: try self.init(bif: text)
    case .json:
      let members: [String: JSONValue]
      do {
        members = try JSONValue.object(in: Array(text.utf8), ofFile: "network")
      } catch {
        throw ConfigError(path: "network", value: "a text of \(text.utf8.count) bytes", reason: error.reason)
      }
      if members["network"] != nil, case .network(let network) = try FamilySpecification(members) {
        self = network
      } else {
        try self.init(gaussian: members)
      }
    }
  }

  /// The network of a file, whose name ends with the format.
  ///
  ///     let asia = try BayesianNetwork(contentsOf: "asia.bif")
  ///
  /// - Throws: `FileError` in one sentence with the path, and the line or the member.
  public init(contentsOf path: String) throws(FileError) {
    guard let format = NetworkFormat.allCases.first(where: { path.lowercased().hasSuffix(".\($0)") }) else {
      let isPacked = path.lowercased().hasSuffix(".gz")
      throw FileError(
        path: path, reason: "must end with .bif or .json" + (isPacked ? "; unpack it first, as gunzip does" : ""))
    }
    let bytes = try FileReader.contents(path, limit: Self.mostBytes)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FileError(path: path, reason: "must be a text in UTF-8")
    }
    do {
      try self.init(text, format: format)
    } catch {
      throw FileError(path: path, reason: "can't be read: \(error.description.dropLast())")
    }
  }
}
