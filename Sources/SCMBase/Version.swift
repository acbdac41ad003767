/// The version of the engine, as in the CHANGELOG.
public let ancestralVersion = "0.1.0"
