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
    var (trainingTasks, threads) = (1000, 1)
    var reader = FieldReader(members)
    try reader.integer("training_tasks", &trainingTasks, in: 0...100_000_000, "")
    try reader.integer("threads", &threads, in: 1...1024, "")
    try reader.finish()
    let flag = CancelFlag(flag: cancel)
    let faults = try Verification.faults(
      at: path, configs: configs == .null ? nil : configs, trainingTasks: trainingTasks, threads: threads,
      isCancelled: { flag.isRaised })
    return write(JSONValue.array(faults.map { .string($0) }).text, to: out, capacity, needed)
  }
}
