// Treatment and outcome, and what they would have been.
extension Output {
  static let potentialOutcomes: [Output] = [
    rows("T", "The treatment of the context rows: 0 or 1, or a value.", .treatment, .treatment) { _, _ in [.rows] },
    rows("Y", "The outcome of the context rows.", .outcome, .outcome) { _, _ in [.rows] },
    rows(
      "X_query", "The covariates of the rows that are asked about, under the treatment of T_query.", .columns, .xQuery
    ) { _, s in
      asked(s, [.query, .covariates])
    },
    rows("T_query", "Their treatment.", .treatment, .treatmentQuery) { _, s in asked(s, [.query]) },
    rows("Y_query", "Their outcome under it.", .outcome, .outcomeQuery) { _, s in asked(s, [.query]) },
    Output(
      "covariate_mask", .bool, "Whether there is such a covariate; columns of X past their number are 0.",
      axes: { design, _ in design.effects == nil ? nil : [.covariates] },
      source: .experiment { experiment, _, array in
        array.setFlags(experiment.roles?.covariates.count ?? 0)
      }),
    rows("y0", "The outcome of the same unit, the same noise, untreated.", .outcome, .y0) { arm($0, $1) },
    rows("y1", "The outcome of the same unit, the same noise, treated.", .outcome, .y1) { arm($0, $1) },
    rows("mu0", "E[Y(0)] given all that are no descendants of the treatment.", .outcome, .mu0) { arm($0, $1) },
    rows("mu1", "E[Y(1)] given all that are no descendants of the treatment.", .outcome, .mu1) { arm($0, $1) },
    rows("mu0_se", "Standard error of mu0; 0 where it is exact.", .effect, .mu0Error) { arm($0, $1) },
    rows("mu1_se", "Standard error of mu1; 0 where it is exact.", .effect, .mu1Error) { arm($0, $1) },
    rows("y_at", "The outcome of the same unit at each value of the grid.", .outcome, .yAt) { dose($0, $1) },
    rows("mu_at", "E[Y(t)] at each value of the grid, given all that are no descendants.", .outcome, .muAt) {
      dose($0, $1)
    },
    rows("mu_at_se", "Standard errors of mu_at.", .effect, .muAtError) { dose($0, $1) },
    truth("grid", "The values of the treatment at which outcomes are told.", .treatment) { experiment, array in
      for (g, value) in (experiment.roles?.arms ?? []).enumerated() { array[float: g] = value }
    },
    truth("dose_response", "The population's mean outcome at each value of the grid.", .outcome) { experiment, array in
      for (g, mean) in (experiment.population?.means ?? []).enumerated() { array[float: g] = Float(mean) }
    },
    truth("dose_response_se", "Standard errors of dose_response.", .effect) { experiment, array in
      for (g, error) in (experiment.population?.errors ?? []).enumerated() { array[float: g] = Float(error) }
    },
    truth("ate", "The population's mean of Y(1) - Y(0).", .effect, binary: true) { experiment, array in
      array[float: 0] = Float(experiment.population?.effect ?? 0)
    },
    truth("ate_se", "Standard error of ate; 0 where it is exact.", .effect, binary: true) { experiment, array in
      array[float: 0] = Float(experiment.population?.effectError ?? 0)
    },
    rows(
      "propensity",
      "P(T = 1) given the treatment's parents, of the context rows, under treatment_kind probit or logistic.",
      .none, .propensity
    ) {
      design, s in
      design.effects?.hasScore == true ? [.rows] : nil
    },
    Output(
      "roles", .int8,
      "What each shown variable is: 0 none, 1 covariate, 2 treatment, 3 outcome, 4 instrument, 5 mediator; the last two are always among the covariates too.",
      axes: { design, _ in design.effects == nil ? nil : [.variables] },
      source: .experiment { experiment, _, array in
        guard let roles = experiment.roles else { return }
        let columns = experiment.columns
        for node in roles.covariates { array[int8: columns[node]] = 1 }
        array[int8: columns[roles.treatment]] = 2
        array[int8: columns[roles.outcome]] = 3
        if let node = roles.instrument, columns[node] >= 0 { array[int8: columns[node]] = 4 }
        if let node = roles.mediator, columns[node] >= 0 { array[int8: columns[node]] = 5 }
      }),
  ]

  /// An output of effects that is filled with the rows.
  private static func rows(
    _ name: String, _ meaning: String, _ scale: Scale, _ row: RowOutput,
    axes: @escaping @Sendable (Design, LayoutSizes) -> [Axis]?
  ) -> Output {
    Output(
      name, .float32, meaning, scale: { $0.scale(scale) }, axes: { $0.effects == nil ? nil : axes($0, $1) },
      source: .rows(row))
  }

  /// Numbers of effects that hold for the whole task: of a binary treatment one, of another one for each value of the grid.
  private static func truth(
    _ name: String, _ meaning: String, _ scale: Scale, binary: Bool = false,
    write: @escaping @Sendable (Experiment, OutputArray) -> Void
  ) -> Output {
    Output(
      name, .float32, meaning, scale: { $0.scale(scale) },
      axes: { design, _ in design.effects?.isBinary == binary ? (binary ? [] : [.doses]) : nil },
      source: .experiment { experiment, _, array in write(experiment, array) })
  }

  private static func asked(_ sizes: LayoutSizes, _ axes: [Axis]) -> [Axis]? { sizes.query > 0 ? axes : nil }
  private static func arm(_ design: Design, _ sizes: LayoutSizes) -> [Axis]? {
    design.effects?.isBinary == true ? asked(sizes, [.query]) : nil
  }
  private static func dose(_ design: Design, _ sizes: LayoutSizes) -> [Axis]? {
    design.effects?.isBinary == false ? asked(sizes, [.query, .doses]) : nil
  }
}

extension Design {
  /// The scale of numbers that are on a treatment's scale, or another: zeros and ones are on none.
  fileprivate func scale(_ scale: Output.Scale) -> Output.Scale {
    scale == .treatment && effects?.isBinary == true ? .none : scale
  }
}
