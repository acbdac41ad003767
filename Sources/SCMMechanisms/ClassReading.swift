public import SCMBase

/// How mechanisms read a parent that is one of more than two classes.
public enum ClassReading: String, NamedChoice, Codable {
  /// A column for each class, which is 1 where the parent has it and else 0.
  case oneHot = "one_hot"
  /// The class's number, as of an ordered scale.
  case number
}
