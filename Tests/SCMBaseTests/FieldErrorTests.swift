import SCMBase
import Testing

/// What a wrong field is answered with: the field, the value and what would be right, as one sentence.
struct FieldErrorTests {
  private func sentence(
    _ members: [String: JSONValue], sourceLocation: SourceLocation = #_sourceLocation
  ) -> String? {
    #expect(throws: ConfigError.self, sourceLocation: sourceLocation) { try Kitchen(members) }?.description
  }

  @Test func anUnknownFieldIsNamedWithTheNearestKnownOne() {
    #expect(
      sentence(["chair": .integer(3)]) == "chair = 3: is not a field of this configuration (did you mean chairs?).")
    #expect(
      sentence(["heet": .number(20.5)]) == "heet = 20.5: is not a field of this configuration (did you mean heat?).")
  }

  @Test func theBeginningOfAFieldIsNear() {
    #expect(
      sentence(["shel": .null]) == "shel = null: is not a field of this configuration (did you mean shelves?).")
  }

  private let known = "must be one of chairs, guests, heat, share, wall, shelves, tiles, cook, mix"

  @Test func anUnknownFieldLikeNoneIsNamedWithAllKnownOnes() {
    #expect(sentence(["temperature": .null]) == "temperature = null: is not a field of this configuration: \(known).")
    #expect(sentence(["": .bool(true)]) == " = true: is not a field of this configuration: \(known).")
  }

  @Test(arguments: [
    ("n_samples", "n_samples"), ("num_samples", "n_samples"), ("random_seed", "seed"), ("batch", "batch_size"),
  ])
  func whatADataSetIsToldIsNoField(_ word: String, name: String) {
    #expect(
      sentence([word: .integer(9)])
        == "\(word) = 9: is not a field of this configuration: \(name) is told to the data set.")
  }

  @Test func aFieldOfWhatHasNoneIsToldSo() {
    struct Nothing: Configurable {
      var fields: [Field<Self>] { [] }
    }
    let error = #expect(throws: ConfigError.self) {
      var nothing = Nothing()
      try nothing.read(["chairs": .integer(3)])
    }
    #expect(error?.description == "chairs = 3: is not a field of this configuration, which has none.")
  }

  @Test func theFirstOfSeveralUnknownFieldsIsNamed() {
    #expect(
      sentence(["zz_unknown": .null, "an_unknown_one": .null])
        == "an_unknown_one = null: is not a field of this configuration: \(known).")
  }

  @Test func aWrongFieldIsFoundBeforeAnUnknownOne() {
    #expect(
      sentence(["an_unknown_one": .null, "chairs": .string("four")])
        == "chairs = \"four\": must be an integer from 0 to 12.")
  }

  @Test(arguments: [
    (JSONValue.integer(13), "13"), (.integer(-1), "-1"), (.integer(.min), "-9223372036854775808"),
    (.number(13.0), "13.0"), (.number(4.5), "4.5"), (.number(1e300), "1e+300"), (.bool(true), "true"),
    (.string("4"), "\"4\""), (.null, "null"),
    (.array([.integer(4)]), "[4]"), (.object(["a": .integer(4)]), "{a: 4}"),
  ]) func whatIsNoIntegerOfTheRangeIsRefused(_ value: JSONValue, text: String) {
    #expect(sentence(["chairs": value]) == "chairs = \(text): must be an integer from 0 to 12.")
  }

  @Test(arguments: [(JSONValue.integer(0), "0"), (.number(2.5), "2.5"), (.bool(false), "false"), (.string(""), "\"\"")])
  func whatIsNeitherNullNorAnIntegerOfTheRangeIsRefused(_ value: JSONValue, text: String) {
    #expect(sentence(["guests": value]) == "guests = \(text): must be an integer from 1 to 12.")
  }

  @Test(arguments: [
    (JSONValue.number(250.1), "250.1"), (.integer(-1), "-1"), (.number(-1e-300), "-1e-300"), (.bool(true), "true"),
    (.string("hot"), "\"hot\""), (.null, "null"), (.number(.nan), "nan"), (.number(.infinity), "inf"),
    (.array([]), "[]"),
    (.object([:]), "{}"),
  ]) func whatIsNoNumberOfTheRangeIsRefused(_ value: JSONValue, text: String) {
    #expect(sentence(["heat": value]) == "heat = \(text): must be a number from 0.0 to 250.0.")
  }

  @Test(arguments: [(JSONValue.integer(0), "0"), (.number(0.0), "0.0"), (.number(1.5), "1.5"), (.integer(-3), "-3")])
  func anOpenBoundIsNotPartOfTheRange(_ value: JSONValue, text: String) {
    #expect(sentence(["share": value]) == "share = \(text): must be a number above 0.0 and at most 1.0.")
  }

  @Test func anUnknownChoiceIsNamedWithAllKnownOnes() {
    #expect(
      sentence(["wall": .string("dark-blue")])
        == "wall = \"dark-blue\": must be one of red, green, dark_blue (did you mean dark_blue?).")
    #expect(
      sentence(["wall": .string("ultramarine")]) == "wall = \"ultramarine\": must be one of red, green, dark_blue.")
    #expect(sentence(["wall": .integer(1)]) == "wall = 1: must be one of red, green, dark_blue.")
    #expect(sentence(["wall": .null]) == "wall = null: must be one of red, green, dark_blue.")
  }

  @Test func anUnknownNameIsNamedWithAllKnownOnes() {
    #expect(sentence(["cook": .string("ana")]) == "cook = \"ana\": must be one of anna, bruno (did you mean anna?).")
    #expect(sentence(["cook": .bool(true)]) == "cook = true: must be one of anna, bruno.")
  }

  @Test func aListOfTheWrongLengthIsRefused() {
    #expect(sentence(["shelves": .array([])]) == "shelves = []: must be a list of 1 to 3 elements.")
    #expect(
      sentence(["shelves": .array([1, 2, 3, 4].map(JSONValue.integer))])
        == "shelves = [1, 2, 3, 4]: must be a list of 1 to 3 elements.")
    #expect(sentence(["shelves": .integer(3)]) == "shelves = 3: must be a list of 1 to 3 elements.")
    #expect(sentence(["tiles": .string("red")]) == "tiles = \"red\": must be a list of 1 to 2 elements.")
  }

  @Test func aWrongElementIsNamedByItsPlace() {
    #expect(
      sentence(["shelves": .array([.integer(1), .integer(10)])]) == "shelves[1] = 10: must be an integer from 0 to 9.")
    #expect(
      sentence(["shelves": .array([.number(1.5)])]) == "shelves[0] = 1.5: must be an integer from 0 to 9.")
    #expect(
      sentence(["tiles": .array([.string("red"), .string("gren")])])
        == "tiles[1] = \"gren\": must be one of red, green, dark_blue (did you mean green?).")
  }

  @Test func weightsMustBeAMapOrNull() {
    #expect(sentence(["mix": .string("flour")]) == "mix = \"flour\": must map names to weights, or be null.")
    #expect(sentence(["mix": .array([])]) == "mix = []: must map names to weights, or be null.")
  }

  @Test func weightsOfUnknownNamesAreRefused() {
    #expect(
      sentence(["mix": .object(["flur": .integer(1)])])
        == "a name in mix = \"flur\": must be one of flour, salt, water (did you mean flour?).")
  }

  @Test(arguments: [
    (JSONValue.integer(-1), "-1"), (.bool(true), "true"), (.string("1"), "\"1\""), (.null, "null"),
    (.number(.infinity), "inf"), (.number(.nan), "nan"),
  ]) func aWeightThatIsNoneIsRefused(_ value: JSONValue, text: String) {
    let mix = JSONValue.object(["flour": .integer(1), "salt": value])
    #expect(sentence(["mix": mix]) == "mix.salt = \(text): must be a finite number >= 0.")
  }

  @Test func weightsWithoutAPositiveSumAreRefused() {
    #expect(sentence(["mix": .object([:])]) == "mix = {}: must have a positive, finite sum.")
    #expect(
      sentence(["mix": .object(["flour": .integer(0), "salt": .number(0)])])
        == "mix = {flour: 0, salt: 0.0}: must have a positive, finite sum.")
    let huge = JSONValue.number(.greatestFiniteMagnitude)
    #expect(
      sentence(["mix": .object(["flour": huge, "salt": huge])])?.hasSuffix("must have a positive, finite sum.") == true)
  }

  @Test func longValuesAreCutInTheSentence() {
    let text = sentence(["cook": .string(String(repeating: "a", count: 1000))])
    #expect(text == "cook = \"" + String(repeating: "a", count: 60) + "…\": must be one of anna, bruno.")
    let list = sentence(["shelves": .array((0..<100).map(JSONValue.integer))])
    #expect(list == "shelves = [0, 1, 2, 3, 4, 5, 6, 7, …]: must be a list of 1 to 3 elements.")
    let members = Dictionary(uniqueKeysWithValues: (10..<30).map { ("k\($0)", JSONValue.null) })
    let start = "k10: null, k11: null, k12: null, k13: null, k14: null, k15: null, k16: null, k17: null, …}"
    #expect(sentence(["heat": .object(members)]) == "heat = {\(start): must be a number from 0.0 to 250.0.")
  }
}
