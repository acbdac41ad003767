import CAncestral
import SCMRandom
import Testing

/// Whatever a program passes, a status comes back: no trap, no text that is not one sentence.
@Suite struct FuzzTests {
  private static let fields = [
    "n_nodes", "n_nodes_max", "graph", "sparsity_param", "mechanism_proportions", "noise_type",
    "noise_degrees_of_freedom", "standardization", "root_policy", "calibration_rows", "mlp_hidden", "mlp_slope",
    "mlp_init", "gpcde_features", "gpcde_kernels", "gpcde_length_location", "gpcde_length_second", "gpcde_length_min",
    "linear_weights", "linear_weight_scale", "linear_weight_min", "linear_weight_max", "noise_variance_shape",
    "noise_variance_scale", "scale_free_orientation", "stochastic_block_count", "stochastic_block_ratio", "seed", "",
  ]
  private static let values = [
    "0", "1", "2", "3", "5", "-1", "0.5", "1e300", "1e-300", "1e400", "-0", "1000000", "9223372036854775807",
    "9223372036854775808", "null", "true", "\"\"", "\"linear\"", "\"scale_free\"", "\"uniform_dag\"",
    "\"stochastic_block\"", "\"cauchy\"",
    "\"student_t\"", "\"internal\"", "\"inputs\"", "\"noise\"", "\"torch\"", "\"signed_uniform\"", "\"random\"",
    "\"\\u0000\\ud800\"", "\"é\"", "[]", "[1, 2]", "[0]", "[{\"family\": {}}]",
    "[{\"family\": {\"n_nodes\": 3}, \"weight\": 0}]", "[\"rbf\"]", "[[[[[]]]]]", "{}", "{\"linear\": 1}",
    "{\"mlp\": 1, \"gpcde\": 1e-9}", "{\"mlp\": -1}", "{\"linear\": null}", "NaN", "Infinity", "[", "\"",
  ]

  /// A source of choices that is the same in every run.
  private struct Choices {
    private var words: WordSequence

    init(_ seed: UInt64) { words = TaskKey(seed: seed).words(purpose: .user) }

    mutating func below(_ count: Int) -> Int { words.next(below: count) }
    mutating func of<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    mutating func json() -> String {
      let members = (0..<below(5)).map { _ in "\"\(of(FuzzTests.fields))\": \(of(FuzzTests.values))" }
      var text = "{" + members.joined(separator: ", ") + "}"
      // Now and then a letter is lost or doubled.
      if below(8) == 0, !text.isEmpty {
        let place = text.index(text.startIndex, offsetBy: below(text.count))
        if below(2) == 0 { text.remove(at: place) } else { text.insert(text[place], at: place) }
      }
      return text
    }

    mutating func size() -> Int { of([0, 1, 2, 3, 7, 2048, 2049, 1 << 34, 1 << 40, 1 << 62, .max, .min, -1]) }
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func anyConfigurationIsAFamilyOrASentence(seed: UInt64) throws {
    var choices = Choices(seed)
    var made = 0
    for step in 0..<6250 {
      let json = choices.json()
      var family: OpaquePointer?
      let status = anc_family_create(json, &family)
      guard status == ANC_OK else {
        #expect(family == nil)
        expectError(status)
        continue
      }
      made += 1
      defer { _ = anc_family_free(family) }
      // Every tenth family draws a task too: rows or a sentence.
      guard step % 10 == 0 else { continue }
      let width = try Family.maxNodes(family)
      guard width <= 20 else { continue }
      var x = [Float](repeating: 0, count: 3 * width)
      var (task, progress) = (seed, Int64(0))
      var filled = ANC_MORE
      while filled == ANC_MORE {
        filled = anc_tasks_fill(family, nil, &task, 1, 3, 0, 1, &progress, &x, nil, nil, nil, nil)
      }
      if filled == ANC_OK {
        let isFinite = x.allSatisfy { $0.isFinite }
        #expect(isFinite, "\(json)")
      } else {
        expectError(filled, ANC_ERROR_ENGINE)
      }
    }
    #expect(made > 200)
  }

  /// Foundation's decoder trapped where a text ended with its 513th open list.
  @Test(arguments: ["[", "{\"n_nodes\": ", "{\"a\":["])
  func openListsOfAnyDepthAreASentence(opening: String) {
    for depth in Array(1...600) + [100_000] {
      var family: OpaquePointer?
      expectError(anc_family_create(String(repeating: opening, count: depth), &family))
      #expect(family == nil)
    }
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func anyArgumentsGiveAStatus(seed: UInt64) throws {
    let family = try Family(#"{"n_nodes": 3, "sparsity_param": 1}"#)
    let instance = try Instance(family, seed: 1)
    var choices = Choices(100 + seed)
    for _ in 0..<12_500 {
      let f = choices.of([family.handle, nil])
      let i = choices.of([instance.handle, nil])
      // Memory for the honest sizes; where a size may be larger, none is given, and the call must say so.
      var memory = [Float](repeating: 0, count: 64)
      var (done, needed, status) = (choices.of([0, 1, -1, .max]), 0, ANC_OK)
      var (handle, task, word, progress): (OpaquePointer?, UInt64, UInt8, Int64) = (nil, 1, 0, Int64(choices.size()))
      let (size, other, threads) = (choices.size(), choices.size(), choices.of([0, 1, 3, 1025, .max, .min]))
      switch choices.below(12) {
      case 0: status = anc_tasks_fill(f, nil, nil, size, other, 0, threads, &progress, nil, nil, nil, nil, nil)
      case 1: status = anc_tasks_fill(f, nil, &task, 1, other, 0, threads, &progress, nil, nil, nil, nil, nil)
      case 2: status = anc_noise_fill(f, 0, size, UInt64(bitPattern: Int64(other)), choices.size(), 0, nil)
      case 3:
        status = anc_instance_create(f, 0, &word, choices.of([1, 0, -1, .max]), &handle)
        _ = anc_instance_free(handle)
      case 4: status = anc_instance_sample(i, UInt64(bitPattern: Int64(other)), size, 0, threads, &done, nil, nil)
      case 5:
        status = anc_instance_sample(
          i, UInt64(bitPattern: Int64(other)), choices.below(8), 0, threads, &done, &memory, nil)
      case 6: status = anc_instance_parameters(i, nil, size)
      case 7: status = anc_instance_describe(i, Int32(truncatingIfNeeded: other), nil, size, &needed)
      case 8: status = anc_graph_order(nil, size, nil)
      case 9: status = anc_graph_hash(&word, choices.of([1, 0, -1, .max]), Int32(truncatingIfNeeded: other), nil)
      case 10:
        status = anc_reserved_create(nil, size, Int32(truncatingIfNeeded: other), &handle)
        _ = anc_reserved_free(handle)
      default: status = anc_stream_seeds(task, Int64(size), Int64(other), task, choices.size(), nil)
      }
      #expect((ANC_OK...ANC_ERROR_ENGINE).contains(status))
      if status >= ANC_ERROR_CONFIG { expectError(status, status) }
    }
  }
}
