import Synchronization

/// A workspace for a while, which the next borrower gets as it is: its buffers are of a size that the allocator gives back to the system, and
/// asking for them anew costs a batch of small tasks a tenth of its time.
///
/// Two of a kind are kept, for as many threads. No lock holds them, which a forked child might find held for ever.
package final class SparedWorkspace<Workspace: Sparable> {
  package let workspace: Workspace

  package init() { workspace = Workspace.spares.take() ?? Workspace() }

  deinit { Workspace.spares.put(workspace) }
}

/// What is dear to make, and can be used again as it is.
package protocol Sparable: AnyObject {
  init()
  /// Where those lie that nobody uses.
  static var spares: Spares<Self> { get }
}

/// Room for two that nobody uses.
package final class Spares<Workspace: AnyObject>: Sendable {
  private let first = Atomic<UInt>(0)
  private let second = Atomic<UInt>(0)

  package init() {}

  fileprivate func take() -> Workspace? { exchange(first, nil) ?? exchange(second, nil) }

  /// What the first place held moves to the second, and what that held goes.
  fileprivate func put(_ workspace: Workspace) {
    guard let other = exchange(first, workspace) else { return }
    _ = exchange(second, other)
  }

  /// Puts a workspace, or none, in a place for what is there.
  private func exchange(_ place: borrowing Atomic<UInt>, _ workspace: Workspace?) -> Workspace? {
    let new = workspace.map { unsafe UInt(bitPattern: Unmanaged.passRetained($0).toOpaque()) } ?? 0
    let old = place.exchange(new, ordering: .acquiringAndReleasing)
    return unsafe UnsafeRawPointer(bitPattern: old).map { unsafe Unmanaged.fromOpaque($0).takeRetainedValue() }
  }
}
