import Ancestral
public import CAncestral

@c @implementation
public func anc_verify(
  _ path: UnsafePointer<CChar>?, _ options: UnsafePointer<CChar>?, _ cancel: UnsafePointer<Int32>?,
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
    var (trainingTasks, threads) = (1000, 1)
    var reader = FieldReader(members)
    try reader.integer("training_tasks", &trainingTasks, in: 0...100_000_000, "")
    try reader.integer("threads", &threads, in: 1...1024, "")
    try reader.finish()
    let flag = CancelFlag(flag: cancel)
    let report = try Verification.report(
      at: path, configs: configs == .null ? nil : configs, trainingTasks: trainingTasks, checked: Set(names),
      threads: threads,
      isCancelled: { flag.isRaised })
    let found: [String: JSONValue] = [
      "faults": .array(report.faults.map { .string($0) }), "unproved": .array(report.unproved.map { .string($0) }),
    ]
    return write(JSONValue.object(found).text, to: out, capacity, needed)
  }
}
