/// Ends the process where a documented precondition of a public function doesn't hold, in release builds too: the targets with kernels are
/// built `-Ounchecked`, where a `precondition` is no check but something that the optimiser may assume. Where each entry of a loop would be
/// asked, none is made, and the function's documentation says so.
///
/// What comes through the C line is checked before, and thrown.
@inline(never)
package func requireInRelease(_ condition: Bool, _ sentence: StaticString) {
  guard condition else { fatalError("\(sentence)") }
}
