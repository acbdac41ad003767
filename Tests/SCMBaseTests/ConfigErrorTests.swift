import SCMBase
import Testing

/// Errors are sentences.
struct ConfigErrorTests {
  @Test func anErrorNamesFieldValueAndWhatIsRight() {
    let error = ConfigError(path: "n_nodes", value: "0", reason: "must be an integer from 1 to 2048")
    #expect(error.description == "n_nodes = 0: must be an integer from 1 to 2048.")
    #expect("\(error)" == error.description)
  }
}
