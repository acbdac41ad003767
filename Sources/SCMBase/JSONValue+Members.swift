// What a value holds where it is of the kind that is asked for; `nil` where it is of another.

extension JSONValue {
  /// A member of an object.
  package subscript(name: String) -> JSONValue? { members?[name] }

  /// The members of an object.
  package var members: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }

  package var string: String? { if case .string(let text) = self { text } else { nil } }

  /// A number, whole or not.
  package var asDouble: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// A whole number from 0.
  package var natural: Int? { if case .integer(let number) = self, number >= 0 { number } else { nil } }

  /// The elements of a list of texts.
  package var texts: [String]? { list(\.string) }

  /// The elements of a list of whole numbers from 0.
  package var naturals: [Int]? {
    list(\.natural)
  }

  /// A list all of whose elements are of one kind.
  private func list<Element>(_ element: (JSONValue) -> Element?) -> [Element]? {
    guard case .array(let values) = self else { return nil }
    let elements = values.compactMap(element)
    return elements.count == values.count ? elements : nil
  }
}
