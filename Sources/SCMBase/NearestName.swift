/// The known name that a wrong one stands for, by another word for the same or by a slip of the pen; `nil` where none is near.
package func meant(by word: String, among names: [String]) -> String? {
  usual(word, among: names) ?? nearest(to: word, among: names) ?? nearest(to: word.lowercased(), among: names)
}

/// The end of an error's sentence that says which name was meant; empty where none is near.
package func hint(for word: String, among names: [String]) -> String {
  meant(by: word, among: names).map { " (did you mean \($0)?)" } ?? ""
}

/// The name with the fewest changed letters (Levenshtein), where it is near enough to be meant, or else the shortest that begins
/// with the word.
private func nearest(to word: String, among names: [String]) -> String? {
  let word = Array(word.prefix(64))
  var best: (name: String, distance: Int)?
  for name in names {
    let letters = Array(name)
    var row = Array(0...letters.count)
    for (i, letter) in word.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in letters.enumerated() {
        let changed = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(changed, min(row[j], row[j + 1]) + 1)
      }
    }
    let distance = row[letters.count]
    if distance <= max(2, letters.count / 3), distance < best?.distance ?? .max { best = (name, distance) }
  }
  if let best { return best.name }
  guard word.count >= 3 else { return nil }
  return names.filter { $0.hasPrefix(String(word)) }.min { $0.count < $1.count }
}
