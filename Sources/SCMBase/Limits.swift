/// Bounds that hold wherever a number of such things is given.
public enum Limits {
  /// Nodes of a task's graph.
  public static let nodes = 1...2048
  /// Threads of one call.
  public static let threads = 1...1024
  /// Graphs that are drawn for one task before the reserved ones are said to cover its family.
  public static let attempts: UInt32 = 10_000
  /// The attempts at one task among which a family that draws divergent tasks again must have one whose values are finite.
  public static let divergences: UInt32 = 1000
}
