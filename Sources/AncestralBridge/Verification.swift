import Ancestral
public import CAncestral
import SCMBase

private struct VerificationOptions: Configurable {
  var trainingTasks = 1000
  var threads = 1

  var fields: [Field<Self>] {
    [
      .integer("training_tasks", \.trainingTasks, in: 0...100_000_000, "Tasks of the training stream to replay."),
      .integer("threads", \.threads, in: Limits.threads, "Threads that compute tasks."),
    ]
  }
}

@c @implementation
public func anc_verify(
  _ path: UnsafePointer<CChar>?, _ options: UnsafePointer<CChar>?,
  _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  guarded {
    let path = String(cString: try required(path, "path"))
    var members = try JSONValue.object(in: String(cString: try required(options, "options")))
    let configs = members.removeValue(forKey: "configs") ?? .null
    let checked = members.removeValue(forKey: "checked") ?? .array([])
    guard let names = checked.texts else {
      throw ConfigError(path: "checked", value: "\(checked)", reason: "must be a list of names")
    }
    var options = VerificationOptions()
    try options.read(members)
    let report = try Verification.report(
      at: path, configs: configs == .null ? nil : configs, trainingTasks: options.trainingTasks, checked: Set(names),
      threads: options.threads,
      isCancelled: { Interruption.isRequested })
    let found: [String: JSONValue] = [
      "faults": .array(report.faults.map { .string($0.description) }),
      "unproved": .array(report.unproved.map { .string($0.description) }),
    ]
    return write(JSONValue.object(found).text, to: out, capacity, needed)
  }
}
