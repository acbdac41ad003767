import Foundation
import SCMBase
import SCMFamilies
import SCMFiles
import SCMRandom
import SCMTestSupport
import Testing

/// Networks in the Interchange Format for Bayesian networks.
@Suite struct BIFTests {
  static let asia = """
    network unknown {
    }
    variable asia {
      type discrete [ 2 ] { yes, no };
    }
    variable tub {
      type discrete [ 2 ] { yes, no };
    }
    variable either {
      type discrete [ 3 ] { none, one, x+<=5/2 };
    }
    probability ( asia ) {
      table 0.01, 0.99;
    }
    probability ( tub | asia ) {
      (yes) 0.05, 0.95;
      (no) 1e-2, .99;
    }
    probability ( either | tub, asia ) {
      (yes, yes) 0.1, 0.2, 0.7;
      (yes, no) 0.3, 0.3, 0.4;
      (no, yes) 0.0, 0.0, 1.0;
      (no, no) 0.25, 0.25, 0.5;
    }
    """

  static let network: [BayesianNetwork.Variable] = [
    .init("asia", states: ["yes", "no"], probabilities: [0.01, 0.99]),
    .init("tub", parents: ["asia"], states: ["yes", "no"], probabilities: [0.05, 0.95, 0.01, 0.99]),
    .init(
      "either", parents: ["tub", "asia"], states: ["none", "one", "x+<=5/2"],
      probabilities: [0.1, 0.2, 0.7, 0.3, 0.3, 0.4, 0, 0, 1, 0.25, 0.25, 0.5]),
  ]

  private func read(_ text: String) throws(ConfigError) -> BayesianNetwork {
    try BayesianNetwork(text, format: .bif)
  }

  @Test func bnlearnsDialectIsRead() throws {
    let found = try read(Self.asia)
    #expect(try found == BayesianNetwork(Self.network))
    #expect(found.variables[2].parents == ["asia", "tub"])
    #expect(try read(Self.asia.replacing("\n", with: "\r\n")) == found)
    #expect(try read("\u{FEFF}" + Self.asia) == found)
    #expect(try read(Self.asia.replacing("\n", with: " ")) == found)
  }

  /// The form of the format's paper: quotation marks, properties, comments, no commas and no bar.
  @Test func olderDialectsAreRead() throws {
    let text = """
      // The network of a paper.
      network "Asia" { //3 variables
        property "author nobody ) | {";
        property position = (73, 165) ;
      }
      variable "asia" { // 2 values
        type discrete[2] { "yes" "no" };
        property "position = (73, 165)" ;
      }
      /* A comment
         of lines; } */
      variable "tub" { property x; type discrete[2] { "yes" "no" }; }
      variable "either" { type discrete[3] { "none", "one" "x+<=5/2" }; }
      probability ( "asia" ) { property p; table 0.01 0.99; }
      probability ( "tub" "asia" ) { default 0.01 0.99; ("yes") 0.05 0.95 ; }
      probability ( "either", "tub", "asia" ) {
        table 0.1, 0.3, 0.0, 0.25,  0.2, 0.3, 0.0, 0.25,  0.7, 0.4, 1.0, 0.5;
      }
      """
    #expect(try read(text) == BayesianNetwork(Self.network))
  }

  /// A property is any text to its semicolon: addresses, single marks and brackets too, which open nothing.
  @Test(arguments: [
    "source http://www.bnlearn.com/bnrepository/", "source = \"https://a.b/c;d\"", "screen 5\" wide", "it's { ( [ /* x",
    "",
    "of two\n  lines // of text",
  ])
  func propertiesHoldAnyText(property: String) throws {
    let text = Self.asia
      .replacing("unknown {\n", with: "unknown {\n  property \(property);\n")
      .replacing("variable tub {", with: "variable tub { property \(property); // 5\n")
      .replacing("table 0.01", with: "property \(property); table 0.01")
    #expect(try read(text) == BayesianNetwork(Self.network))
  }

  @Test func aCommentEndsWithTheLinesOfAnOldMac() throws {
    #expect(try read(("// asia\n" + Self.asia).replacing("\n", with: "\r")) == BayesianNetwork(Self.network))
  }

  @Test func blocksMayComeInAnyOrder() throws {
    let blocks = Self.asia.components(separatedBy: "variable ")
    let probabilities = try #require(Self.asia.range(of: "probability ( asia )"))
    let text =
      Self.asia[probabilities.lowerBound...] + "\nvariable " + blocks[1] + "variable " + blocks[2] + "variable "
      + blocks[3].components(separatedBy: "probability")[0]
    #expect(try read(String(text)) == BayesianNetwork(Self.network))
  }

  static let faults: [(change: (String, String), sentence: String)] = [
    (("network", "net"), "line 1 = \"net\": must be network, variable or probability."),
    (("variable asia {\n", "variable asia\n"), "line 4 = \"type\": must be {."),
    (("discrete [ 2 ] { yes, no }", "continuous"), "line 4: type of asia = \"continuous\": must be discrete."),
    (("[ 2 ]", "[ 3 ]"), "line 4: states of asia = 2 names: must be 3, as stands in brackets."),
    (("[ 2 ]", "[ two ]"), "line 4: number of states of asia = \"two\": must be a whole number from 1 to 1024."),
    (("{ yes, no }", "{ yes, yes }"), "line 4: states of asia = \"yes\": must be named once."),
    (("variable tub", "variable asia"), "line 6: variable = \"asia\": must be declared once."),
    (("{ yes, no };\n}\nvariable tub", "{ yes, no }\n}\nvariable tub"), "line 5 = \"}\": must be ;."),
    (("  type discrete [ 2 ] { yes, no };\n}\nvariable tub", "}\nvariable tub"), "line 4: variable asia = no type:"),
    (
      ("probability ( asia )", "probability ( asi )"),
      "line 12: probability = \"asi\": must be that of a declared variable (did you mean asia?)."
    ),
    (
      ("tub | asia", "tub | assia"),
      "line 15: parents of tub = \"assia\": must be the name of a variable (did you mean asia?)."
    ),
    (("probability ( tub", "probability ( asia"), "line 15: probability = \"asia\": must be given once."),
    (("tub | asia", "tub | either"), "line 16: row of tub = \"yes\": must be a state of either: none, one, x+<=5/2."),
    (
      ("0.01, 0.99;\n}", "0.01, 0.95;\n}"), "line 13: table of asia = a row of sum 0.96: must sum to 1 to within 0.002."
    ),
    (("(yes) 0.05, 0.95;", "(yes) 0.05, 0.85;"), "line 16: row (yes) of tub = a row of sum 0.9"),
    (("(yes) 0.05, 0.95;", "(yes) -0.05, 1.05;"), "line 16: row (yes) of tub = -0.05: must be from 0 to 1."),
    (("(yes) 0.05, 0.95;", "(yes) nan, 0.95;"), "line 16: row (yes) of tub = nan: must be from 0 to 1."),
    (("(yes) 0.05, 0.95;", "(yes) x, 0.95;"), "line 16: probability of tub = \"x\": must be a number."),
    (
      ("(yes) 0.05, 0.95;", "(maybe) 0.05, 0.95;"), "line 16: row of tub = \"maybe\": must be a state of asia: yes, no."
    ),
    (("(yes) 0.05, 0.95;", "(no) 0.05, 0.95;"), "line 17: row (no) of tub = a second one: must be given once."),
    (("(yes) 0.05, 0.95;", "(yes, no) 0.05, 0.95;"), "line 16: row of tub = 2 states: must be 1, one for each parent."),
    (("(yes) 0.05, 0.95;", "(yes) 0.05, 0.9, 0.05;"), "line 16: row (yes) of tub = 3 numbers: must be 2, one for each"),
    (("  (yes) 0.05, 0.95;\n", ""), "line 15: probabilities of tub = no row for asia = yes: must have one for each"),
    (
      ("(yes) 0.05, 0.95;", "default 0.05, 0.95;\n default 0.1, 0.9;"),
      "line 17: default of tub = a second one: must be given once."
    ),
    (
      ("  table 0.01, 0.99;\n", ""),
      "line 12: probabilities of asia = no row for the variable itself: must have one for each"
    ),
    (("table 0.01, 0.99", "table 0.01"), "line 13: table of asia = 1 numbers: must be 2"),
    (("table 0.01, 0.99", "tabel 0.01, 0.99"), "line 13: probability of asia = \"tabel\": must have rows such as"),
    (
      ("probability ( asia )", "probability ( asia | either )"),
      "line 13: table of asia = 2 numbers: must be 6, 3 for each of 2 states"
    ),
    (("unknown", "\"unknown"), "line 1 = a quotation mark without another: must be closed in the same line."),
    (("variable asia", "variable \"\""), "line 3: name of a variable = \"\": must have a letter or more."),
    (
      ("0.25, 0.25, 0.5;\n}", "0.25, 0.25, 0.5;\n property x"),
      "line 24 = a property without an end: must be closed by a semicolon."
    ),
    (("unknown {", "/* {"), "line 1 = a comment without an end: must be closed by */."),
    (("unknown {", "unknown { color x;"), "line 1: network = another word than property: must have properties alone."),
    (
      ("0.25, 0.25, 0.5;\n}", "0.25, 0.25, 0.5;\n"),
      "line 24 = the end of the text: must be a row, table, default or property."
    ),
  ]

  @Test(arguments: faults.indices) func whatIsWrongIsSaidWithItsLine(index: Int) throws {
    let (change, sentence) = Self.faults[index]
    let range = try #require(Self.asia.range(of: change.0))
    let text = Self.asia.replacingCharacters(in: range, with: change.1)
    let error = #expect(throws: ConfigError.self) { try BayesianNetwork(text, format: .bif) }
    #expect(error?.description.hasPrefix(sentence) == true, "\(error?.description ?? "")")
  }

  @Test func aCycleIsNamedAndAVariableWithoutProbabilitiesToo() {
    let cycle = Self.asia.replacing(
      "probability ( asia ) {\n  table 0.01, 0.99;", with: "probability ( asia | tub ) {\n  default 0.01, 0.99;")
    let error = #expect(throws: ConfigError.self) { try BayesianNetwork(cycle, format: .bif) }
    #expect(
      error?.description
        == "line 12: parents of asia = asia -> tub -> asia: must close no cycle: this is no DAG.")
    let half = Self.asia.components(separatedBy: "probability ( either")[0]
    let missing = #expect(throws: ConfigError.self) { try BayesianNetwork(half, format: .bif) }
    #expect(missing?.description.hasPrefix("line 9: variable = \"either\": must have its probabilities") == true)
    let empty = #expect(throws: ConfigError.self) { try BayesianNetwork("", format: .bif) }
    #expect(empty?.description == "variables = 0 of them: must be from 1 to 2048.")
  }

  /// Texts that a reader would be slow or deep at.
  @Test func hostileTextsEndInASentence() {
    let count = 200_000
    for text in [
      String(repeating: "(", count: count), "variable " + String(repeating: "x", count: count),
      String(repeating: "/*", count: count), String(repeating: "network {} ", count: count / 10) + "x",
      "variable a { type discrete [ 1024 ] { " + String(repeating: "a ", count: count),
      "probability ( a " + String(repeating: "| b ", count: count),
      "probability ( a ) { table " + String(repeating: "1 ", count: count),
      "network { " + String(repeating: "property ", count: count), String(repeating: "\"", count: count),
      "network {} /",
    ] {
      let error = #expect(throws: ConfigError.self) { try BayesianNetwork(text, format: .bif) }
      #expect((error?.description.utf8.count ?? 0) < 1000)
    }
    let many = #expect(throws: ConfigError.self) {
      try read((0..<3000).map { "variable v\($0) { type discrete [ 1 ] { a }; }" }.joined())
    }
    #expect(many?.reason == "must be at most 2048 variables")
    // 1024^3 combinations are refused before memory is asked for.
    let states = (0..<1024).map { "s\($0)" }.joined(separator: ", ")
    let wide = ["a", "b", "c", "d"].map { "variable \($0) { type discrete [ 1024 ] { \(states) }; }" }.joined()
    let error = #expect(throws: ConfigError.self) {
      try BayesianNetwork(
        wide + "probability ( a | b, c, d ) { default 1; }" + "probability ( b ) { table 1; }"
          + "probability ( c ) { table 1; } probability ( d ) { table 1; }", format: .bif)
    }
    #expect(error?.description.contains("more than 16777216 numbers") == true, "\(error?.description ?? "")")
  }

  /// Random changes of a text: each gives a network or one sentence, and never a trap.
  @Test func changedTextsGiveANetworkOrASentence() {
    var words = TaskKey(seed: 7).words(purpose: .family)
    let pieces = Self.asia.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    let extra = [
      "{", "}", "(", ")", "|", ";", ",", "\"", "/*", "//", "table", "default", "property", "-1", "1e999", "é", "\n",
    ]
    var (read, refused) = (0, 0)
    for _ in 0..<3000 {
      var changed = pieces
      for _ in 0...words.next(below: 2) {
        let place = words.next(below: changed.count)
        switch words.next(below: 3) {
        case 0: changed.remove(at: place)
        case 1: changed[place] = extra[words.next(below: extra.count)]
        default: changed.insert(pieces[words.next(below: pieces.count)], at: place)
        }
      }
      do throws(ConfigError) {
        _ = try self.read(changed.joined(separator: " "))
        read += 1
      } catch {
        refused += 1
        let isSentence = error.description.hasSuffix(".") && !error.description.contains("\n")
        #expect(isSentence, "\(error.description)")
      }
    }
    #expect(read > 50 && refused > 1000, "\(read) read, \(refused) refused")
  }

  @Test func filesAreReadByTheirEnding() throws {
    try temporaryFolder { folder in
      let path = folder.appending(path: "asia.BIF").path
      try Data(Self.asia.utf8).write(to: URL(fileURLWithPath: path))
      #expect(try BayesianNetwork(contentsOf: path) == BayesianNetwork(Self.network))
      try Data(Self.asia.replacing("tub | asia", with: "tub | asa").utf8).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: FileError.self) { try BayesianNetwork(contentsOf: path) }
      #expect(
        error?.description
          == "\(path) can't be read: line 15: parents of tub = \"asa\": must be the name of a variable (did you mean asia?)."
      )
      let packed = #expect(throws: FileError.self) { try BayesianNetwork(contentsOf: "asia.bif.gz") }
      #expect(packed?.description == "asia.bif.gz must end with .bif or .json; unpack it first, as gunzip does.")
      try Data([0x76, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: path))
      let bytes = #expect(throws: FileError.self) { try BayesianNetwork(contentsOf: path) }
      #expect(bytes?.reason == "must be a text in UTF-8")
    }
  }
}
