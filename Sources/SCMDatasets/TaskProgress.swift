/// How far a task is that may take several calls: the attempt of its slot that is being drawn, and the rows of it that are written.
///
/// In the one number that callers keep of a task, 0 to begin with, the attempt stands above the rows, of which there are fewer than 2⁴⁰.
package struct TaskProgress: Equatable, Sendable {
  package var attempt: UInt32
  package var rows: Int

  /// What stands for a task that is done, also where it has no rows.
  package static let finished: Int64 = .max
  private static let rowBits = 40

  package init(attempt: UInt32, rows: Int) {
    self.attempt = attempt
    self.rows = rows
  }

  package init(_ number: Int64) {
    attempt = UInt32(truncatingIfNeeded: number >> Self.rowBits)
    rows = Int(number & (1 << Self.rowBits - 1))
  }

  package var number: Int64 { Int64(attempt) << Self.rowBits | Int64(rows) }
}
