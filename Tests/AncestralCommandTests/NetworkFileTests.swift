import Foundation
import Testing

/// Known networks as the argument FAMILY.
@Suite struct NetworkFileTests {
  private let bif = """
    variable rain { type discrete [ 2 ] { yes, no }; }
    variable wet { type discrete [ 3 ] { yes, damp, no }; }
    probability ( rain ) { table 0.25, 0.75; }
    probability ( wet | rain ) { (yes) 1.0, 0.0, 0.0; (no) 0.25, 0.25, 0.5; }
    """
  private let gaussian = """
    {"nodes": ["x", "y"], "cpds": {"x": {"coefficients": {"(Intercept)": [1]}, "variance": [4], "parents": []},
     "y": {"coefficients": {"(Intercept)": [0], "x": [0.5]}, "variance": [1], "parents": ["x"]}}}
    """

  @Test func networksAreDescribedByTheirNames() throws {
    let tool = try Tool()
    try tool.write(bif, "garden.bif")
    let told = try tool("describe", "garden.bif", "--tasks", "0")
    #expect(told.status == 0, "\(told)")
    #expect(told.output.hasPrefix("X0 rain: yes, no\nX1 wet: yes, damp, no\nfingerprint: "))
    #expect(told.output.contains("X1 = table(X0, noise)"))
    try tool.write(gaussian, "line.json")
    let line = try tool("describe", "line.json", "--tasks", "0")
    #expect(line.output.hasPrefix("X0 x: linear-Gaussian\nX1 y: linear-Gaussian\nfingerprint: "))
    // With statistics, which other families have too.
    let counted = try tool("describe", "garden.bif", "--tasks", "20", "--rows", "50")
    #expect(counted.status == 0 && counted.output.contains("Over 20 tasks"), "\(counted)")
  }

  @Test func setsOfNetworksAreWrittenAndVerified() throws {
    let tool = try Tool()
    try tool.write(bif, "garden.bif")
    let written = try tool("sample", "garden.bif", "--tasks", "3", "--rows", "20", "--out", "tasks.safetensors")
    #expect(written.status == 0, "\(written)")
    let verified = try tool("verify", "tasks.safetensors")
    #expect(verified.status == 0 && verified.output.contains("all is as it was written"), "\(verified)")
  }

  @Test func faultsAreToldWithTheirLine() throws {
    let tool = try Tool()
    try tool.write(bif.replacing("0.25, 0.75", with: "0.25, 0.5"), "garden.bif")
    try tool.expectRefusal("describe", "garden.bif", saying: "line 3: table of rain = a row of sum 0.75: must sum to 1")
    try tool.write(gaussian.replacing("[4]", with: "[-4]"), "line.json")
    try tool.expectRefusal("describe", "line.json", saying: "cpds.x.variance = -4.0: must be a finite number >= 0")
    try tool.expectRefusal("describe", "none.bif", saying: "can't be read")
    try tool.write(bif, "garden.bif.gz")
    try tool.expectRefusal("describe", "garden.bif.gz", saying: "unpack it first, as gunzip does")
  }
}
