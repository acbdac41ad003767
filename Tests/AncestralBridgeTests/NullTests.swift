import CAncestral
import Testing

/// A caller's NULL is an error in words, whatever the place; it never ends the process.
@Suite struct NullTests {
  private func expectNamed(_ status: anc_status, _ name: String) {
    #expect(status == ANC_ERROR_CONFIG)
    #expect(lastError() == "\(name) = NULL: must be a valid pointer.")
  }

  @Test func placesForResultsAreChecked() throws {
    expectNamed(anc_version(nil, 0, nil), "needed")
    expectNamed(anc_schema(nil, 0, nil), "needed")
    expectNamed(anc_presets(nil, 0, nil), "needed")
    expectNamed(anc_family_create("{}", nil), "out")
    expectNamed(anc_retry_seed(nil, 1, 1, nil), "out")
    expectNamed(anc_reserved_create(nil, 0, 0, nil), "out")
    let family = try Family("{}")
    expectNamed(anc_family_config(family.handle, nil, 0, nil), "needed")
    expectNamed(anc_family_fingerprint(family.handle, nil, 0, nil), "needed")
    expectNamed(anc_family_describe(family.handle, nil, 0, nil), "needed")
    expectNamed(anc_instance_create(family.handle, 1, nil, 0, nil), "out")
    expectNamed(anc_family_components(family.handle, nil, 2, nil), "seeds")
    var seed: UInt64 = 1
    expectNamed(anc_family_components(family.handle, &seed, 1, nil), "out")
  }

  @Test func handlesAreChecked() {
    var needed = 0
    expectNamed(anc_family_describe(nil, nil, 0, &needed), "family")
    expectNamed(anc_instance_describe(nil, 0, nil, 0, &needed), "instance")
  }

  @Test func aMixturesComponentsAreThoseOfItsInstances() throws {
    let family = try Family(
      #"{"mixture": [{"family": {"n_nodes": 3, "sparsity_param": 1}}, {"family": {"n_nodes": 5}}]}"#)
    let seeds = (0..<40).map { UInt64($0) }
    var found = [Int32](repeating: -1, count: 40)
    try succeed(anc_family_components(family.handle, seeds, 40, &found))
    for (seed, component) in zip(seeds, found) {
      var instance: OpaquePointer?
      try succeed(anc_instance_create(family.handle, seed, nil, 0, &instance))
      #expect(try Instance.nodeCount(instance) == (component == 0 ? 3 : 5))
      try succeed(anc_instance_free(instance))
    }
    #expect(Set(found) == [0, 1])
  }
}
