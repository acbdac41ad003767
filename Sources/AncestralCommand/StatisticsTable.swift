import Ancestral
import Foundation

/// A number of things in words: "1 task", "2 tasks".
func counted(_ number: Int, _ thing: String) -> String { "\(number) \(thing)\(number == 1 ? "" : "s")" }

/// Statistics by name, a line each.
struct StatisticsTable {
  let title: String
  let laws: [(name: String, law: FamilySummary.Law)]

  func list() {
    let width = 22
    print(
      title.padding(toLength: width, withPad: " ", startingAt: 0)
        + "        mean          sd         5 %      median        95 %")
    for (name, law) in laws {
      let numbers = [law.mean, law.deviation, law.quantiles[0], law.quantiles[2], law.quantiles[4]]
      let shown = numbers.map { String(format: "%12.4g", abs($0) < 1e-12 ? 0 : $0) }.joined()
      print(name.padding(toLength: width, withPad: " ", startingAt: 0) + shown)
    }
  }
}
