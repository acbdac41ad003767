import Synchronization

/// A workspace for a while, which the next borrower gets as it is: its buffers are of a size that the allocator gives back to the system, and
/// asking for them anew costs a batch of small tasks a tenth of its time.
///
/// Two are kept, for as many threads. No lock holds them, which a forked child might find held for ever.
package final class SparedWorkspace {
  package let workspace: SamplingWorkspace

  package init() {
    workspace = Self.exchange(Self.first, nil) ?? Self.exchange(Self.second, nil) ?? SamplingWorkspace()
  }

  deinit {
    // What the first place held moves to the second, and what that held goes.
    guard let other = Self.exchange(Self.first, workspace) else { return }
    _ = Self.exchange(Self.second, other)
  }

  private static let first = Atomic<UInt>(0)
  private static let second = Atomic<UInt>(0)

  /// Puts a workspace, or none, in a place for what is there.
  private static func exchange(_ place: borrowing Atomic<UInt>, _ workspace: SamplingWorkspace?) -> SamplingWorkspace? {
    let new = workspace.map { unsafe UInt(bitPattern: Unmanaged.passRetained($0).toOpaque()) } ?? 0
    let old = place.exchange(new, ordering: .acquiringAndReleasing)
    return unsafe UnsafeRawPointer(bitPattern: old).map { unsafe Unmanaged.fromOpaque($0).takeRetainedValue() }
  }
}
