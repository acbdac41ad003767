public import SCMBase

/// Which rows come to be seen: a row is kept where α + β s + η > 0, with s the standardised sum of some of its values, each drawn with a
/// random sign, and η standard normal; where not, it is drawn again, from noise of its own. Rows under an intervention are an
/// experiment's, and all kept.
///
/// Source: Hernán, Hernández-Díaz, Robins, "A structural approach to selection bias", Epidemiology 15 (2004).
public struct Selection: Configurable {
  public var kept = 0.5
  public var slope = 1.0
  public var causes = 1

  public init() {}

  public var fields: [Field<Self>] {
    [
      .number(
        "kept", \.kept, in: .from(0.02, to: 0.999),
        "Probability that a row is kept: exact where all mechanisms are linear and the noise is Gaussian, else by calibration rows."
      ),
      .number("slope", \.slope, in: .from(-100, to: 100), "Weight β of the score."),
      .integer("causes", \.causes, in: 1...16, "Variables in the score, hidden ones too, or as many as there are."),
    ]
  }
}
